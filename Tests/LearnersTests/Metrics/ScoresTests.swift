import Glibc
import Learners
import Testing

/// What is not defined is not a number: never 0, never a plausible one.
struct ScoresTests {
  private static let targets = (0..<20).map { Double(($0 * 7) % 20) }
  private static let predictions = targets.map { $0 + 0.5 }

  private func scores(_ assignments: [Int], targets: [Double] = targets) throws -> Scores {
    let folds = try Folds(assignments: assignments, rows: targets.count)
    return Scores(predictions: Self.predictions, targets: targets, folds: folds, scale: .identity)
  }

  @Test func foldsOfOneRowHaveNoDeviation() throws {
    let scores = try scores(Array(0..<20))
    #expect(scores.r2Deviation.isNaN && scores.r2TransformedDeviation.isNaN && scores.r2 > 0.9)
  }

  @Test func foldsOfEqualTargetsDoNotCount() throws {
    let targets = (0..<20).map { $0 < 10 ? 3.0 : Double($0) }
    // Two folds of equal targets, one that varies: one figure has no deviation.
    let one = try scores((0..<20).map { $0 < 5 ? 0 : $0 < 10 ? 1 : 2 }, targets: targets)
    #expect(one.r2Deviation.isNaN)
    let two = try scores((0..<20).map { $0 < 10 ? 0 : $0 < 15 ? 1 : 2 }, targets: targets)
    #expect(two.r2Deviation.isFinite)
    // The constant fold changes nothing.
    let without = try scores((0..<20).map { $0 < 10 ? -1 : $0 < 15 ? 0 : 1 }, targets: targets)
    #expect(two.r2Deviation == without.r2Deviation)
  }

  @Test func equalTargetsHaveNoR2() {
    let scores = Scores(predictions: [1, 2], targets: [3, 3], scale: .identity)
    #expect(scores.r2.isNaN && scores.spearman.isNaN && scores.mae == 1.5)
  }

  @Test func scoresOfOneTableHaveNoDeviation() {
    #expect(Scores(predictions: [1, 2], targets: [1, 3], scale: .identity).r2Deviation.isNaN)
  }

  /// The baseline says one number a fold: that these differ is no order of the rows.
  @Test(arguments: [5, 20]) func theBaselineHasNoOrder(folds count: Int) throws {
    let dataset = try TestDataset.mixed(rows: 20)
    let folds = try Folds(shuffling: 20, into: count, seed: 0)
    let experiment = Experiment(dataset: dataset, folds: folds, targetTransform: .none, seed: 0)
    #expect(try experiment.run(Candidate(Mean.self)).scores.spearman.isNaN)
    #expect(try experiment.run(Candidate(Ridge.self)).scores.spearman.isFinite)
    let idle = try Candidate(Boosting.self, settings: ["minSamplesLeaf": .integer(1000)])
    #expect(try experiment.run(idle).scores.spearman.isNaN, "a model without a split tells no rows apart")
  }

  /// Returns below 0: the score is that of ln(1 + y), computed here from its definition.
  @Test func theScoreOfLogarithmsIsOfLogarithms() {
    let targets = [-0.99, -0.9, -0.5, 0, 0.4, 2]
    let predictions = [-0.95, -0.8, -0.6, 0.1, 0.3, 1]
    let (t, p) = (targets.map { log(1 + $0) }, predictions.map { log(1 + $0) })
    let mean = t.reduce(0, +) / 6
    let errors = zip(t, p).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let expected = 1 - errors / t.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let scores = Scores(predictions: predictions, targets: targets, scale: .log1p)
    #expect(abs(scores.r2Transformed - expected) < 1e-12)
  }

  @Test func whatHasNoLogarithmHasNoScore() {
    #expect(Scores(predictions: [1, 2], targets: [-2, 2], scale: .log1p).r2Transformed.isNaN)
    let clipped = Scores(predictions: [-7, 2], targets: [1, 2], scale: .log1p)
    let least = Scores(predictions: [1, 2], targets: [1, 2], scale: .log1p)
    #expect(clipped.r2Transformed == least.r2Transformed, "a prediction without logarithm counts as the least target")
  }
}
