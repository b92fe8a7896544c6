import Foundation
import GitHubServer
import HTTPClient
import Testing

@Suite struct JudgeTests {
  private let search = "/search/repositories?q=stars:%3E5&per_page=1"

  @Test func searchesTooSoonAreNoted() throws {
    let conversation = try Conversation { $0.limits = LimitOptions() }
    _ = try conversation.get(search)
    #expect(conversation.server.report.violations == [])
    _ = try conversation.get(search)
    #expect(conversation.server.report.violations.count == 1)
    #expect(conversation.server.report.violations.first?.contains("after another search") == true)
  }

  @Test func searchesAtOnceAreNoted() throws {
    let conversation = try Conversation { $0.latency = .seconds(2) }
    // A thread of its own: tasks of Swift share too few to be sure that both run.
    Thread.detachNewThread { _ = try? conversation.get("/search/repositories?q=stars:5") }
    while conversation.server.report.requests == 0 { Thread.sleep(forTimeInterval: 0.001) }
    _ = try conversation.get(search)
    #expect(conversation.server.report.violations.contains { $0.contains("two searches at once") })
  }

  @Test func requestsDuringAWaitAreNoted() throws {
    let conversation = try Conversation {
      $0.faults = FaultPlan(.secondary403)
      $0.faults.inARow = 1
      $0.faults.wait = 300
      $0.clockScale = 100
    }
    _ = try conversation.get(search)
    _ = try conversation.get("/rate_limit")
    #expect(conversation.server.report.violations == [])
    _ = try conversation.get("/users/nobody")
    #expect(conversation.server.report.violations.count == 1)
    // Five minutes of the server's clock are 3 s.
    Thread.sleep(forTimeInterval: 3.1)
    _ = try conversation.get(search)
    #expect(conversation.server.report.violations.count == 1)
  }

  @Test func theLimitOfAWindowEndsWithIt() throws {
    let conversation = try Conversation {
      $0.limits.search = 3
      $0.limits.searchWindow = 300
      $0.clockScale = 100
    }
    let statuses = try (0..<4).map { _ in try conversation.get(search).status }
    #expect(statuses == [200, 200, 200, 403])
    let refused = try conversation.get("/users/nobody")
    #expect(refused.status == 404)
    Thread.sleep(forTimeInterval: 3.1)
    let next = try conversation.get(search)
    #expect(next.status == 200 && next.headers["x-ratelimit-remaining"] == "2")
    #expect(conversation.server.report.violations == [])
  }

  @Test func theReportIsReadOverHTTP() throws {
    let conversation = try Conversation()
    _ = try conversation.get(search)
    let report = try JSONDecoder().decode(ServerReport.self, from: Data(conversation.get("/_test/report").body))
    #expect(report.requests == 1 && report.searches == 1 && report.records.first?.status == 200)
    #expect(report.records.first?.isAuthorized == true)
  }
}
