import Learners
import Linalg
import TestSupport
import Testing

/// A row of weight 0 is no row, whatever is missing in it.
@Suite struct AbsentRowsTests {
  private static let learners: [any Regressor.Type] = [Ridge.self, SVR.self, MLP.self]

  private func fit<Learner: Regressor>(_: Learner.Type, _ training: TrainingSet) throws(FitError) -> any Regressor {
    try Learner(fitting: training, parameters: .init(), seed: 0)
  }

  /// Rows 2 and 30 weigh nothing and have a missing value each.
  private func data() -> (x: Matrix<Double>, y: [Double], weights: [Double]) {
    var (x, y) = SyntheticData.friedman(rows: 40, features: 5)
    var weights = (0..<40).map { 1 + Double($0 % 3) }
    for row in [2, 30] {
      x[row, 3] = .nan
      weights[row] = 0
    }
    y = y.map { ($0 - 14) / 5 }
    return (x, y, weights)
  }

  @Test(arguments: 0..<3) func whatIsMissingInThemDoesNotMatter(learner: Int) throws {
    let (x, y, weights) = data()
    let present = weights.indices.filter { weights[$0] > 0 }
    let rows = x.gathering(rows: present)
    let with = try fit(Self.learners[learner], TrainingSet(x: x, y: y, weights: weights))
    let without = try fit(
      Self.learners[learner],
      TrainingSet(x: rows, y: present.map { y[$0] }, weights: present.map { weights[$0] }))
    #expect(try with.predict(rows) == without.predict(rows))
  }

  @Test(arguments: 0..<3) func whatIsMissingBehindThemIsNamedByItsOwnRow(learner: Int) throws {
    let (given, y, weights) = data()
    var x = given
    x[35, 1] = .nan
    let training = try TrainingSet(x: x, y: y, weights: weights)
    #expect(throws: FitError.nonFinite(row: 35, column: 1)) { try fit(Self.learners[learner], training) }
  }

  /// Rows of no weight are predicted as well.
  @Test func ridgeOverFoldsTakesNoMissingValues() throws {
    let (x, y, weights) = data()
    let folds = try Folds(shuffling: 40, into: 4, seed: 0)
    #expect(throws: FitError.nonFinite(row: 2, column: 3)) {
      try RidgeCrossValidation(x, y, weights: weights, folds: folds, alphas: [1])
    }
  }
}
