import Foundation
import Glibc
import Learners
import Linalg
import Testing

/// Units never matter: features and a positive target times a constant give the same ranking and the same scores.
@Suite struct UnitsTests {
  private static let factors = [1e-6, 1e-3, 1e3, 1e6]
  /// The distance of scores that each may show. Trees are the same in any unit, but for one target in a million that is rounded
  /// otherwise; a network adds up rounding over thousands of steps.
  private static let distances: [(model: String, most: Double)] = [
    ("mean", 1e-6), ("ridge", 1e-6), ("svr", 1e-6), ("boosting", 1e-6), ("forest", 0.002), ("extra-trees", 0.002),
    ("mlp", 0.002),
  ]

  /// Models that take seconds at their defaults.
  private static let small: [String: [String: ParameterValue]] = [
    "boosting": ["maxIterations": .integer(300)], "forest": ["estimators": .integer(60)],
    "extra-trees": ["estimators": .integer(60)],
    "mlp": ["maxEpochs": .integer(40), "ensembleSize": .integer(1)],
  ]

  /// Name and rows: long-tailed counts, sizes with zeros, texts of few rows, straight lines, and a real table where it is.
  static let tables: [String] = ["counts", "sizes", "texts", "straight", "concrete"]

  private static func table(_ name: String) throws -> Table? {
    var random = RandomStream(seed: 5, purpose: RandomPurpose("test.units"))
    let rows = 400
    let sizes = (0..<rows).map { _ in exp(2 * random.normal()) }
    let signed = (0..<rows).map { _ in sizes[random.uniform(below: rows)] * random.normal() }
    let plain = (0..<rows).map { _ in random.normal() }
    let texts = Column(name: "text", texts: (0..<rows).map { $0 % 7 == 0 ? nil : "t\($0 % 23)" })
    func numbers(_ values: [[Double]]) -> [Column] {
      values.enumerated().map { Column(name: "x\($0)", values: .numeric($1)) }
    }
    func target(_ value: (Int) -> Double) -> [Column] { [Column(name: "y", values: .numeric((0..<rows).map(value)))] }
    switch name {
    case "counts":
      return Table(
        columns: numbers([sizes.map { ($0 * 20).rounded() }, plain])
          + target { (10 * exp(1.2 * log(sizes[$0]) + 0.4 * plain[$0])).rounded() })
    case "sizes":
      return Table(
        columns: numbers([sizes, signed, plain])
          + target { $0 % 9 == 0 ? 0 : sizes[$0] * exp(0.5 * plain[$0]) })
    case "texts":
      return Table(columns: numbers([sizes, plain]) + [texts] + target { Double($0 % 23) + 3 + plain[$0] / 4 })
    case "straight": return Table(columns: numbers([sizes, plain]) + target { 500 + 2 * sizes[$0] + plain[$0] })
    default:
      let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../../shared/data/uci/concrete.csv").standardizedFileURL.path()
      guard FileManager.default.fileExists(atPath: path) else {
        print("skipped: there is no ../shared/data/uci/concrete.csv")
        return nil
      }
      return try TableReader.read([InputFile(reading: path)])
    }
  }

  @Test(arguments: tables) func unitsDoNotMatter(name: String) throws {
    guard let table = try Self.table(name) else { return }
    let expected = try scores(table, target: 1, features: { _ in 1 })
    for shift in Self.factors.indices {
      let factor = Self.factors[shift]
      let found = try scores(table, target: factor) { Self.factors[($0 + shift) % 4] }
      for (model, most) in Self.distances {
        let distance = zip(found[model]!, expected[model]!).map { abs($0 - $1) }.max() ?? 1
        #expect(distance < most, "\(model) on \(name) times \(factor)")
        for (other, mostOfOther) in Self.distances where expected[model]![0] - expected[other]![0] > most + mostOfOther
        {
          #expect(found[model]![0] > found[other]![0], "\(model) is above \(other) on \(name)")
        }
      }
    }
  }

  /// R² on both scales and Spearman, by model.
  private func scores(
    _ table: Table, target factor: Double, features: (Int) -> Double
  ) throws -> [String: [Double]] {
    let last = table.columns.count - 1
    let columns = table.columns.enumerated().map { index, column in
      guard case .numeric(let values) = column.values else { return column }
      return Column(name: column.name, values: .numeric(values.map { $0 * (index == last ? factor : features(index)) }))
    }
    let dataset = try Dataset(Table(columns: columns))
    let folds = try Folds(shuffling: dataset.rowCount, into: 3, seed: 0)
    let experiment = Experiment(dataset: dataset, folds: folds, targetTransform: .auto, seed: 0)
    let grids = try Self.distances.map { name, _ in
      try CandidateGrid(Candidate(#require(Registry.learner(named: name)), settings: Self.small[name] ?? [:]))
    }
    let entries = try experiment.run(grids).outcomes.map { try $0.get() }
    return Dictionary(
      uniqueKeysWithValues: entries.map { entry in
        let scores = entry.scores
        return (entry.candidate.name, [scores.r2Transformed, scores.r2, scores.spearman].filter(\.isFinite))
      })
  }
}
