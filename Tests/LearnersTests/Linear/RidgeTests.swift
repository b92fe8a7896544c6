import Learners
import Linalg
import TestSupport
import Testing

/// Problems with known solutions, made by Tests/Fixtures/make-ridge.py.
private struct RidgeFixture: Decodable {
  struct Solution: Decodable, Sendable {
    let coefficients: [Double]
    let intercept: Double
  }

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let rows: Int
    let features: Int
    let alpha: Double
    let fitsIntercept: Bool
    let x: [Double]
    let y: [Double]
    let weights: [Double]?
    let scikit: Solution
    /// Without rounding; nil where the solution is not unique.
    let exact: Solution?
    var testDescription: String { name }

    func training() throws -> TrainingSet {
      try TrainingSet(x: Matrix(rows: rows, columns: features, elements: x), y: y, weights: weights)
    }
  }

  struct Path: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let rows: Int
    let features: Int
    let x: [Double]
    let y: [Double]
    let weights: [Double]?
    let alphas: [Double]
    /// Mean over the rows of w e².
    let weightedSquaredErrors: [Double]
    var testDescription: String { name }
  }

  let cases: [Case]
  let paths: [Path]

  static let content = try? fixture("ridge", as: RidgeFixture.self)
  static let cases = content?.cases ?? []
  static let paths = content?.paths ?? []
}

struct RidgeTests {
  /// What the project promises.
  private let relativeTolerance = 1e-9

  @Test func fixtureIsThere() {
    #expect(RidgeFixture.cases.count == 22)
    #expect(RidgeFixture.paths.count == 4)
  }

  @Test(arguments: RidgeFixture.cases)
  fileprivate func agreesWithScikitLearn(_ known: RidgeFixture.Case) throws {
    let model = try Ridge(
      fitting: try known.training(), parameters: .init(alpha: known.alpha, fitsIntercept: known.fitsIntercept))
    // Relative to the largest effect: scikit-learn itself is off by more than that in single coefficients of little effect.
    let scale = zip(known.scikit.coefficients, model.featureDeviations).map { abs($0 * $1) }.max() ?? 0
    for column in 0..<known.features {
      let error = abs(model.coefficients[column] - known.scikit.coefficients[column]) * model.featureDeviations[column]
      #expect(error <= relativeTolerance * scale, "coefficient \(column)")
    }
    let size = zip(known.x, known.scikit.coefficients).map { abs($0 * $1) }.max() ?? 0
    #expect(abs(model.intercept - known.scikit.intercept) <= relativeTolerance * max(1, size))
  }

  @Test(arguments: RidgeFixture.cases.filter { $0.exact != nil })
  fileprivate func everyCoefficientIsExact(_ known: RidgeFixture.Case) throws {
    let exact = try #require(known.exact)
    let model = try Ridge(
      fitting: try known.training(), parameters: .init(alpha: known.alpha, fitsIntercept: known.fitsIntercept))
    #expect(largestRelativeError(model.coefficients, exact.coefficients, floor: 1e-9) <= relativeTolerance)
  }

  @Test(arguments: RidgeFixture.paths)
  fileprivate func leaveOneOutErrorsAgreeWithRidgeCV(_ known: RidgeFixture.Path) throws {
    let training = try TrainingSet(
      x: Matrix(rows: known.rows, columns: known.features, elements: known.x), y: known.y, weights: known.weights)
    let errors = try Ridge.leaveOneOutErrors(of: training, alphas: known.alphas)
    let found = known.alphas.indices.map { column in
      (0..<known.rows).reduce(0) { sum, row in
        sum + (known.weights?[row] ?? 1) * errors[row, column] * errors[row, column]
      } / Double(known.rows)
    }
    #expect(largestRelativeError(found, known.weightedSquaredErrors) <= 1e-8)
  }

  /// Every row left out and all others fitted anew.
  @Test(arguments: [(30, 4), (7, 6), (6, 6), (8, 20)], [true, false])
  func leaveOneOutErrorsAreThoseOfRefits(_ shape: (Int, Int), _ fitsIntercept: Bool) throws {
    let (rows, features) = shape
    var random = RandomStream(seed: 3, purpose: RandomPurpose("test.ridge"))
    let (x, y, _) = SyntheticData.linear(rows: rows, features: features, noise: 1, seed: 4)
    for weights in [nil, (0..<rows).map { _ in 0.1 + 3 * random.uniform() }] {
      let alphas = [1e-4, 1, 100]
      let training = try TrainingSet(x: x, y: y, weights: weights)
      let errors = try Ridge.leaveOneOutErrors(of: training, alphas: alphas, fitsIntercept: fitsIntercept)
      for (column, alpha) in alphas.enumerated() {
        let refitted = try (0..<rows).map { left in
          let rest = (0..<rows).filter { $0 != left }
          let model = try Ridge(
            fitting: TrainingSet(
              x: x.gathering(rows: rest), y: rest.map { y[$0] }, weights: weights.map { w in rest.map { w[$0] } }),
            parameters: .init(alpha: alpha, fitsIntercept: fitsIntercept))
          return try y[left] - model.predict(x[rows: left..<left + 1])[0]
        }
        #expect(largestRelativeError(errors.column(column), refitted, floor: 1e-3) <= 1e-8, "alpha \(alpha)")
      }
    }
  }

  @Test(arguments: [(200, 5), (20, 50)])
  func choosesThePenaltyWithTheSmallestLeaveOneOutError(_ shape: (Int, Int)) throws {
    let (x, y, _) = SyntheticData.linear(rows: shape.0, features: shape.1, noise: 2, seed: 5)
    let training = try TrainingSet(x: x, y: y)
    let model = try Ridge(fitting: training)
    #expect(model.path.alphas.count == 25)
    let errors = try Ridge.leaveOneOutErrors(of: training, alphas: model.path.alphas)
    let means = model.path.alphas.indices.map { column in
      errors.column(column).reduce(0) { $0 + $1 * $1 } / Double(shape.0)
    }
    #expect(largestRelativeError(model.path.meanSquaredErrors, means) < 1e-12)
    let smallest = try #require(means.indices.min { means[$0] < means[$1] })
    #expect(model.alpha == model.path.alphas[smallest])
    let again = try Ridge(fitting: training, parameters: .init(alpha: model.alpha))
    #expect(again.coefficients == model.coefficients && again.intercept == model.intercept)
  }

  /// A target that has nothing to do with the features is shrunk away, one that is exactly linear is not.
  @Test func penaltyFollowsTheNoise() throws {
    let (x, y, coefficients) = SyntheticData.linear(rows: 100, features: 8, noise: 0, seed: 6)
    let exact = try Ridge(fitting: TrainingSet(x: x, y: y))
    #expect(largestAbsoluteError(exact.coefficients, coefficients) < 1e-6)
    var random = RandomStream(seed: 1, purpose: RandomPurpose("test.ridge"))
    let target = y.map { _ in random.normal() }
    let noise = try Ridge(fitting: TrainingSet(x: x, y: target))
    let free = try Ridge(fitting: TrainingSet(x: x, y: target), parameters: .init(alpha: 0))
    func norm(_ model: Ridge) -> Double { model.coefficients.reduce(0) { $0 + $1 * $1 } }
    #expect(noise.alpha > 1e6 * exact.alpha && norm(noise) < 0.25 * norm(free))
  }

  @Test func primalIsDual() throws {
    // One row more or less than features changes the form; a row of almost no weight changes nothing else.
    let (x, y, _) = SyntheticData.linear(rows: 11, features: 11, seed: 7)
    let weights = (0..<11).map { $0 == 10 ? 1e-13 : 1.0 }
    let primal = try Ridge(fitting: TrainingSet(x: x, y: y, weights: weights), parameters: .init(alpha: 0.3))
    let dual = try Ridge(
      fitting: TrainingSet(x: x[rows: 0..<10], y: Array(y.dropLast())), parameters: .init(alpha: 0.3))
    #expect(largestRelativeError(primal.coefficients, dual.coefficients, floor: 1e-2) < 1e-10)
  }

  /// At alpha = 0 with dependent columns: the residual is orthogonal to the columns, and no solution is shorter.
  @Test func rankDeficientHasTheSolutionOfLeastNorm() throws {
    let (x, y, _) = SyntheticData.linear(rows: 50, features: 3, seed: 8)
    let doubled = Matrix(rows: 50, columns: 6) { x[$0, $1 % 3] }
    let model = try Ridge(fitting: TrainingSet(x: doubled, y: y), parameters: .init(alpha: 0))
    let plain = try Ridge(fitting: TrainingSet(x: x, y: y), parameters: .init(alpha: 0))
    let halves = (plain.coefficients + plain.coefficients).map { $0 / 2 }
    #expect(largestRelativeError(model.coefficients, halves) < 1e-10)
  }

  @Test func manyRowsAreTheSameBitsOnAnyThreads() throws {
    let (x, y, _) = SyntheticData.linear(rows: 6_000, features: 7, seed: 9)
    let (wide, target, _) = SyntheticData.linear(rows: 40, features: 3_000, seed: 9)
    let models = try [1, 2, 7].map { threads in
      try ThreadBudget.with(threads) {
        (try Ridge(fitting: TrainingSet(x: x, y: y)), try Ridge(fitting: TrainingSet(x: wide, y: target)))
      }
    }
    for model in models.dropFirst() {
      #expect(model.0.coefficients == models[0].0.coefficients && model.0.path == models[0].0.path)
      #expect(model.1.coefficients == models[0].1.coefficients && model.1.path == models[0].1.path)
    }
  }

  /// One eigendecomposition for all penalties, or the way of a single fit where that would lose digits.
  @Test(arguments: RidgeFixture.cases)
  fileprivate func aPathHasTheLearnersOfSeparateFits(_ known: RidgeFixture.Case) throws {
    let training = try known.training()
    let settings =
      [known.alpha, 0, 1e-6, 3, 1e5, nil].map { Ridge.Parameters(alpha: $0, fitsIntercept: known.fitsIntercept) }
      + [Ridge.Parameters(alpha: 3, fitsIntercept: !known.fitsIntercept)]
    let path = try Ridge.fitPath(settings, on: training, seed: 0)
    #expect(path.distinctFits == 2 && path.learners.map(\.parameters) == settings)
    for (learner, setting) in zip(path.learners, settings) {
      let alone = try Ridge(fitting: training, parameters: setting)
      let scale = zip(alone.coefficients, alone.featureDeviations).map { abs($0 * $1) }.max() ?? 0
      for column in 0..<known.features {
        let error = abs(learner.coefficients[column] - alone.coefficients[column]) * alone.featureDeviations[column]
        #expect(error <= 1e-8 * scale, "\(setting)")
      }
      #expect(learner.alpha == alone.alpha && learner.path == alone.path)
    }
  }

  @Test(arguments: [(300, 5), (20, 30)], [false, true])
  func rowsAsTheyAreGiveTheSameBits(_ shape: (Int, Int), _ hasAbsentRows: Bool) throws {
    let (x, y, _) = SyntheticData.linear(rows: shape.0, features: shape.1, seed: 11)
    let weights = (0..<shape.0).map { hasAbsentRows ? Double($0 % 3) : 1.5 }
    let direct = try Ridge(fitting: x, to: y, weights: weights)
    let checked = try Ridge(fitting: TrainingSet(x: x, y: y, weights: weights))
    #expect(direct.coefficients == checked.coefficients && direct.intercept == checked.intercept)
  }

  /// Many blocks of rows and of columns, against the plain definition: the gradient of the objective is zero.
  @Test(arguments: [(5_000, 30), (60, 2_500)])
  func gradientVanishes(_ shape: (Int, Int)) throws {
    let (x, y, _) = SyntheticData.linear(rows: shape.0, features: shape.1, noise: 1, seed: 10)
    let weights = (0..<shape.0).map { 0.5 + Double($0 % 3) }
    let model = try Ridge(fitting: TrainingSet(x: x, y: y, weights: weights), parameters: .init(alpha: 2))
    let residuals = zip(weights, zip(y, try model.predict(x))).map { $0 * ($1.0 - $1.1) }
    #expect(abs(residuals.reduce(0, +)) < 1e-9)
    var gradient = model.coefficients.map { -2 * $0 }
    BLAS.gemv(x, transposed: true, residuals, into: &gradient, beta: 1)
    #expect(largestAbsoluteError(gradient, gradient.map { _ in 0 }) < 1e-8)
  }

  @Test func refusesWhatItCannotFit() throws {
    let (x, y, _) = SyntheticData.linear(rows: 10, features: 2)
    let training = try TrainingSet(x: x, y: y)
    let negative = ParameterError.invalid(name: "alpha", value: "-1.0", domain: "[0, ∞) or auto")
    #expect(throws: FitError.parameter(negative)) { try Ridge(fitting: training, parameters: .init(alpha: -1)) }
    let huge = try TrainingSet(x: Matrix(rows: 10, columns: 2) { 1e200 * x[$0, $1] }, y: y)
    #expect(throws: FitError.linalg(.nonFinite(row: 0, column: 0))) { try Ridge(fitting: huge) }
    for (rows, columns) in [(5, 3), (3, 5)] {
      var gap = Matrix<Double>(rows: rows, columns: columns, repeating: 1)
      gap[1, 2] = .nan
      let training = try TrainingSet(x: gap, y: Array(y.prefix(rows)))
      #expect(throws: FitError.nonFinite(row: 1, column: 2)) { try Ridge(fitting: training) }
    }
  }

  @Test func decodingRefusesWhatCannotBe() throws {
    let (x, y, _) = SyntheticData.linear(rows: 10, features: 2)
    let model = try Ridge(fitting: TrainingSet(x: x, y: y), parameters: .init(alpha: 1))
    var tensors = TensorStore()
    model.encode(into: &tensors)
    #expect(throws: ModelFileError.self) {
      try Ridge(decoding: tensors, parameters: .init(alpha: 2), featureCount: 2)
    }
    #expect(throws: ModelFileError.wrongShape(tensor: "coefficients", expected: [3], found: [2])) {
      try Ridge(decoding: tensors, parameters: .init(alpha: 1), featureCount: 3)
    }
  }
}
