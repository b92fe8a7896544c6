import Learners
import Linalg

import Report

/// Comparisons of models on made-up tables.
enum Scene {
  /// Columns by name, texts or numbers; the last is the target.
  static func dataset(_ columns: [(name: String, values: [Double])], groups: String? = nil) throws -> Dataset {
    let table = Table(columns: columns.map { Column(name: $0.name, values: .numeric($0.values)) })
    return try Dataset(table, options: .init(target: columns[columns.count - 1].name, groups: groups))
  }

  /// x uniform on 0 to 10, noise without meaning, y = 3 x + standard normal errors.
  static func line(rows: Int, error: Double = 1, seed: UInt64 = 1) throws -> Dataset {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("report.tests"))
    let x = (0..<rows).map { _ in 10 * random.uniform() }
    let noise = (0..<rows).map { _ in random.uniform() }
    let y = x.map { 3 * $0 + error * random.normal() }
    return try dataset([("x", x), ("noise", noise), ("y", y)])
  }

  static func comparison(
    _ dataset: Dataset, _ models: [any Regressor.Type], folds count: Int = 5, blends: Bool = false
  ) throws -> Comparison {
    let folds =
      try dataset.groups.map { try Folds(grouping: $0, into: count, seed: 0) }
      ?? Folds(shuffling: dataset.rowCount, into: count, seed: 0)
    let experiment = Experiment(dataset: dataset, folds: folds, targetTransform: .auto, seed: 0)
    var entries: [Comparison.Entry] = []
    for model in models {
      let entry = try experiment.run(Candidate(model))
      entries.append(Comparison.Entry(entry, model: try experiment.refit(entry), bytes: 1_000))
    }
    if blends, let (entry, model) = experiment.blend(entries.map { ($0.entry, $0.model) }, size: 10) {
      entries.append(Comparison.Entry(entry, model: model, bytes: 5_000))
    }
    return Comparison(experiment, entries, ranking: .r2, foldsAreGiven: false)
  }

  static func report(_ comparison: Comparison, source: String = "rows.csv", command: String = "learners report")
    -> Report
  {
    ReportJob(
      comparison, origin: .init(source: source, sha256: "ab", command: command, programVersion: "0.1.0"),
      leftOut: [], allowedLeaks: [], notes: [], warnings: [], isTimed: false
    ).run(place: { "line \($0 + 2)" }, onStep: { _ in })
  }
}
