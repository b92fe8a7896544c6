public import HTTPClient
public import Repositories

/// The interface of GitHub's that is asked. Each has limits of its own.
public enum Resource: String, Sendable, CaseIterable {
  case search, graphQL
  /// Single repositories, and all else of the REST interface.
  case core
}

/// An answer of GitHub's with what its head says about limits.
public struct Answer: Sendable {
  public let url: String
  public let status: Int
  public let body: [UInt8]
  public let etag: String?
  public let received: Timestamp
  /// Requests left of the hour's or minute's; nil where GitHub does not say.
  public let remaining: Int?
  /// Seconds until there are new ones, by GitHub's clock: that of this machine may be wrong.
  public let secondsToReset: Double?
  /// Seconds that GitHub wants nobody to come back for.
  public let retryAfter: Double?

  public init(_ response: HTTPResponse, received: Timestamp) {
    url = response.url
    status = response.status
    body = response.body
    etag = response.headers["etag"]
    self.received = received
    remaining = response.headers["x-ratelimit-remaining"].flatMap { Int($0) }
    let there = response.headers["date"].flatMap { Timestamp(httpDate: $0) } ?? received
    secondsToReset = response.headers["x-ratelimit-reset"].flatMap { Double($0) }.map {
      bounded($0 - there.secondsSince1970)
    }
    retryAfter = response.headers["retry-after"].flatMap { text in
      Double(text).map(bounded)
        ?? Timestamp(httpDate: text).map { bounded($0.secondsSince1970 - there.secondsSince1970) }
    }
  }
}

/// Not negative, and no longer than any wait that is worth showing: headers may hold anything.
private func bounded(_ seconds: Double) -> Double {
  seconds.isNaN ? 0 : min(max(0, seconds), 1e7)
}

extension Timestamp {
  /// Reads the form that HTTP uses: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
  internal init?(httpDate text: String) {
    let parts = text.split(separator: " ")
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else { return nil }
    self.init(iso8601: "\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])T\(parts[4])Z")
  }
}
