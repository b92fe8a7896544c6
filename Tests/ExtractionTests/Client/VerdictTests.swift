import Extraction
import Testing

/// Each kind of answer that GitHub documents.
@Suite struct VerdictTests {
  private func verdict(
    _ status: Int, _ headers: [String: String] = [:], body: String = "{}", _ resource: Resource = .search
  ) -> Verdict {
    Verdict(Answer(status, headers, body: body), from: resource)
  }

  @Test func contentIsContent() {
    #expect(verdict(200) == .content)
    #expect(verdict(304) == .notModified)
    #expect(verdict(200, body: #"{"data":{"nodes":[]}}"#, .graphQL) == .content)
    #expect(
      verdict(200, body: #"{"data":{"nodes":[null]},"errors":[{"type":"NOT_FOUND","message":"no"}]}"#, .graphQL)
        == .content)
  }

  @Test(arguments: [403, 429])
  func aPrimaryLimitLastsUntilItsReset(status: Int) {
    let headers = [
      "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1000000100", "Date": "Sun, 09 Sep 2001 01:46:40 GMT",
    ]
    // The date is 1,000,000,000 seconds since 1970: GitHub's clock counts, not ours.
    guard case .limited(_, let seconds) = verdict(status, headers) else {
      Issue.record("\(verdict(status, headers))")
      return
    }
    #expect(seconds == 101)
  }

  @Test(arguments: [403, 429])
  func aSecondaryLimitMaySayHowLong(status: Int) {
    let body = #"{"message":"You have exceeded a secondary rate limit."}"#
    guard case .limited(_, 90) = verdict(status, ["Retry-After": "90"], body: body) else {
      Issue.record("retry-after is not read")
      return
    }
    guard case .limited(_, nil) = verdict(status, ["x-ratelimit-remaining": "20"], body: body) else {
      Issue.record("a limit without retry-after is not recognized")
      return
    }
  }

  @Test func graphQLSaysLimitsWith200() {
    let body = #"{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}"#
    let headers = [
      "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1000000007", "Date": "Sun, 09 Sep 2001 01:46:40 GMT",
    ]
    guard case .limited(_, 8) = verdict(200, headers, body: body, .graphQL) else {
      Issue.record("\(verdict(200, headers, body: body, .graphQL))")
      return
    }
  }

  @Test func tooMuchAtOnceCanBeAskedInParts() {
    for status in [502, 504] {
      guard case .tooMuch = verdict(status, .graphQL) else {
        Issue.record("GraphQL \(status)")
        continue
      }
      guard case .passing = verdict(status) else {
        Issue.record("search \(status)")
        continue
      }
    }
    let body = #"{"message":"Only the first 1000 search results are available"}"#
    guard case .tooMuch = verdict(422, body: body) else {
      Issue.record("422 of a page too far")
      return
    }
    guard case .tooMuch = verdict(200, body: #"{"data":null,"errors":[{"message":"Something went wrong"}]}"#, .graphQL)
    else {
      Issue.record("a GraphQL error without data")
      return
    }
  }

  private func verdict(_ status: Int, _ resource: Resource) -> Verdict { verdict(status, [:], body: "{}", resource) }

  @Test(arguments: [202, 408, 409, 500, 502, 503, 504])
  func someFaultsPass(status: Int) {
    guard case .passing = verdict(status) else {
      Issue.record("\(status): \(verdict(status))")
      return
    }
  }

  @Test func otherFaultsDoNot() {
    let codes: [(Int, ExtractionError.Code)] = [
      (301, .unavailable), (400, .unavailable), (401, .noPermission), (403, .noPermission), (404, .unavailable),
      (410, .unavailable), (422, .usage), (451, .unavailable),
    ]
    for (status, code) in codes {
      guard case .refused(code, let what, _) = verdict(status, body: #"{"message":"No \u001b[31m way"}"#) else {
        Issue.record("\(status): \(verdict(status))")
        continue
      }
      #expect(!what.contains("\u{1b}"), "control characters reach the terminal")
    }
  }

  @Test func aServerThatSaysWhenIsNotAskedBefore() {
    guard case .limited(_, 30) = verdict(503, ["Retry-After": "30"]) else {
      Issue.record("503 with retry-after")
      return
    }
  }

  /// Headers may hold anything.
  @Test(arguments: ["nan", "inf", "-1e400", "1e400", "", "soon", "99999999999999999999"])
  func senselessHeadersAreBounded(text: String) {
    let answer = Answer(429, ["Retry-After": text, "x-ratelimit-reset": text, "x-ratelimit-remaining": text])
    for seconds in [answer.retryAfter, answer.secondsToReset].compactMap(\.self) {
      #expect((0...1e7).contains(seconds))
    }
  }
}
