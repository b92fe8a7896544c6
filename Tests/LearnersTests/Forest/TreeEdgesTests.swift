import Learners
import Linalg
import TestSupport
import Testing

/// Data at the edge of what can be learned from, through every tree learner and every loss: a model or a clear error.
struct TreeEdgesTests {
  static let learners = ["forest", "extra-trees"] + Boosting.Loss.allCases.map { "boosting \($0.rawValue)" }

  private static func fit(_ name: String, _ training: TrainingSet) throws -> any Regressor {
    switch name {
    case "forest":
      var parameters = Forest.Parameters()
      parameters.estimators = 3
      return try Forest(fitting: training, parameters: parameters, seed: 1)
    case "extra-trees":
      var parameters = ExtraTrees.Parameters()
      parameters.estimators = 3
      return try ExtraTrees(fitting: training, parameters: parameters, seed: 1)
    default:
      var parameters = Boosting.Parameters()
      try parameters.set("loss", to: .text(String(name.dropFirst("boosting ".count))))
      parameters.maxIterations = 30
      return try Boosting(fitting: training, parameters: parameters, seed: 1)
    }
  }

  /// Fits, and checks what has to hold for every model: finite predictions, a way through a file, an explanation.
  @discardableResult
  private static func check(_ name: String, _ training: TrainingSet) throws -> [Double] {
    let model = try fit(name, training)
    let predictions = try model.predict(training.x)
    #expect(predictions.allSatisfy { $0.isFinite })
    try checkFile(of: model, training.x, predictions)
    let found = try #require(model as? any Explainable).contributions(of: training.x)
    let limit = predictions.reduce(0) { max($0, abs($1)) }
    guard found.link == .identity else { return predictions }
    for row in 0..<training.x.rows {
      // In units of the largest prediction, so that nothing overflows.
      let sum = found.values.row(row).reduce(found.base / limit) { $0 + $1 / limit }
      #expect(limit == 0 || abs(sum - predictions[row] / limit) < 1e-9)
    }
    return predictions
  }

  private static func checkFile<Learner: Regressor>(
    of model: Learner, _ x: Matrix<Double>, _ predictions: [Double]
  ) throws {
    var tensors = TensorStore()
    model.encode(into: &tensors)
    let copy = try Learner(decoding: tensors, parameters: model.parameters, featureCount: model.featureCount)
    #expect(try copy.predict(x) == predictions)
  }

  private static let targets = (0..<60).map { Double($0 % 7) }

  @Test(arguments: learners)
  func oneValueInEveryColumnIsOnePrediction(name: String) throws {
    let x = Matrix<Double>(rows: 60, columns: 3) { _, column in Double(column) }
    let predictions = try Self.check(name, try TrainingSet(x: x, y: Self.targets))
    #expect(Set(predictions).count == 1 && (0...6).contains(predictions[0]))
  }

  @Test(arguments: learners)
  func onlyMissingValuesAreOnePrediction(name: String) throws {
    let x = Matrix<Double>(rows: 60, columns: 2, repeating: .nan)
    let predictions = try Self.check(
      name, try TrainingSet(x: x, y: Self.targets, kinds: [.numeric, .categorical(levels: 3)]))
    #expect(Set(predictions).count == 1 && (0...6).contains(predictions[0]))
  }

  @Test(arguments: learners)
  func oneRowIsReproduced(name: String) throws {
    let training = try TrainingSet(x: Matrix(rows: 1, columns: 2, elements: [3, .nan]), y: [4])
    let predictions = try Self.check(name, training)
    #expect(abs(predictions[0] - 4) < 1e-9)
  }

  @Test(arguments: learners)
  func infiniteValuesAreRefusedInTrainingAndTakenInPredictions(name: String) throws {
    var x = Matrix<Double>(rows: 60, columns: 2) { row, column in Double(row * (column + 1)) }
    let model = try Self.fit(name, try TrainingSet(x: x, y: Self.targets))
    let ends = Matrix<Double>(rows: 2, columns: 2, elements: [.infinity, -.infinity, -.infinity, .nan])
    #expect(try model.predict(ends).allSatisfy { $0.isFinite })
    x[7, 1] = -.infinity
    #expect(throws: FitError.nonFinite(row: 7, column: 1)) { try TrainingSet(x: x, y: Self.targets) }
  }

  @Test(arguments: learners)
  func weightsOfZeroAreAbsentRows(name: String) throws {
    let x = Matrix<Double>(rows: 60, columns: 2) { row, column in Double((row * 7) % (11 + column)) }
    let weights = (0..<60).map { $0 < 30 ? 1.0 : 0 }
    let half = try TrainingSet(x: x[rows: 0..<30], y: Array(Self.targets[..<30]))
    let all = try TrainingSet(x: x, y: Self.targets, weights: weights)
    let error = largestAbsoluteError(try Self.fit(name, all).predict(x), try Self.fit(name, half).predict(x))
    #expect(error < 1e-9)
    #expect(throws: FitError.invalidWeight(row: 0)) {
      try TrainingSet(x: x, y: Self.targets, weights: Array(repeating: 0, count: 60))
    }
    // All but one row.
    let one = try TrainingSet(x: x, y: Self.targets, weights: (0..<60).map { $0 == 5 ? 2 : 0 })
    #expect(try Self.fit(name, one).predict(x).allSatisfy { abs($0 - 5) < 1e-9 })
  }

  @Test(arguments: learners)
  func hugeTargetsHaveAModel(name: String) throws {
    let x = Matrix<Double>(rows: 60, columns: 2) { row, column in Double((row * 7) % (11 + column)) }
    let targets = Self.targets.map { $0 * 1e299 }
    let predictions = try Self.check(name, try TrainingSet(x: x, y: targets))
    #expect(predictions.allSatisfy { $0 >= -1e300 && $0 <= 1e300 })
    if !name.hasSuffix("poisson") && !name.hasSuffix("tweedie") {
      let signed = targets.enumerated().map { $0 % 2 == 0 ? $1 : -$1 }
      try Self.check(name, try TrainingSet(x: x, y: signed))
    }
  }

  /// More levels than boosting has bins, more than 16 bits; a quarter of them known by one row only.
  @Test(arguments: learners)
  func seventyThousandLevelsAreLearnedFrom(name: String) throws {
    let levels = 70_000
    let rows = 90_000
    let x = Matrix<Double>(rows: rows, columns: 2) { row, column in
      column == 0 ? Double(row * 31 % levels) : Double(row % 10)
    }
    let training = try TrainingSet(
      x: x, y: (0..<rows).map { Double($0 % 10) + Double($0 * 31 % levels % 2) },
      kinds: [.categorical(levels: levels), .numeric])
    let model = try Self.fit(name, training)
    let sample = x.gathering(rows: Array(stride(from: 0, to: rows, by: 997)))
    #expect(try model.predict(sample).allSatisfy { $0.isFinite })
  }
}
