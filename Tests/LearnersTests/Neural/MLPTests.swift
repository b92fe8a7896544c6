internal import Learners
internal import Linalg
internal import TestSupport
internal import Testing

@Suite struct MLPTests {
  /// Friedman #1 with its features standardised: uniform on [0, 1) has mean ½ and variance 1/12.
  static func friedman(rows: Int, noise: Double = 1, seed: UInt64) -> (x: Matrix<Double>, y: [Double]) {
    let (x, y) = SyntheticData.friedman(rows: rows, noise: noise, seed: seed)
    return (Matrix(rows: rows, columns: 10) { (x[$0, $1] - 0.5) * 12.0.squareRoot() }, y)
  }

  static func quick(_ change: (inout MLP.Parameters) -> Void = { _ in }) -> MLP.Parameters {
    var parameters = MLP.Parameters()
    parameters.ensembleSize = 3
    parameters.maxEpochs = 15
    parameters.hiddenUnits = 16
    change(&parameters)
    return parameters
  }

  @Test(arguments: Activation.allCases)
  func `learns Friedman's first problem`(activation: Activation) throws {
    let (x, y) = Self.friedman(rows: 1000, seed: 1)
    let (testX, testY) = Self.friedman(rows: 2000, noise: 0, seed: 2)
    var parameters = MLP.Parameters()
    parameters.activation = activation
    let model = try MLP(fitting: TrainingSet(x: x, y: y), parameters: parameters)
    let predictions = try model.predict(testX)
    let mean = testY.reduce(0, +) / 2000
    let squares = zip(predictions, testY).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let r2 = 1 - squares / testY.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    // Of the noiseless function. scikit-learn 1.9's MLPRegressor reaches 0.95 to 0.97, see docs/learners/mlp.md.
    #expect(r2 > 0.96, "R² \(r2)")
    #expect(model.converged && model.epochs.count == 8)
  }

  @Test func `same bits for any number of threads and for two fits`() throws {
    let (x, y) = Self.friedman(rows: 700, seed: 3)
    // Wide enough that products are cut into parts.
    let parameters = Self.quick {
      $0.hiddenUnits = 256; $0.maxEpochs = 2; $0.batchSize = 400
    }
    let training = try TrainingSet(x: x, y: y)
    let results = try [1, 2, 7, 2].map { threads in
      try ThreadBudget.with(threads) { try MLP(fitting: training, parameters: parameters, seed: 5).predict(x) }
    }
    #expect(results.allSatisfy { $0 == results[0] })
    let other = try MLP(fitting: training, parameters: parameters, seed: 6).predict(x)
    #expect(other != results[0])
  }

  @Test(arguments: [1, 5, 16, 31, 130])
  func `a row's prediction does not depend on the other rows`(hiddenUnits: Int) throws {
    let (x, y) = Self.friedman(rows: 203, seed: 4)
    let parameters = Self.quick {
      $0.hiddenUnits = hiddenUnits; $0.maxEpochs = 3
    }
    let model = try MLP(fitting: TrainingSet(x: x, y: y), parameters: parameters)
    let together = try model.predict(x)
    let alone = try (0..<203).flatMap { try model.predict(x[rows: $0..<$0 + 1]) }
    #expect(alone == together)
    #expect(try model.predict(x[rows: 3..<41]) == Array(together[3..<41]))
    #expect(try model.predict(x[rows: 0..<0]).isEmpty)
  }

  @Test func `a row of weight zero is absent, and the scale of weights is nothing`() throws {
    let (x, y) = Self.friedman(rows: 120, seed: 5)
    var random = RandomStream(seed: 1, purpose: RandomPurpose("test.mlp"))
    let kept = Array(0..<120).filter { $0 % 3 != 0 }
    let weights = (0..<120).map { $0 % 3 == 0 ? 0 : 0.5 + random.uniform() }
    var spoiled = y
    for row in stride(from: 0, to: 120, by: 3) { spoiled[row] = 1000 }
    let parameters = Self.quick()
    let whole = try MLP(fitting: TrainingSet(x: x, y: spoiled, weights: weights), parameters: parameters)
    let without = try MLP(
      fitting: TrainingSet(x: x.gathering(rows: kept), y: kept.map { y[$0] }, weights: kept.map { weights[$0] }),
      parameters: parameters)
    let doubled = try MLP(
      fitting: TrainingSet(x: x, y: spoiled, weights: weights.map { 2 * $0 }), parameters: parameters)
    #expect(try whole.predict(x) == without.predict(x))
    #expect(try whole.predict(x) == doubled.predict(x))
  }

  @Test func `weights draw the fit to the heavy rows`() throws {
    // One feature that tells nothing: the best constant is the weighted mean.
    let x = Matrix<Double>(rows: 400, columns: 1)
    let y = (0..<400).map { $0 % 2 == 0 ? 0.0 : 1.0 }
    let weights = (0..<400).map { $0 % 2 == 0 ? 1.0 : 3.0 }
    let model = try MLP(
      fitting: TrainingSet(x: x, y: y, weights: weights), parameters: Self.quick { $0.earlyStopping = false })
    #expect(try abs(model.predict(x)[0] - 0.75) < 0.02)
  }

  @Test func `predictions stay within the range of the targets and a tenth`() throws {
    let (x, y) = Self.friedman(rows: 200, seed: 6)
    let model = try MLP(fitting: TrainingSet(x: x, y: y), parameters: Self.quick())
    let far = Matrix<Double>(rows: 4, columns: 10) { [1e3, -1e3, 1e300, -1e300][$0] * Double(1 + $1 % 2) }
    let margin = 0.1 * (y.max()! - y.min()!)
    for prediction in try model.predict(far) {
      #expect(prediction >= y.min()! - margin && prediction <= y.max()! + margin)
    }
  }

  @Test(arguments: [(1, 1), (1, 30), (2, 3), (9, 2), (10, 1), (33, 4), (20, 1000)])
  func `fits any shape`(rows: Int, columns: Int) throws {
    var random = RandomStream(seed: 2, purpose: RandomPurpose("test.mlp"))
    let x = Matrix<Double>(rows: rows, columns: columns) { _, _ in random.normal() }
    let y = (0..<rows).map { _ in 1e6 + random.normal() }
    let model = try MLP(fitting: TrainingSet(x: x, y: y), parameters: Self.quick())
    let predictions = try model.predict(x)
    #expect(predictions.allSatisfy { abs($0 - 1e6) < 10 })
    #expect(model.converged)
    if rows == 1 { #expect(predictions == y) }
  }

  @Test(arguments: [0.1, 0, -7e9, 1e150])
  func `a constant target is reproduced`(value: Double) throws {
    let (x, _) = Self.friedman(rows: 50, seed: 7)
    let model = try MLP(fitting: TrainingSet(x: x, y: Array(repeating: value, count: 50)), parameters: Self.quick())
    #expect(try model.predict(x).allSatisfy { $0 == value })
  }

  @Test func `a diverging fit still predicts`() throws {
    let (x, y) = Self.friedman(rows: 100, seed: 8)
    let model = try MLP(fitting: TrainingSet(x: x, y: y), parameters: Self.quick { $0.learningRate = 1e30 })
    #expect(!model.converged)
    #expect(try model.predict(x).allSatisfy { $0 >= y.min()! - 3 && $0 <= y.max()! + 3 })
  }

  @Test func `bad input throws`() throws {
    let (x, y) = Self.friedman(rows: 20, seed: 9)
    var holed = x
    holed[3, 2] = .nan
    #expect(throws: FitError.nonFinite(row: 3, column: 2)) { try MLP(fitting: TrainingSet(x: holed, y: y)) }
    #expect(throws: FitError.invalidTarget(row: 5, reason: "is too large to be squared and summed")) {
      var huge = y
      huge[5] = -1e300
      return try MLP(fitting: TrainingSet(x: x, y: huge))
    }
    var parameters = MLP.Parameters()
    parameters.validationFraction = 1
    #expect(throws: FitError.parameter(.invalid(name: "validationFraction", value: "1.0", domain: "(0, 1)"))) {
      try MLP(fitting: TrainingSet(x: x, y: y), parameters: parameters)
    }
    let model = try MLP(fitting: TrainingSet(x: x, y: y), parameters: Self.quick())
    #expect(throws: PredictionError.columnMismatch(expected: 10, found: 3)) {
      try model.predict(Matrix(rows: 1, columns: 3))
    }
    #expect(throws: PredictionError.nonFinite(row: 3, column: 2)) { try model.predict(holed) }
  }
}
