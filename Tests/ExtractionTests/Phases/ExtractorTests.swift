import Extraction
import Foundation
import GitHubServer
import HTTPClient
import Learners
import Repositories
import TestSupport
import Testing

/// Extractions from a server that behaves like GitHub's.
@Suite struct ExtractorTests {
  /// Everything that matches is there, each once, and no rule was broken.
  @Test func allRepositoriesAreFound() throws {
    let laboratory = try Laboratory {
      $0.population.count = 6_000
      $0.population.burst = 1_100
      $0.limits = .none
    }
    let report = try laboratory.extract()
    var population = PopulationOptions()
    population.count = 6_000
    population.burst = 1_100
    let expected = Population(population).repositories.filter { $0.stars >= 1 }
    let found = try laboratory.snapshot().records
    #expect(found.count == expected.count)
    #expect(Set(found.compactMap(\.id)) == Set(expected.map { Int64($0.id) }))
    #expect(report.missed == 0 && report.found == expected.count && report.asked == expected.count)
    #expect(report.matching == expected.count)
    #expect(report.slices.count > 6, "nothing was cut")
    // The burst has one number of stars: it is cut by time.
    #expect(report.slices.contains { $0.query.contains("created:") })
    #expect(laboratory.server.report.violations.isEmpty, "\(laboratory.server.report.violations.prefix(3))")
    let stars = found.compactMap(\.stars)
    #expect(zip(stars, stars.dropFirst()).allSatisfy { $0 >= $1 }, "not those with the most stars first")
  }

  @Test(arguments: [1, 250, 1_000, 1_700])
  func aTopListIsTheTop(wanted: Int) throws {
    var laboratory = try Laboratory {
      $0.population.count = 3_000
      $0.limits = .none
    }
    laboratory.settings.wanted = wanted
    let report = try laboratory.extract()
    var population = PopulationOptions()
    population.count = 3_000
    let expected = Population(population).repositories.prefix(wanted).map(\.stars)
    #expect(try laboratory.snapshot().records.compactMap(\.stars) == expected.map(Double.init))
    #expect(report.missed == 0 && report.asked == wanted)
    #expect(wanted > 1_000 || laboratory.server.report.searches == (wanted + 99) / 100)
  }

  /// The store, the JSON array and the raw pages make the same table for a learner.
  @Test func allWaysToTheFeaturesAreOne() throws {
    var laboratory = try Laboratory { $0.limits = .none }
    laboratory.settings.wanted = 300
    let store = try Store(writing: laboratory.folder.path("a.sqlite"))
    let extractor = try Extractor(
      store: store, client: try laboratory.client(), settings: laboratory.settings, observer: nil)
    var json: [UInt8] = []
    try extractor.writeJSON(of: try extractor.run()) { json += $0 }
    let snapshot = try laboratory.snapshot()
    let array = try RepositoryList(parsing: [InputFile(name: "array.json", bytes: json)])
    #expect(array.records == snapshot.records)
    let raw = try rawPages(laboratory.server, count: 3)
    #expect(try RepositoryList(parsing: raw).records == snapshot.records)
    // As text, in which a missing number equals another.
    let tables = [snapshot.records, array.records].map { "\(RepositoryTable(records: $0).table.columns)" }
    #expect(tables[0] == tables[1])
  }

  private func rawPages(_ server: GitHubServer, count: Int) throws -> [InputFile] {
    let client = try HTTPClient(configuration: HTTPConfiguration(userAgent: "learners-test"))
    return try (1...count).map { page in
      let url = "\(server.url)/search/repositories?q=stars:%3E=1&sort=stars&order=desc&per_page=100&page=\(page)"
      return InputFile(name: "page-\(page)", bytes: try client.send(HTTPRequest("GET", url)).body)
    }
  }

  private static let realPages = (1...10).map { page -> String in
    let folder =
      ProcessInfo.processInfo.environment["LEARNERS_SHARED"].map { URL(filePath: $0) }
      ?? (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }.appending(
        path: "shared")
    return folder.appending(path: "data/github/search-2025/page-\(page < 10 ? "0" : "")\(page).json").path()
  }

  /// Real answers of GitHub's, through the store and back.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: realPages[0]), "needs the real data in ../shared"))
  func realAnswersComeBackAsTheyAre() throws {
    let clock = JumpingClock()
    let bodies = try Self.realPages.map { [UInt8](try Data(contentsOf: URL(filePath: $0))) }
    let exchange = ScriptedExchange(clock) { _, number in
      HTTPResponse(status: 200, headers: HTTPHeaders([]), body: bodies[number], url: "")
    }
    let folder = try TemporaryFolder()
    let client = GitHubClient(exchange: exchange, token: nil, settings: .init(), clock: clock, observer: nil)
    let store = try Store(writing: folder.path("a.sqlite"))
    let extractor = try Extractor(store: store, client: client, settings: .init(), observer: nil)
    let report = try extractor.run()
    #expect(report.found == 1_000 && report.missed == 0 && exchange.asked.count == 10)
    var json: [UInt8] = []
    try extractor.writeJSON(of: report) { json += $0 }
    let raw = try RepositoryList(reading: Self.realPages).records
    #expect(try StoredSnapshot(reading: folder.path("a.sqlite")).records == raw)
    #expect(try RepositoryList(parsing: [InputFile(name: "a.json", bytes: json)]).records == raw)
  }

  @Test func detailsBecomeFeatures() throws {
    var laboratory = try Laboratory { $0.limits = .none }
    laboratory.settings.wanted = 230
    laboratory.settings.asksDetails = true
    let report = try laboratory.extract()
    #expect(report.details?.done == 230 && report.points >= 3)
    let records = try laboratory.snapshot().records
    #expect(records.allSatisfy { $0.repository.subscribersCount != nil && $0.repository.releasesCount != nil })
    let names = RepositoryTable(records: records).table.columns.map(\.name)
    #expect(
      Set(["subscribers", "commits", "issues_closed", "main_language_share", "readme_bytes"]).isSubset(of: names))
    let sizes = laboratory.server.report.queries
    #expect(sizes < 6, "batches do not grow")
  }

  @Test func detailsNeedAToken() throws {
    var laboratory = try Laboratory { $0.token = nil }
    laboratory.settings.asksDetails = true
    let store = try Store(writing: laboratory.folder.path("a.sqlite"))
    #expect(throws: ExtractionError.self) {
      try Extractor(
        store: store, client: try laboratory.client(hasToken: false), settings: laboratory.settings, observer: nil)
    }
  }

  /// What did not change is neither sent nor stored again.
  @Test func aRefreshAsksForWhatHasChanged() throws {
    let laboratory = try Laboratory { $0.limits = .none }
    let first = try laboratory.extract()
    let before = try laboratory.snapshot()
    var again = laboratory
    again.settings.refreshes = true
    let second = try again.extract()
    #expect(second.unchanged == second.requests && second.requests < first.requests)
    #expect(try laboratory.snapshot().sha256 == before.sha256)
    // A run of the same day takes the place of the first: nobody has two snapshots of a day.
    #expect(second.found == first.found)
    // Without --refresh, a complete snapshot of today is left alone.
    let requests = laboratory.server.report.requests
    #expect(try laboratory.extract().found == first.found)
    #expect(laboratory.server.report.requests == requests)
  }

  /// Limits as GitHub has them, on a fast clock: everything is waited for.
  @Test func limitsAreKept() throws {
    var laboratory = try Laboratory {
      $0.limits.search = 5
      $0.limits.graphql = 3
      $0.limits.coreWindow = 60
    }
    laboratory.settings.wanted = 900
    laboratory.settings.asksDetails = true
    let report = try laboratory.extract()
    #expect(report.missed == 0 && report.found == 900)
    #expect(laboratory.server.report.violations.isEmpty, "\(laboratory.server.report.violations.prefix(3))")
    #expect(laboratory.listener.waits.count >= 2)
  }

  @Test func aPlanCostsLittleAndIsRight() throws {
    var laboratory = try Laboratory {
      $0.population.count = 6_000
      $0.limits = .none
    }
    let client = try laboratory.client()
    let plan = try Extractor.plan(client: client, settings: laboratory.settings, counts: 12)
    #expect(plan.spent <= 13)
    let report = try laboratory.extract()
    #expect(plan.repositories == report.found && plan.matching == report.matching)
    let ratio = Double(plan.searchRequests) / Double(report.requests)
    #expect((0.6...1.6).contains(ratio), "\(plan.searchRequests) planned, \(report.requests) needed")
    laboratory.settings.wanted = 300
    #expect(try Extractor.plan(client: client, settings: laboratory.settings).searchRequests == 3)
  }

  /// GitHub's search takes a range for the last alternative only: no cut makes the first one smaller.
  @Test func aQueryThatCannotBeNarrowedEnds() throws {
    var laboratory = try Laboratory {
      $0.population.count = 6_000
      $0.limits = .none
    }
    laboratory.settings.query = "language:python OR language:javascript OR language:go"
    let error = try #require(throws: ExtractionError.self) { try laboratory.extract() }
    #expect(error.code == .usage && error.description.contains("OR"), "\(error)")
    #expect(laboratory.server.report.searches < 60, "\(laboratory.server.report.searches) searches")
    // What GitHub shows as a whole needs no cut.
    laboratory.settings.query = "language:zig OR language:elixir"
    #expect(try laboratory.extract(store: "b.sqlite").missed == 0)
  }

  /// JSON knows NUL as a character like any other.
  @Test func aNULDoesNotCutATextInTheStore() throws {
    var laboratory = try Laboratory {
      $0.limits = .none
      $0.faults = FaultPlan(.nulText)
    }
    laboratory.settings.wanted = 200
    let store = try Store(writing: laboratory.folder.path("a.sqlite"))
    let extractor = try Extractor(
      store: store, client: try laboratory.client(), settings: laboratory.settings, observer: nil)
    var json: [UInt8] = []
    try extractor.writeJSON(of: try extractor.run()) { json += $0 }
    let records = try laboratory.snapshot().records
    #expect(records == (try RepositoryList(parsing: [InputFile(name: "a.json", bytes: json)]).records))
    #expect(records.contains { $0.repository.description == "\0nul\0" })
  }

  /// Of several commands on one store, the last one says what is read.
  @Test func theLastQueryIsRead() throws {
    var laboratory = try Laboratory { $0.limits = .none }
    laboratory.settings.wanted = 50
    let first = try laboratory.extract()
    let expected = try laboratory.snapshot().sha256
    laboratory.settings.query = "stars:>=1 language:python"
    try laboratory.extract()
    #expect(try laboratory.snapshot().sha256 != expected)
    laboratory.settings.query = "stars:>=1"
    #expect(try laboratory.extract().requests == first.requests)
    let snapshot = try laboratory.snapshot()
    #expect(snapshot.sha256 == expected)
    #expect(snapshot.notes.contains { $0.contains("also holds stars:>=1 language:python") }, "\(snapshot.notes)")
  }
}
