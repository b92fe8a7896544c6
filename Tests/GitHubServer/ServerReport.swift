/// What the server has seen.
package struct ServerReport: Sendable, Codable {
  package struct Record: Sendable, Codable {
    /// Seconds since 1970 on the server's clock.
    package var time: Double
    package var method: String
    package var target: String
    package var status: Int
    package var fault: Fault?
    package var isAuthorized: Bool
  }

  package var requests = 0
  package var searches = 0
  package var queries = 0
  /// Answers 304.
  package var notModified = 0
  package var faults: [String: Int] = [:]
  /// What GitHub forbids and the client did; empty is good.
  package var violations: [String] = []
  /// The first hundred thousand requests.
  package var records: [Record] = []
}
