import Extraction
import Foundation
import GitHubServer
import HTTPClient
import Learners
import Linalg
import Repositories
import Server
import TestSupport

/// A made-up GitHub, a model of made-up repositories, and a server that asks the one and serves the other.
final class RepositoryScene {
  private let temporary: TemporaryFolder
  var folder: URL { temporary.url }
  let github: GitHubServer
  let listener: Listener
  /// The made-up ones, most stars first.
  let repositories: [(name: String, stars: Double)]

  init(files: [String: String] = [:], token: String? = nil, _ change: (inout ServerOptions) -> Void = { _ in }) throws {
    temporary = try TemporaryFolder()
    var options = ServerOptions()
    options.population.count = 50
    options.population.missingPerThousand = 0
    options.population.blockedPerThousand = 0
    options.token = "ghp_right"
    change(&options)
    github = try GitHubServer(options)
    repositories = Population(options.population).repositories.map { ($0.fullName, Double($0.stars)) }
    let path = temporary.path("best.safetensors")
    try FileDraft.write(Self.model().bytes, to: path)
    for (name, text) in files { try temporary.write(name, text) }
    let shelf = Shelf([ModelSource(name: "best", path: path)])
    try shelf.load("best")
    var context = ServerContext(shelf: shelf)
    context.ranking = RankSettings(lookup: try Self.lookup(api: github.url, token: token))
    listener = try Listener(context.routes, at: .init(port: 0), threads: 1)
  }

  deinit {
    let listener = listener
    Task { await listener.stop() }
    try? github.stop()
  }

  static func lookup(api: String, token: String?) throws -> RepositoryLookup {
    var configuration = HTTPConfiguration(userAgent: "learners-test")
    configuration.totalTimeout = .seconds(5)
    if let token {
      configuration.credentials = [
        HTTPCredential(origin: api, header: HTTPHeader("Authorization", "Bearer \(token)"))
      ]
    }
    var settings = RepositoryLookup.Settings()
    settings.api = api
    return RepositoryLookup(
      exchange: try HTTPClient(configuration: configuration), token: try token.map { try Token($0, from: "test") },
      settings: settings, clock: SystemClock())
  }

  /// Ridge, fitted on 300 made-up repositories.
  static func model() throws -> ModelFile {
    let dataset = try Dataset(SyntheticRepositories.table(rows: 300))
    let rows = Array(0..<dataset.rowCount)
    let pipeline = try Pipeline(fitting: dataset, rows: rows, for: Ridge.preparation, targetTransform: .log1p)
    let learner = try Ridge(fitting: pipeline.trainingSet(of: rows, in: dataset), parameters: .init(), seed: 0)
    return try ModelFile(
      Model(pipeline: pipeline, learner: learner, target: "stars"), scores: nil,
      provenance: .init(
        dataSHA256: String(repeating: "0", count: 64), rows: dataset.rowCount, seed: 0, programVersion: "test"),
      trainingData: dataset.features)
  }

  func ask(
    _ method: String, _ target: String, _ body: String? = nil, headers: [String: String] = [:]
  ) throws -> Answer {
    try Scene.ask(port: listener.port, method, target, body, headers: headers)
  }
}
