import Learners
import Linalg
import TestSupport
import Testing

struct RidgeCrossValidationTests {
  /// What the project promises.
  private let relativeTolerance = 1e-8
  private let alphas = [1e-3, 0.1, 1, 30, 1e4]

  struct Problem: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let x: Matrix<Double>
    let y: [Double]
    var weights: [Double]?
    var assignments: [Int]
    /// Folds that must not be taken from the sums of all; nil where either way is right.
    var refitted: [Int]?
  }

  private static func folds(_ rows: Int, _ count: Int = 4) -> [Int] { (0..<rows).map { ($0 * 7) % count } }

  static let problems: [Problem] = {
    let (x, y, _) = SyntheticData.linear(rows: 200, features: 6, noise: 1, seed: 20)
    let plain = folds(200)
    let dependent = Matrix(rows: 200, columns: 12) { x[$0, $1 % 6] }
    let far = Matrix(rows: 200, columns: 6) { x[$0, $1] + 1e6 * Double($1 + 1) }
    // Constant in the training part of fold 2, and nearly so.
    let constant = Matrix(rows: 200, columns: 6) { $1 == 3 ? (plain[$0] == 2 ? x[$0, 3] : 0.7) : x[$0, $1] }
    let nearly = Matrix(rows: 200, columns: 6) {
      $1 == 3 ? (plain[$0] == 2 ? 1e4 * x[$0, 3] : 0.7 + x[$0, 3]) : x[$0, $1]
    }
    let never = Matrix(rows: 200, columns: 6) { $1 == 4 ? 2.5 : x[$0, $1] }
    let (wide, target, _) = SyntheticData.linear(rows: 30, features: 50, noise: 1, seed: 21)
    let scales = Matrix(rows: 200, columns: 6) { x[$0, $1] * [1, 1e-5, 1e5, 1, 1e3, 1][$1] }
    let weights = (0..<200).map { Double($0 % 4) + ($0 == 17 ? 50 : 0) }
    let heavy = (0..<200).map { plain[$0] == 1 ? 1e9 : 1.0 }
    let loose = (0..<200).map { $0 % 9 == 0 ? -1 : plain[$0] }
    return [
      Problem(testDescription: "plain", x: x, y: y, assignments: plain, refitted: []),
      Problem(testDescription: "weights", x: x, y: y, weights: weights, assignments: plain, refitted: []),
      Problem(testDescription: "rows of no fold", x: x, y: y, assignments: loose, refitted: []),
      Problem(testDescription: "large means", x: far, y: y.map { $0 + 1e6 }, assignments: plain, refitted: []),
      Problem(testDescription: "dependent columns", x: dependent, y: y, assignments: plain),
      Problem(testDescription: "a column that never varies", x: never, y: y, assignments: plain, refitted: []),
      Problem(testDescription: "constant in one training part", x: constant, y: y, assignments: plain, refitted: [2]),
      Problem(testDescription: "a fold with the spread", x: nearly, y: y, assignments: plain, refitted: [2]),
      Problem(testDescription: "a fold with the weight", x: x, y: y, weights: heavy, assignments: plain, refitted: [1]),
      Problem(testDescription: "units", x: scales, y: y, assignments: plain),
      Problem(
        testDescription: "fewer rows than features", x: wide, y: target, assignments: folds(30), refitted: [0, 1, 2, 3]),
      Problem(testDescription: "one row a fold", x: x[rows: 0..<40], y: Array(y[0..<40]), assignments: Array(0..<40)),
    ]
  }()

  /// Every fold fitted anew for every penalty by a fit of its own, its features centred and scaled in a copy.
  @Test(arguments: problems, [true, false])
  func agreesWithSeparateFits(_ problem: Problem, _ isStandardized: Bool) throws {
    let folds = try Folds(assignments: problem.assignments, rows: problem.x.rows)
    let found = try RidgeCrossValidation(
      problem.x, problem.y, weights: problem.weights, folds: folds, alphas: alphas,
      scaling: isStandardized ? .standardized : .none)
    var sums = [Double](repeating: 0, count: alphas.count)
    var total = 0.0
    for fold in 0..<folds.count {
      let rows = folds.trainingRows(fold)
      let (centre, factors) = Self.scale(problem, rows, isStandardized)
      func prepared(_ rows: [Int]) -> Matrix<Double> {
        Matrix(rows: rows.count, columns: problem.x.columns) { (problem.x[rows[$0], $1] - centre[$1]) * factors[$1] }
      }
      let training = try TrainingSet(
        x: prepared(rows), y: rows.map { problem.y[$0] }, weights: problem.weights.map { w in rows.map { w[$0] } })
      let heldOut = folds.testRows(fold)
      for (index, alpha) in alphas.enumerated() {
        let model = try Ridge(fitting: training, parameters: .init(alpha: alpha))
        // Relative to the largest effect, as coefficients in other units are of other sizes.
        let deviations = zip(model.featureDeviations, factors).map { $1 > 0 ? $0 / $1 : 0 }
        let expected = zip(model.coefficients, factors).map { $0 * $1 }
        let effects = zip(expected, deviations).map { abs($0 * $1) }
        let scale = effects.max() ?? 0
        for column in expected.indices {
          let error = abs(found.coefficients[fold][index, column] - expected[column]) * deviations[column]
          #expect(error <= relativeTolerance * scale, "fold \(fold), alpha \(alpha), column \(column)")
        }
        let predictions = try model.predict(prepared(heldOut))
        for (row, prediction) in zip(heldOut, predictions) {
          let error = abs(found.predictions[row, index] - prediction)
          #expect(error <= relativeTolerance * max(1, abs(prediction)), "row \(row), alpha \(alpha)")
          let weight = problem.weights?[row] ?? 1
          sums[index] += weight * (problem.y[row] - prediction) * (problem.y[row] - prediction)
        }
      }
      total += heldOut.reduce(0) { $0 + (problem.weights?[$1] ?? 1) }
    }
    #expect(largestRelativeError(found.meanSquaredErrors, sums.map { $0 / total }) <= relativeTolerance)
    // On the features' own scale a condition number may send other folds back to their rows.
    if let refitted = problem.refitted {
      #expect(isStandardized ? found.refittedFolds == refitted : Set(found.refittedFolds).isSuperset(of: refitted))
    }
  }

  /// Means and 1 / deviations in two plain passes.
  private static func scale(
    _ problem: Problem, _ rows: [Int], _ isStandardized: Bool
  ) -> (centre: [Double], factors: [Double]) {
    let weights = rows.map { problem.weights?[$0] ?? 1 }
    let total = weights.reduce(0, +)
    var (centre, factors): ([Double], [Double]) = ([], [])
    for column in 0..<problem.x.columns {
      let values = rows.map { problem.x[$0, column] }
      let first = values[weights.firstIndex { $0 > 0 } ?? 0]
      let mean = first + zip(weights, values).reduce(0) { $0 + $1.0 * ($1.1 - first) } / total
      let variance = zip(weights, values).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) } / total
      centre.append(mean)
      factors.append(isStandardized ? (variance > 0 ? 1 / variance.squareRoot() : 0) : 1)
    }
    return (centre, factors)
  }

  @Test func withoutInterceptNothingIsCentred() throws {
    let (x, y, _) = SyntheticData.linear(rows: 100, features: 4, noise: 1, seed: 22)
    let folds = try Folds(assignments: Self.folds(100), rows: 100)
    let found = try RidgeCrossValidation(x, y, folds: folds, alphas: [0.5, 5], fitsIntercept: false)
    #expect(found.refittedFolds.isEmpty && found.distinctFits == 4)
    for fold in 0..<4 {
      let rows = folds.trainingRows(fold)
      let training = try TrainingSet(x: x.gathering(rows: rows), y: rows.map { y[$0] })
      for (index, alpha) in [0.5, 5].enumerated() {
        let model = try Ridge(fitting: training, parameters: .init(alpha: alpha, fitsIntercept: false))
        let coefficients = (0..<4).map { found.coefficients[fold][index, $0] }
        #expect(largestRelativeError(coefficients, model.coefficients, floor: 0.01) <= relativeTolerance)
        #expect(found.intercepts[fold][index] == 0)
      }
    }
  }

  @Test func interceptsBelongToTheRawFeatures() throws {
    let (x, y, _) = SyntheticData.linear(rows: 100, features: 4, noise: 1, seed: 23)
    let folds = try Folds(assignments: Self.folds(100), rows: 100)
    let found = try RidgeCrossValidation(x, y, folds: folds, alphas: [1], scaling: .standardized)
    for row in 0..<100 {
      let fold = folds.assignments[row]
      let sum = (0..<4).reduce(found.intercepts[fold][0]) { $0 + x[row, $1] * found.coefficients[fold][0, $1] }
      #expect(abs(sum - found.predictions[row, 0]) < 1e-10)
    }
  }

  @Test func theTargetsOfAHeldOutFoldDoNotReachItsPredictions() throws {
    let (x, y, _) = SyntheticData.linear(rows: 100, features: 4, noise: 1, seed: 24)
    let folds = try Folds(assignments: Self.folds(100), rows: 100)
    let spoiled = y.indices.map { folds.assignments[$0] == 1 ? y[$0] + 5 : y[$0] }
    let expected = try RidgeCrossValidation(x, y, folds: folds, alphas: [1], scaling: .standardized)
    let found = try RidgeCrossValidation(x, spoiled, folds: folds, alphas: [1], scaling: .standardized)
    // Their moments are added and taken out again: up to rounding.
    for row in folds.testRows(1) { #expect(abs(found.predictions[row, 0] - expected.predictions[row, 0]) < 1e-11) }
  }

  @Test(arguments: [(60, 3), (8, 20)])
  func refusesWhatItCannotFit(_ shape: (Int, Int)) throws {
    let (x, y, _) = SyntheticData.linear(rows: shape.0, features: shape.1)
    let folds = try Folds(assignments: Self.folds(shape.0, 2), rows: shape.0)
    for value in [Double.nan, .infinity] {
      var damaged = x
      damaged[5, 2] = value
      #expect(throws: FitError.nonFinite(row: 5, column: 2)) {
        try RidgeCrossValidation(damaged, y, folds: folds, alphas: [1])
      }
      #expect(throws: FitError.nonFinite(row: 5, column: 2)) { try Ridge(fitting: damaged, to: y) }
    }
    let negative = ParameterError.invalid(name: "alpha", value: "-1.0", domain: "[0, ∞) or auto")
    #expect(throws: FitError.parameter(negative)) { try RidgeCrossValidation(x, y, folds: folds, alphas: [1, -1]) }
  }

  @Test func theSameBitsOnAnyThreads() throws {
    let (x, y, _) = SyntheticData.linear(rows: 6_000, features: 7, seed: 25)
    let folds = try Folds(assignments: Self.folds(6_000), rows: 6_000)
    let results = try [1, 2, 7].map { threads in
      try ThreadBudget.with(threads) { try RidgeCrossValidation(x, y, folds: folds, alphas: alphas) }
    }
    for result in results.dropFirst() {
      #expect(result.coefficients == results[0].coefficients && result.predictions == results[0].predictions)
    }
  }
}
