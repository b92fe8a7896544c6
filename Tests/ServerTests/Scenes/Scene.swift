import Foundation
import Learners
import Linalg
import Logging
import Server
import TestSupport
import Testing

/// A model, a shelf and a server on a free port of 127.0.0.1, for one test.
final class Scene: Sendable {
  private let temporary: TemporaryFolder
  var folder: URL { temporary.url }
  let shelf: Shelf
  let steward: Steward
  let routes: [Route]
  let listener: Listener

  /// - Parameter models: learners by name; a file of each is written and served.
  init(models: [String: String] = ["best": "ridge"], limits: Limits = Limits(), adminToken: String? = nil) throws {
    temporary = try TemporaryFolder()
    let folder = temporary.url
    for (name, learner) in models { try Self.write(learner, to: folder.appending(path: "\(name).safetensors")) }
    let sources = models.keys.sorted().map { name in
      ModelSource(name: name, path: folder.appending(path: "\(name).safetensors").path())
    }
    shelf = Shelf(sources)
    var context = ServerContext(shelf: shelf, limits: limits)
    let metrics = try Metrics(routes: context.routes, models: sources.count)
    context.metrics = metrics
    context.adminToken = adminToken.flatMap(AdminToken.init)
    steward = Steward(shelf, metrics, Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    context.steward = steward
    for source in sources { try steward.load(source.name) }
    routes = context.routes
    listener = try Listener(routes, at: .init(port: 0), threads: 2, limits: limits, metrics: metrics)
  }

  deinit {
    let listener = listener
    Task { await listener.stop() }
  }

  /// The rows that the models are fitted on: two numbers, one of them missing now and then, a text, and the target.
  static func table(rows: Int = 200, shift: Double = 0) -> Table {
    let sizes = (0..<rows).map { $0 % 11 == 0 ? Double.nan : Double(($0 * 37) % 101) }
    let noise = (0..<rows).map { Double(($0 * 7919) % 13) }
    let kinds = (0..<rows).map { ["flat", "house", "castle"][$0 % 3] }
    let prices = (0..<rows).map { row in
      3 * (sizes[row].isNaN ? 50 : sizes[row]) + [0, 40, 500][row % 3] + noise[row] + shift
    }
    return Table(columns: [
      Column(name: "size", values: .numeric(sizes)), Column(name: "kind", texts: kinds),
      Column(name: "noise", values: .numeric(noise)), Column(name: "price", values: .numeric(prices)),
    ])
  }

  /// Rows with a column of dates, as the reader of tables gives them, and one of seconds since 1970.
  static func dateTable() throws -> Table {
    let rows = (0..<200).map { row in
      "2024-\(row % 12 < 9 ? "0" : "")\(row % 12 + 1)-\(10 + row % 19)T0\(row % 10):30:00Z,\(1_700_000_000 + 86_399 * row),\(row % 12 + row)"
    }
    let text = "day,created_at,price\n\(rows.joined(separator: "\n"))\n"
    return try TableReader.read([InputFile(name: "dates.csv", bytes: Array(text.utf8))])
  }

  /// - Parameters:
  ///   - learner: its name, "dates" for ridge on rows of dates, "quantiles" for boosting of three, "medians" for ridge on a logarithmic scale, or "ranges" for ridge
  ///     with ranges.
  ///   - shift: added to the target, so that another model comes out.
  ///   - target: what the target is called.
  static func write(_ learner: String, to file: URL, shift: Double = 0, target: String = "price") throws {
    let dataset = try Dataset(learner == "dates" ? try dateTable() : table(shift: shift))
    var model: Model
    if learner == "quantiles" {
      model = try fit(Boosting.self, dataset, quantileParameters)
    } else if learner == "medians" {
      let candidate = try Candidate(Ridge.self)
      model = try candidate.fit(dataset, rows: Array(0..<dataset.rowCount), targetTransform: .log1p, seed: 0)
      // As if each true number were half more than predicted, and one.
      let found = try model.predict(dataset.features)
      model = model.correctingMeans(predictions: found, targets: found.map { 1.5 * $0 + 0.5 })
    } else if learner == "ranges" {
      let folds = try Folds(shuffling: dataset.rowCount, into: 5, seed: 0)
      let experiment = Experiment(dataset: dataset, folds: folds, targetTransform: .none, seed: 0)
      model = try experiment.refit(experiment.run(Candidate(Ridge.self)))
    } else {
      let type = try #require(Registry.learner(named: learner == "dates" ? "ridge" : learner))
      model = try fit(type, dataset)
    }
    model = Model(
      pipeline: model.pipeline, learner: model.learner, target: target, meanCorrection: model.meanCorrection,
      intervals: model.intervals, trainingRanges: TrainingRanges(of: dataset.features),
      trainingShares: TrainingShares(of: dataset.features))
    let provenance = ModelFile.Provenance(
      dataSHA256: String(repeating: "0", count: 64), rows: dataset.rowCount, seed: 0, programVersion: "test")
    let content = try ModelFile(model, scores: nil, provenance: provenance, trainingData: dataset.features)
    try FileDraft.write(content.bytes, to: file.path())
  }

  private static var quantileParameters: Boosting.Parameters {
    var parameters = Boosting.Parameters()
    parameters.loss = .quantile
    parameters.quantiles = QuantileLevels([0.1, 0.5, 0.9])
    parameters.maxIterations = 20
    parameters.folds = 0
    return parameters
  }

  private static func fit<Learner: Regressor>(_ type: Learner.Type, _ dataset: Dataset) throws -> Model {
    try fit(type, dataset, Learner.Parameters())
  }

  private static func fit<Learner: Regressor>(
    _ type: Learner.Type, _ dataset: Dataset, _ parameters: Learner.Parameters
  ) throws -> Model {
    let rows = Array(0..<dataset.rowCount)
    let pipeline = try Pipeline(fitting: dataset, rows: rows, for: Learner.preparation, targetTransform: .none)
    let learner = try Learner(
      fitting: pipeline.trainingSet(of: rows, in: dataset), parameters: parameters, seed: 0)
    return Model(pipeline: pipeline, learner: learner, target: "price")
  }

  var model: ServedModel { get throws { try shelf.model(for: nil) } }
}
