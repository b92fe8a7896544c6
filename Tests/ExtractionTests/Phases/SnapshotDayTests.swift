import Extraction
import HTTPClient
import TestSupport
import Testing

@Suite struct SnapshotDayTests {
  private let clock = JumpingClock()
  private let listener = Listener()
  private static let first = HTTPResponse.search(total: 101, (1...100).map { (id: $0, stars: 1_000 - $0) })
  private static let second = HTTPResponse.search(total: 101, [(id: 101, stars: 60)])

  private func extract(
    to path: String,
    _ answer: @escaping @Sendable (_ request: HTTPRequest, _ number: Int) throws(HTTPError) -> HTTPResponse
  ) throws -> CompletenessReport {
    let client = GitHubClient(
      exchange: ScriptedExchange(clock, answer), token: nil, settings: GitHubClient.Settings(), clock: clock,
      observer: listener)
    let store = try Store(writing: path)
    return try Extractor(store: store, client: client, settings: Extractor.Settings(), observer: listener).run()
  }

  /// Stars belong to the day on which they were counted.
  @Test(arguments: [(0, true), (1, true), (2, false)])
  func anInterruptedRunGoesOnUntilTheDayAfter(days: Int, goesOn: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.sqlite")
    #expect(throws: ExtractionError.self) {
      _ = try extract(to: path) { _, number throws(HTTPError) in
        guard number > 0 else { return Self.first }
        throw HTTPError(stage: .cancelled, url: "", reason: "for the test")
      }
    }
    clock.sleep(seconds: Double(days) * 86_400)
    let report = try extract(to: path) { request, _ in request.url.hasSuffix("&page=1") ? Self.first : Self.second }
    #expect(listener.notes.contains { $0.hasPrefix("going on") } == goesOn, "\(listener.notes)")
    #expect(report.found == 101)
  }
}
