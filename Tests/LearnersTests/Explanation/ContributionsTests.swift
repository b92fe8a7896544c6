import Glibc
import Learners
import Linalg
import TestSupport
import Testing

struct ContributionsTests {
  /// Of the size of the target: what the sums of several hundred trees round off.
  private static let tolerance = 1e-9

  private static func learners(_ training: TrainingSet) throws -> [any Explainable] {
    var forest = Forest.Parameters()
    forest.estimators = 20
    var extra = ExtraTrees.Parameters()
    extra.estimators = 20
    let boosted = try Boosting.Loss.allCases.map { loss in
      var parameters = Boosting.Parameters()
      parameters.loss = loss
      parameters.maxIterations = 40
      return try Boosting(fitting: training, parameters: parameters) as any Explainable
    }
    return try [
      Mean(fitting: training), Forest(fitting: training, parameters: forest),
      ExtraTrees(fitting: training, parameters: extra),
    ] + boosted
  }

  @Test(arguments: [false, true])
  func baseAndContributionsAreThePrediction(weighted: Bool) throws {
    let mixed = try MixedData.training(rows: 200, seed: 3, weighted: weighted)
    let training = try TrainingSet(
      x: mixed.x, y: mixed.y.map { abs($0) + 0.1 }, weights: mixed.weights, kinds: mixed.kinds)
    for learner in try Self.learners(training) {
      let found = try learner.contributions(of: training.x)
      let predictions = try learner.predict(training.x)
      let sums = (0..<training.x.rows).map { found.values.row($0).reduce(found.base, +) }
      let expected = found.link == .logarithm ? predictions.map { log($0) } : predictions
      #expect(largestAbsoluteError(sums, expected) < Self.tolerance, "\(type(of: learner).name)")
    }
  }

  /// The weights of rows are what a split by an unknown feature goes by: the mean of all training rows' values.
  @Test func theBaseOfOneTreeIsTheWeightedMean() throws {
    let training = try MixedData.training(rows: 150, seed: 5)
    var parameters = Forest.Parameters()
    parameters.estimators = 1
    parameters.bootstrap = false
    let found = try Forest(fitting: training, parameters: parameters).contributions(of: training.x)
    #expect(abs(found.base - training.targetMean) < 1e-7)  // covers are kept as Float
  }

  @Test func hugeAndTinyWeightsAndTargetsAreExplained() throws {
    let data = SyntheticData.friedman(rows: 120, features: 5)
    for (weight, scale) in [(1e200, 1e300), (1e-200, 1e-300), (1.0, 1.0)] {
      let training = try TrainingSet(
        x: data.x, y: data.y.map { $0 * scale }, weights: data.y.indices.map { weight * (1 + Double($0 % 3)) })
      var parameters = Boosting.Parameters()
      parameters.maxIterations = 20
      parameters.l2Regularization = 0  // beside which tiny weights are nothing
      let model = try Boosting(fitting: training, parameters: parameters)
      let found = try model.contributions(of: data.x)
      let sums = (0..<120).map { found.values.row($0).reduce(found.base, +) / scale }
      let predictions = try model.predict(data.x).map { $0 / scale }
      #expect(largestAbsoluteError(sums, predictions) < 1e-7)
      #expect(abs(found.values[0, 3]) > 1e-6 * scale)
    }
  }

  @Test func ridgeIsExplainedByItsCoefficients() throws {
    let data = SyntheticData.linear(rows: 60, features: 4)
    let model = try Ridge(fitting: TrainingSet(x: data.x, y: data.y), parameters: .init(alpha: 0.1))
    let found = try model.contributions(of: data.x)
    let sums = (0..<60).map { found.values.row($0).reduce(found.base, +) }
    #expect(largestAbsoluteError(sums, try model.predict(data.x)) < Self.tolerance)
    #expect(abs(found.base - data.y.reduce(0, +) / 60) < Self.tolerance)
    // Over the training rows a feature's contributions cancel.
    for column in 0..<4 { #expect(abs(found.values.column(column).reduce(0, +)) < Self.tolerance) }
    let plain = try Ridge(
      fitting: TrainingSet(x: data.x, y: data.y), parameters: .init(alpha: 0.1, fitsIntercept: false))
    #expect(try plain.contributions(of: data.x).base == 0)
  }

  @Test func otherColumnsAreRefused() throws {
    let training = try MixedData.training(rows: 50, seed: 3)
    for learner in try Self.learners(try TrainingSet(x: training.x, y: training.y.map(abs), kinds: training.kinds)) {
      #expect(throws: PredictionError.columnMismatch(expected: 4, found: 2)) {
        try learner.contributions(of: Matrix(rows: 1, columns: 2))
      }
    }
  }
}
