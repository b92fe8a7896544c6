import Extraction
import Foundation
import GitHubServer
import Testing

/// Faults by a seeded plan: whatever comes, the store has in the end what it has without them.
@Suite struct FaultTests {
  fileprivate static func laboratory(seed: UInt64? = nil) throws -> Laboratory {
    var laboratory = try Laboratory {
      $0.population.count = 1_300
      $0.clockScale = 1_500
      guard let seed else { return }
      $0.faults.seed = seed
      $0.faults.share = 0.35
      $0.faults.silence = 0.02
    }
    laboratory.settings.wanted = nil
    laboratory.settings.asksDetails = true
    return laboratory
  }

  private static let faultless = Result { () throws -> String in
    let laboratory = try Self.laboratory()
    try laboratory.extract()
    return try laboratory.snapshot().sha256
  }

  /// `LEARNERS_FAULT_SEEDS=100` tries a hundred.
  fileprivate static let seeds =
    1...(ProcessInfo.processInfo.environment["LEARNERS_FAULT_SEEDS"].flatMap(UInt64.init) ?? 8)

  @Test(arguments: seeds)
  func faultsChangeNothing(seed: UInt64) throws {
    let laboratory = try Self.laboratory(seed: seed)
    let report = try laboratory.extract()
    #expect(report.missed == 0)
    #expect(try laboratory.snapshot().sha256 == Self.faultless.get())
    let seen = laboratory.server.report
    #expect(seen.violations.isEmpty, "\(seen.violations.prefix(3))")
    #expect(!seen.faults.isEmpty)
  }

  /// Each ordinary fault alone, three times in a row for every request of a small extraction.
  @Test(arguments: Fault.ordinary)
  func eachFaultPasses(fault: Fault) throws {
    var laboratory = try Laboratory {
      $0.population.count = 60
      $0.clockScale = 1_500
      $0.faults.kinds = [fault]
      $0.faults.share = 1
      $0.faults.silence = 0.02
    }
    laboratory.settings.asksDetails = true
    let report = try laboratory.extract()
    #expect(report.missed == 0 && report.details?.missed == 0, "\(fault)")
    #expect(report.details?.done == report.found)
    #expect(laboratory.server.report.violations.isEmpty, "\(laboratory.server.report.violations.prefix(3))")
  }

  /// A search that never ends in time is narrowed, and what cannot be had is said.
  @Test func whatStaysIncompleteIsReported() throws {
    var laboratory = try Laboratory {
      $0.population.count = 400
      $0.limits = .none
      $0.clockScale = 3_000
      $0.faults = FaultPlan(.incompleteResults)
    }
    laboratory.searchInterval = 0
    laboratory.settings.query = "stars:40..60"
    let report = try laboratory.extract()
    #expect(report.missed > 0)
    #expect(report.slices.contains { $0.reason?.contains("ran out of time") == true })
    // The same command tries again; accepted, it is done.
    laboratory.settings.acceptsMissing = true
    #expect(try laboratory.extract().missed > 0)
    let requests = laboratory.server.report.requests
    #expect(try laboratory.extract().missed > 0)
    #expect(laboratory.server.report.requests == requests)
  }
}
