import Extraction
import Foundation
import GitHubServer
import HTTPClient
import Repositories
import TestSupport
import Testing

/// A server of repositories and what it takes to extract from it in this process, on a clock that runs fast.
struct Laboratory {
  static let token = "ghp_laboratory0123456789"
  /// The server allows requests 20 ms too early: less than the 2 seconds between searches.
  static let speed = 90.0

  let server: GitHubServer
  let folder: TemporaryFolder
  let listener = Listener()
  var settings = Extractor.Settings()
  var searchInterval = 2.0

  init(_ change: (inout ServerOptions) -> Void = { _ in }) throws {
    var options = ServerOptions()
    options.clockScale = Self.speed
    options.population.count = 1_500
    options.token = Self.token
    options.faults.silence = 0.05
    change(&options)
    server = try GitHubServer(options)
    folder = try TemporaryFolder()
    settings.query = "stars:>=1"
    settings.wanted = nil
  }

  func client(hasToken: Bool = true) throws -> GitHubClient {
    var configuration = HTTPConfiguration(userAgent: "learners-test")
    configuration.totalTimeout = .seconds(10)
    if hasToken {
      configuration.credentials = [
        HTTPCredential(origin: server.url, header: HTTPHeader("Authorization", "Bearer \(Self.token)"))
      ]
    }
    var settings = GitHubClient.Settings()
    settings.api = server.url
    settings.searchInterval = searchInterval
    settings.giveUpAfter = 100_000
    return GitHubClient(
      exchange: try HTTPClient(configuration: configuration),
      token: hasToken ? try Token(Self.token, from: "test") : nil, settings: settings,
      clock: SystemClock(speed: server.clock.scale), observer: listener)
  }

  @discardableResult
  func extract(store name: String = "a.sqlite") throws -> CompletenessReport {
    let store = try Store(writing: folder.path(name))
    return try Extractor(store: store, client: try client(), settings: settings, observer: listener).run()
  }

  func snapshot(_ name: String = "a.sqlite") throws -> StoredSnapshot {
    try StoredSnapshot(reading: folder.path(name))
  }
}
