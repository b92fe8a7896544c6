import Glibc
import Learners
import Linalg
import TestSupport
import Testing

/// A row of weight k teaches and counts as k copies of it do, whatever a learner draws, holds out or shapes.
@Suite struct WeightsTests {
  private static let rows = 160

  private struct Tables {
    let weighted: Experiment
    let copied: Experiment
    /// The weighted row that each of the copied rows is of.
    let origins: [Int]
  }

  /// Numbers, one with a long tail and one with gaps, a text, and a skewed target.
  private static func tables() throws -> Tables {
    var random = RandomStream(seed: 8, purpose: RandomPurpose("test.weights"))
    let a = (0..<rows).map { _ in random.normal() }
    let b = (0..<rows).map { _ in exp(1.5 * random.normal()) }
    let c = (0..<rows).map { _ in random.uniform(below: 6) == 0 ? Double.nan : random.normal() }
    let levels = (0..<rows).map { _ in random.uniform(below: 4) }
    let y = (0..<rows).map { exp(a[$0] + 0.3 * Double(levels[$0]) + 0.3 * random.normal()) }
    let counts = (0..<rows).map { _ in random.uniform(below: 3) + 1 }
    let folds = (0..<rows).map { $0 % 4 }
    func experiment(_ origins: [Int], weights: [Double]?) throws -> Experiment {
      func numbers(_ name: String, _ values: [Double]) -> Column {
        Column(name: name, values: .numeric(origins.map { values[$0] }))
      }
      let columns =
        [numbers("a", a), numbers("b", b), numbers("c", c), Column(name: "d", texts: origins.map { "l\(levels[$0])" })]
        + (weights.map { [Column(name: "w", values: .numeric($0))] } ?? []) + [numbers("y", y)]
      let dataset = try Dataset(Table(columns: columns), options: .init(weights: weights == nil ? nil : "w"))
      return Experiment(
        dataset: dataset, folds: try Folds(assignments: origins.map { folds[$0] }, rows: origins.count),
        targetTransform: .auto, seed: 5)
    }
    let origins = (0..<rows).flatMap { Array(repeating: $0, count: counts[$0]) }
    return Tables(
      weighted: try experiment(Array(0..<rows), weights: counts.map(Double.init)),
      copied: try experiment(origins, weights: nil), origins: origins)
  }

  private static let settings: [String: [String: ParameterValue]] = [
    "forest": ["estimators": .integer(10)], "extra-trees": ["estimators": .integer(10)],
    "boosting": ["maxIterations": .integer(40)], "mlp": ["maxEpochs": .integer(20)],
  ]

  @Test(arguments: Registry.learners.map { $0.name })
  func aWeightIsSoManyCopies(name: String) throws {
    let tables = try Self.tables()
    let learner = try #require(Registry.learner(named: name))
    let candidate = try Candidate(learner, settings: Self.settings[name] ?? [:])
    #expect(tables.weighted.targetScale == tables.copied.targetScale)
    let (found, expected) = (try tables.weighted.run(candidate), try tables.copied.run(candidate))
    #expect(tables.origins.map { found.validation.predictions[$0] } == expected.validation.predictions)
    for (one, other) in [
      (found.scores.r2, expected.scores.r2), (found.scores.r2Deviation, expected.scores.r2Deviation),
      (found.scores.mae, expected.scores.mae), (found.scores.medianAbsoluteError, expected.scores.medianAbsoluteError),
      (found.scores.spearman, expected.scores.spearman),
    ] { #expect(abs(one - other) < 1e-12 || (one.isNaN && other.isNaN)) }
    let (model, copy) = (try tables.weighted.refit(found), try tables.copied.refit(expected))
    let known = tables.copied.dataset.features
    #expect(try model.predict(known) == copy.predict(known))
    // What a correction to means adds up to is the sum of all targets, copies too.
    let (means, targets) = (try #require(model.meanCorrection), tables.copied.dataset.target)
    let sum = means.means(of: expected.validation.predictions).reduce(0, +)
    #expect(abs(sum / targets.reduce(0, +) - 1) < 1e-9)
  }

  /// Ridge with a given penalty goes through the moments of all folds.
  @Test func soItIsWhereFoldsShareTheirWork() throws {
    let tables = try Self.tables()
    let candidate = try Candidate(Ridge.self, settings: ["alpha": .real(2)])
    let (found, expected) = (try tables.weighted.run(candidate), try tables.copied.run(candidate))
    for (row, origin) in tables.origins.enumerated() {
      #expect(abs(found.validation.predictions[origin] / expected.validation.predictions[row] - 1) < 1e-8)
    }
  }

  /// One row that outweighs all others, and weights that add up to more than can be counted.
  @Test(arguments: [1e12, 1e20]) func weightsOfAnySizeAreBorne(largest: Double) throws {
    let rows = 60
    let numbers = (0..<rows).map { Double($0 * 7 % 31) }
    func dataset(_ weight: (Int) -> Double) throws -> Dataset {
      try Dataset(
        Table(columns: [
          Column(name: "x", values: .numeric(numbers)), Column(name: "w", values: .numeric((0..<rows).map(weight))),
          Column(name: "y", values: .numeric(numbers.enumerated().map { 100 + 3 * $1 + Double($0 % 5) })),
        ]), options: .init(weights: "w"))
    }
    func entry(_ dataset: Dataset, _ learner: any Regressor.Type) throws -> (Experiment, Experiment.Entry) {
      let folds = try Folds(shuffling: rows, into: 3, seed: 0)
      let experiment = Experiment(dataset: dataset, folds: folds, targetTransform: .auto, seed: 0)
      return (experiment, try experiment.run(Candidate(learner)))
    }
    for learner in [Mean.self, Ridge.self, SVR.self] as [any Regressor.Type] {
      let (_, found) = try entry(dataset { $0 == 7 ? largest : 1 }, learner)
      #expect(found.validation.predictions.allSatisfy { $0.isFinite })
    }
    let (plain, expected) = try entry(dataset { Double($0 % 2 + 1) }, Ridge.self)
    let (heavy, found) = try entry(dataset { 1e60 * Double($0 % 2 + 1) }, Ridge.self)
    let (one, other) = (try plain.refit(expected).intervals?.scores, try heavy.refit(found).intervals?.scores)
    let (coverage, coverageOfHeavy) = (try #require(one).coverage, try #require(other).coverage)
    #expect(abs(coverage - coverageOfHeavy) < 0.1)
  }

  @Test func blendsAreChosenByThem() throws {
    let tables = try Self.tables()
    let candidates = try [
      Candidate(Ridge.self), Candidate(ExtraTrees.self, settings: Self.settings["extra-trees"] ?? [:]),
    ]
    func weights(_ experiment: Experiment) throws -> [Double] {
      let members = try candidates.map { candidate in
        let entry = try experiment.run(candidate)
        return (entry: entry, model: try experiment.refit(entry))
      }
      let blend = try #require(experiment.blend(members, size: 2)?.model.learner as? Blend)
      return blend.members.map(\.weight)
    }
    #expect(try weights(tables.weighted) == weights(tables.copied))
  }
}
