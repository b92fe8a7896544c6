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
