import Extraction
import Foundation
import GitHubServer
import HTTPClient
import Repositories
import TestSupport
import Testing

/// GraphQL answers with data and errors: what failed is asked for again, and never taken for deleted.
@Suite struct DetailsFaultTests {
  private static func laboratory(_ fault: Fault, share: Double = 1, inARow: Int = 3) throws -> Laboratory {
    var laboratory = try Laboratory {
      $0.population.count = 200
      $0.population.missingPerThousand = 0
      $0.population.blockedPerThousand = 0
      $0.clockScale = 1_500
      $0.limits = .none
      $0.faults = FaultPlan(fault)
      $0.faults.share = share
      $0.faults.inARow = inARow
    }
    laboratory.settings.asksDetails = true
    return laboratory
  }

  private static let faultless = Result { () throws -> String in
    let laboratory = try Self.laboratory(.partialNodes, share: 0)
    try laboratory.extract()
    return try laboratory.snapshot().sha256
  }

  @Test(arguments: [Fault.partialNodes, .failedField, .nodesNull])
  func whatFailedIsAskedForAgain(fault: Fault) throws {
    let laboratory = try Self.laboratory(fault)
    let report = try laboratory.extract()
    #expect(report.details?.done == report.found && report.details?.gone == 0 && report.missed == 0, "\(report)")
    #expect(try laboratory.snapshot().sha256 == Self.faultless.get(), "a field that failed became a value")
  }

  /// A repository that GitHub never shows is missed with its words, and the next run asks again.
  @Test func whatIsForbiddenIsMissed() throws {
    let laboratory = try Self.laboratory(.forbiddenNodes, inARow: .max)
    let report = try laboratory.extract()
    let details = try #require(report.details)
    #expect(details.gone == 0 && details.missed >= 10 && details.done + details.missed == report.found)
    #expect(report.missed == details.missed)
    #expect(
      report.detailsReasons.first?.reason.contains("SAML") == true && report.detailsReasons[0].count == details.missed)
    let requests = laboratory.server.report.queries
    #expect(requests < 150, "\(requests) requests for 200 repositories")
    #expect(try laboratory.extract().details?.missed == details.missed)
    #expect(laboratory.server.report.queries > requests)
  }

  /// What never comes is not asked for without end.
  @Test func whatNeverComesIsMissedAfterSomeTries() throws {
    var laboratory = try Self.laboratory(.partialNodes, inARow: .max)
    laboratory.settings.wanted = 3
    let report = try laboratory.extract()
    #expect(report.details?.missed ?? 0 >= 1 && report.details?.gone == 0)
    #expect(report.detailsReasons.first?.reason.contains("Resource limits") == true)
  }

  @Test(arguments: [Fault.forbidden, .insufficientScopes])
  func aRefusalOfTheQueryEndsItAtOnce(fault: Fault) throws {
    let laboratory = try Self.laboratory(fault, inARow: .max)
    let error = try #require(throws: ExtractionError.self) { try laboratory.extract() }
    #expect(error.code == .noPermission && error.description.contains("GitHub's GraphQL says"), "\(error)")
    #expect(laboratory.server.report.queries == 1)
  }

  /// Once in the middle of a run; at its beginning the token is wrong.
  @Test func aTokenIsDoubtedOnce() throws {
    var laboratory = try Laboratory {
      $0.population.count = 400
      $0.limits = .none
      $0.clockScale = 1_500
      $0.faults = FaultPlan(.unauthorized)
      $0.faults.inARow = 1
      $0.faults.after = 2
    }
    laboratory.settings.wanted = 300
    let report = try laboratory.extract()
    #expect(report.missed == 0 && laboratory.server.report.faults["unauthorized"] ?? 0 > 0)
    #expect(laboratory.listener.waits.contains { $0.reason.contains("401") })
    let wrong = try Laboratory { $0.faults = FaultPlan(.unauthorized) }
    #expect(throws: ExtractionError.self) { try wrong.extract() }
    #expect(wrong.server.report.requests == 1)
  }

  /// What was sent before an error was sent.
  @Test func requestsBeforeAnErrorAreCounted() throws {
    var laboratory = try Self.laboratory(.forbidden, inARow: 1)
    laboratory.settings.wanted = 40
    #expect(throws: ExtractionError.self) { try laboratory.extract() }
    let report = try laboratory.extract()
    #expect(report.requests == laboratory.server.report.requests)
  }

  @Test func aRepositoryWithoutNodeIsMissed() throws {
    let clock = JumpingClock()
    let exchange = ScriptedExchange(clock) { request, _ in
      guard request.method == "POST" else {
        return HTTPResponse(
          200,
          body:
            #"{"total_count":2,"incomplete_results":false,"items":[{"id":1,"node_id":"N1","stargazers_count":9},{"id":2,"node_id":null,"stargazers_count":8}]}"#
        )
      }
      return HTTPResponse(200, body: #"{"data":{"nodes":[{"databaseId":1,"watchers":{"totalCount":3}}]}}"#)
    }
    let laboratory = try Laboratory()
    let client = GitHubClient(
      exchange: exchange, token: try Token("ghp_0123456789", from: "test"), settings: .init(), clock: clock,
      observer: nil)
    var settings = Extractor.Settings()
    settings.asksDetails = true
    let store = try Store(writing: laboratory.folder.path("n.sqlite"))
    let report = try Extractor(store: store, client: client, settings: settings, observer: nil).run()
    #expect(report.details?.done == 1 && report.details?.missed == 1 && report.missed == 1)
    #expect(report.detailsReasons.first?.reason.contains("node_id") == true)
  }
}
