import Glibc
import Learners
import Linalg
import TestSupport
import Testing

@Suite struct SVRTests {
  private func friedman(_ rows: Int, features: Int = 6) throws -> TrainingSet {
    let (x, y) = SyntheticData.friedman(rows: rows, features: features)
    return try TrainingSet(x: x, y: y.map { ($0 - 14) / 5 })
  }

  @Test func oneRowIsPredictedEverywhere() throws {
    let training = try TrainingSet(x: Matrix(rows: 1, columns: 2, elements: [1, 2]), y: [3.5])
    let model = try SVR(fitting: training)
    #expect(model.supportVectorCount == 0 && model.converged)
    #expect(try model.predict(Matrix(rows: 2, columns: 2, elements: [1, 2, -50, 1e200])) == [3.5, 3.5])
  }

  @Test func aConstantTargetIsReproduced() throws {
    let x = SyntheticData.friedman(rows: 40, features: 5).x
    let model = try SVR(fitting: TrainingSet(x: x, y: Array(repeating: -7.25, count: 40)))
    #expect(model.supportVectorCount == 0)
    #expect(try model.predict(x) == Array(repeating: -7.25, count: 40))
  }

  @Test func aWideEpsilonLeavesTheMiddleOfTheTargets() throws {
    var parameters = SVR.Parameters()
    parameters.epsilon = 10
    let x = Matrix<Double>(rows: 4, columns: 1, elements: [0, 1, 2, 3])
    let model = try SVR(fitting: TrainingSet(x: x, y: [1, 2, 4, 9]), parameters: parameters)
    #expect(model.supportVectorCount == 0)
    #expect(try model.predict(x) == [5, 5, 5, 5])
  }

  @Test(arguments: [SVR.KernelShape.rbf, .linear, .polynomial]) func identicalRowsAreFitted(kernel: SVR.KernelShape)
    throws
  {
    var parameters = SVR.Parameters()
    parameters.kernel = kernel
    let x = Matrix<Double>(rows: 9, columns: 3) { _, column in Double(column) }
    let model = try SVR(fitting: TrainingSet(x: x, y: (0..<9).map(Double.init)), parameters: parameters)
    // Any value between the median's two sides is optimal up to epsilon.
    #expect(model.converged)
    #expect(try model.predict(x).allSatisfy { abs($0 - 4) <= 0.11 })
  }

  /// 0.1 cannot be written exactly: the mean of some such numbers differs from them.
  @Test(arguments: [3, 7, 10]) func equalElementsHaveNoVariance(rows: Int) throws {
    let x = Matrix<Double>(rows: rows, columns: 1, repeating: 0.1)
    #expect(try SVR(fitting: TrainingSet(x: x, y: (0..<rows).map(Double.init))).gamma == 1)
  }

  @Test func moreFeaturesThanRows() throws {
    let (x, y, _) = SyntheticData.linear(rows: 12, features: 3000)
    let model = try SVR(fitting: TrainingSet(x: x, y: y.map { $0 / 50 }))
    #expect(model.converged)
    #expect(try model.predict(x).allSatisfy(\.isFinite))
  }

  /// A weight of 2 is two copies, up to the solver's tolerance; a weight of 0 is no row, to the last bit.
  @Test func weightsCountCopies() throws {
    let training = try friedman(60)
    let weights = (0..<60).map { Double($0 % 3) }
    let weighted = try SVR(fitting: TrainingSet(x: training.x, y: training.y, weights: weights))
    let present = (0..<60).filter { weights[$0] > 0 }
    let without = try SVR(
      fitting: TrainingSet(
        x: training.x.gathering(rows: present), y: present.map { training.y[$0] }, weights: present.map { weights[$0] })
    )
    #expect(try weighted.predict(training.x) == without.predict(training.x))

    let copies = (0..<60).flatMap { Array(repeating: $0, count: $0 % 3) }
    var parameters = SVR.Parameters()
    (parameters.gamma, parameters.tolerance) = (0.5, 1e-5)
    let heavy = try SVR(
      fitting: TrainingSet(x: training.x, y: training.y, weights: weights), parameters: parameters)
    let repeated = try SVR(
      fitting: TrainingSet(x: training.x.gathering(rows: copies), y: copies.map { training.y[$0] }),
      parameters: parameters)
    #expect(abs(heavy.dualObjective - repeated.dualObjective) <= 1e-5 * abs(repeated.dualObjective))
    #expect(try largestAbsoluteError(heavy.predict(training.x), repeated.predict(training.x)) <= 1e-3)
  }

  /// Clusters a thousand units apart whose rows are one unit apart: the product form of distances in single precision
  /// would be wrong by about 0.1 here.
  @Test func distancesSurviveLargeNorms() throws {
    var random = RandomStream(seed: 5, purpose: RandomPurpose("test.svr.clusters"))
    let x = Matrix<Double>(rows: 120, columns: 3) { row, _ in 1000 * Double(row % 3) + random.normal() }
    let y = (0..<120).map { x[$0, 0] - 1000 * Double($0 % 3) }
    let shifted = Matrix<Double>(rows: 120, columns: 3) { x[$0, $1] + 1e6 }
    var parameters = SVR.Parameters()
    (parameters.gamma, parameters.tolerance) = (0.5, 1e-5)
    let near = try SVR(fitting: TrainingSet(x: x, y: y), parameters: parameters)
    let far = try SVR(fitting: TrainingSet(x: shifted, y: y), parameters: parameters)
    // The same rows elsewhere, so the same fit, but for the 1e-10 that a coordinate of 1e6 loses and the tolerance.
    #expect(try largestAbsoluteError(near.predict(x), far.predict(shifted)) <= 1e-4)
    let exact = try naivePredictions(near, x)
    #expect(try largestAbsoluteError(near.predict(x), exact) <= 1e-5)
  }

  private func naivePredictions(_ model: SVR, _ x: Matrix<Double>) throws -> [Double] {
    (0..<x.rows).map { row in
      var sum = model.intercept
      for (index, coefficient) in model.dualCoefficients.enumerated() {
        var distance = 0.0
        for column in 0..<x.columns {
          let difference = x[row, column] - model.supportVectors[index, column]
          distance += difference * difference
        }
        sum += coefficient * exp(-model.gamma * distance)
      }
      return sum
    }
  }

  @Test func predictsWhatTheFormulaSays() throws {
    let training = try friedman(1500)
    let model = try SVR(fitting: training)
    // Four roundings of squared norms of about 1, 2.4e-7, in each exponent, if all pulled the same way.
    let tolerance = 2.4e-7 * model.dualCoefficients.reduce(0) { $0 + abs($1) }
    let error = try largestAbsoluteError(model.predict(training.x), naivePredictions(model, training.x))
    #expect(error <= tolerance && tolerance < 1e-3)
  }

  @Test func theNumberOfThreadsChangesNoBit() throws {
    let training = try friedman(2300)
    let results = try [1, 2].map { threads in
      try ThreadBudget.with(threads) {
        let model = try SVR(fitting: training)
        return (model.dualCoefficients, model.intercept, try model.predict(training.x))
      }
    }
    let isSame = results[0] == results[1]
    #expect(isSame)
  }

  /// Few rows are computed the other way round. A gamma of 30 takes norms beyond what single precision is used for.
  @Test(arguments: [
    (SVR.KernelShape.rbf, Double?.none), (.rbf, 30), (.linear, nil), (.polynomial, nil),
  ]) func aRowAloneHasTheBitsOfItAmongOthers(kernel: SVR.KernelShape, gamma: Double?) throws {
    var parameters = SVR.Parameters()
    (parameters.kernel, parameters.gamma) = (kernel, gamma)
    let training = try friedman(700)
    let model = try SVR(fitting: training, parameters: parameters)
    #expect(model.supportVectorCount > 256)
    let together = try model.predict(training.x)
    for count in [1, 2, 8, 9] {
      for first in stride(from: 0, to: 60, by: count) {
        let rows = Array(first..<first + count)
        #expect(try model.predict(training.x.gathering(rows: rows)) == rows.map { together[$0] })
      }
    }
  }

  @Test func refusesWhatItCannotTake() throws {
    let x = Matrix<Double>(rows: 2, columns: 2, elements: [1, .nan, 3, 4])
    #expect(throws: FitError.nonFinite(row: 0, column: 1)) { try SVR(fitting: TrainingSet(x: x, y: [1, 2])) }
    var parameters = SVR.Parameters()
    parameters.c = 0
    #expect(throws: FitError.self) { try SVR(fitting: friedman(10), parameters: parameters) }
    (parameters.c, parameters.kernel) = (1, .linear)
    let huge = Matrix<Double>(rows: 2, columns: 1, elements: [1e200, -1e200])
    #expect(throws: FitError.self) { try SVR(fitting: TrainingSet(x: huge, y: [1, 2]), parameters: parameters) }
    #expect(throws: FitError.self) { try SVR(fitting: TrainingSet(x: huge, y: [1, 2])) }
    let model = try SVR(fitting: friedman(10))
    #expect(throws: PredictionError.columnMismatch(expected: 6, found: 2)) { try model.predict(x) }
    let missing = Matrix<Double>(rows: 1, columns: 6, elements: [0, 0, 0, 0, .nan, 0])
    #expect(throws: PredictionError.nonFinite(row: 0, column: 4)) { try model.predict(missing) }
  }

  @Test func farAwayRowsAreStillPredicted() throws {
    let model = try SVR(fitting: friedman(50))
    let far = Matrix<Double>(rows: 2, columns: 6) { row, _ in row == 0 ? 1e15 : 1e300 }
    #expect(try model.predict(far) == [model.intercept, model.intercept])
  }
}
