public import Linalg

/// Ridge over all folds and penalties, for little more than the price of one fit.
///
/// The second moments of each fold's rows are summed once; those of a training part are the moments of all rows less
/// those of the held-out ones. Centre and scale of a fold come from its own training part, so nothing leaks. One
/// eigendecomposition a fold gives the coefficients for all penalties, one product a fold all its predictions.
/// Cost for s samples, f features, K folds and A penalties: s f² + 4 K f³ + 2 s f A flops.
///
/// Coefficients and errors are those of separate fits to 1e-8 relative. Where moments cannot promise that, a fold is
/// refitted from its rows (`refittedFolds`): all folds, where a training part has fewer rows than features or the folds'
/// moments together would need more memory than x; one, where holding out its rows leaves less than 10⁻⁴ of a
/// feature's or the target's sum of squares, so that the difference has lost digits; one, where a penalty leaves a
/// condition number above 10⁵.
public struct RidgeCrossValidation: Sendable {
  /// What is done to the features of each training part; coefficients are in units of x whatever it is.
  public enum Scaling: Sendable {
    case none
    /// Divided by their standard deviations over the training part; a feature that does not vary there has no effect.
    case standardized
    /// Multiplied by given numbers: one a fold and feature.
    case factors([[Double]])
  }

  public let alphas: [Double]
  /// Out of fold, rows x alphas; NaN for a row of no fold.
  public let predictions: Matrix<Double>
  /// For each fold alphas x features.
  public let coefficients: [Matrix<Double>]
  /// For each fold one a penalty.
  public let intercepts: [[Double]]
  /// Σ w (y - p)² / Σ w over the rows that are held out once, one a penalty.
  public let meanSquaredErrors: [Double]
  public let refittedFolds: [Int]
  /// Fits that were done: one a fold, and one more where only some penalties of it were refitted.
  public let distinctFits: Int
  /// Time to fit and to predict for all penalties, one a fold, with a fold's share of the moments.
  internal let durations: [(fit: Duration, predict: Duration)]

  /// - Parameters:
  ///   - x: samples x features; y and weights one a sample.
  ///   - alphas: penalties, finite and not negative.
  /// - Throws: as `Ridge` does for the training part of a fold.
  public init(
    _ x: Matrix<Double>, _ y: [Double], weights: [Double]? = nil, folds: Folds, alphas: [Double],
    fitsIntercept: Bool = true, scaling: Scaling = .none
  ) throws(FitError) {
    for alpha in alphas {
      do throws(ParameterError) { try Ridge.Parameters(alpha: alpha).validate() } catch { throw .parameter(error) }
    }
    let training = try TrainingSet(leavingToLearner: x, y: y, weights: weights)
    precondition(folds.assignments.count == x.rows, "RidgeCrossValidation: folds of other rows")
    let clock = ContinuousClock()
    let start = clock.now
    let moments = try FoldMoments(training, folds: folds, centred: fitsIntercept)
    let share = (clock.now - start) / folds.count
    let fitted = try Parallel.map(folds.count) { fold throws(FitError) in
      let start = clock.now
      let fits = try FoldFits(
        training, rows: folds.trainingRows(fold), moments: moments?.trainingPart(without: fold), alphas: alphas,
        fitsIntercept: fitsIntercept, scaling: scaling, fold: fold)
      let heldOut = folds.testRows(fold)
      let fitted = clock.now
      let predictions = fits.predictions(for: heldOut, of: x)
      return (fits, heldOut, predictions, (fit: share + (fitted - start), predict: clock.now - fitted))
    }
    self.alphas = alphas
    coefficients = fitted.map(\.0.coefficients)
    intercepts = fitted.map(\.0.intercepts)
    refittedFolds = fitted.indices.filter { fitted[$0].0.isRefitted }
    distinctFits = fitted.reduce(0) { $0 + $1.0.distinctFits }
    durations = fitted.map(\.3)
    var predictions = Matrix<Double>(rows: x.rows, columns: alphas.count, repeating: .nan)
    for fold in fitted { predictions.setRows(fold.1, to: fold.2) }
    self.predictions = predictions
    meanSquaredErrors = Self.errors(predictions, y, weights, folds)
  }

  private static func errors(
    _ predictions: Matrix<Double>, _ y: [Double], _ weights: [Double]?, _ folds: Folds
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: predictions.columns)
    var total = 0.0
    for row in y.indices where folds.assignments[row] >= 0 {
      let weight = weights?[row] ?? 1
      total += weight
      for (index, prediction) in predictions.row(row).enumerated() {
        sums[index] += weight * (y[row] - prediction) * (y[row] - prediction)
      }
    }
    return sums.map { $0 / total }
  }
}

/// The moments of every fold and of all rows, about one origin.
private struct FoldMoments: Sendable {
  private let folds: [Gram]
  private let total: Gram
  private let isCentred: Bool

  /// Nil where fits from rows are cheaper or more accurate for every fold.
  /// - Throws: `.nonFinite` for a missing value.
  init?(_ training: TrainingSet, folds: Folds, centred: Bool) throws(FitError) {
    let (x, order) = (training.x, training.x.columns + 2)
    let heldOut = (0..<folds.count).map { folds.testRows($0) }
    let mostHeldOut = heldOut.map(\.count).max() ?? 0
    let affordable = max(x.rows * x.columns, 4_000_000)
    guard x.rows - mostHeldOut >= x.columns && folds.count * order * order <= affordable else {
      try training.requireNoMissing()
      return nil
    }
    let origin = centred ? Gram.origin(near: training) : Array(repeating: 0, count: x.columns + 1)
    let grams = heldOut.map { Gram(of: training, rows: $0, about: origin) }
    var total = Gram(of: training, rows: folds.assignments.indices.filter { folds.assignments[$0] < 0 }, about: origin)
    for gram in grams { total.add(gram) }
    if let column = origin.indices.first(where: { !total.moments[$0, $0].isFinite }) {
      try training.requireNoMissing()
      throw .linalg(.nonFinite(row: column, column: column))
    }
    self.folds = grams
    self.total = total
    isCentred = centred
  }

  /// The moments of the rows that a fold does not hold out; nil where the difference has lost digits.
  func trainingPart(without fold: Int) -> Gram? {
    var part = total
    part.subtract(folds[fold])
    guard part.weight > 1e-4 * total.weight else { return nil }
    let sums = part.moments.row(part.featureCount + 1)
    let keepsDigits = (0...part.featureCount).allSatisfy { column in
      let sum = isCentred ? sums[sums.startIndex + column] : 0
      let whole = total.moments[column, column]
      return whole == 0 || part.moments[column, column] - sum * sum / part.weight > 1e-4 * whole
    }
    return keepsDigits ? part : nil
  }
}

/// The solutions of one fold for all penalties.
private struct FoldFits: Sendable {
  /// alphas x features.
  let coefficients: Matrix<Double>
  /// Whether some penalties were fitted from rows.
  let isRefitted: Bool
  let distinctFits: Int
  /// What predictions are counted from: the training means, or zeros without intercept.
  private let centre: [Double]
  /// The prediction at the centre, one a penalty.
  private let levels: [Double]

  init(
    _ training: TrainingSet, rows: [Int], moments: Gram?, alphas: [Double], fitsIntercept: Bool,
    scaling: RidgeCrossValidation.Scaling, fold: Int
  ) throws(FitError) {
    let features = training.x.columns
    guard let moments else {
      let refit = try FoldRows(training, rows: rows, fitsIntercept: fitsIntercept, scaling: scaling, fold: fold)
      (coefficients, levels) = try refit.solve(alphas: alphas)
      (centre, isRefitted, distinctFits) = (refit.centre, true, 1)
      return
    }
    let (gram, product) = moments.normalEquations(centred: fitsIntercept)
    let means = fitsIntercept ? moments.means : Array(repeating: 0, count: features + 1)
    let factors = scaling.factors(fold: fold, squares: (0..<features).map { gram[$0, $0] }, weight: moments.weight)
    let scaled = Matrix(rows: features, columns: features) { factors[$0] * gram[$0, $1] * factors[$1] }
    let solutions: [[Double]?]
    do throws(LinalgError) {
      solutions = try Spectrum(of: scaled, squares: (0..<features).map { scaled[$0, $0] })
        .solutions(for: zip(factors, product).map { $0 * $1 }, alphas: alphas)
    } catch {
      throw .linalg(error)
    }
    var coefficients = Matrix(rows: alphas.count, columns: features) { (solutions[$0]?[$1] ?? 0) * factors[$1] }
    var levels = Array(repeating: means[features], count: alphas.count)
    var centre = Array(means.dropLast())
    let doubtful = alphas.indices.filter { solutions[$0] == nil }
    if !doubtful.isEmpty {
      let refit = try FoldRows(training, rows: rows, fitsIntercept: fitsIntercept, scaling: scaling, fold: fold)
      let solved = try refit.solve(alphas: doubtful.map { alphas[$0] })
      coefficients.setRows(doubtful, to: solved.coefficients)
      // Both centres are the training means, up to rounding.
      for (index, level) in zip(doubtful, solved.levels) { levels[index] = level }
      centre = refit.centre
    }
    self.coefficients = coefficients
    self.levels = levels
    self.centre = centre
    isRefitted = !doubtful.isEmpty
    distinctFits = isRefitted ? 2 : 1
  }

  var intercepts: [Double] {
    zip(levels, coefficients.times(centre)).map { $0 - $1 }
  }

  /// rows x alphas, by products of blocks of rows that stay in cache.
  func predictions(for rows: [Int], of x: Matrix<Double>) -> Matrix<Double> {
    let blocks = (rows.count + Self.blockRows - 1) / Self.blockRows
    let parts = Parallel.map(blocks) { index in
      let block = rows[index * Self.blockRows..<min((index + 1) * Self.blockRows, rows.count)]
      var centred = Matrix<Double>(rows: block.count, columns: x.columns)
      centred.gather(block, of: x, less: centre)
      var predictions = Matrix(rows: block.count, columns: levels.count) { levels[$1] }
      BLAS.gemm(centred, coefficients, transposingSecond: true, into: &predictions, beta: 1)
      return predictions
    }
    return Matrix(rows: rows.count, columns: levels.count, elements: parts.flatMap { $0.elements })
  }

  private static let blockRows = 256
}

/// The training rows of a fold, centred and scaled in a copy, for a fit from scratch.
private struct FoldRows {
  let centre: [Double]
  private let factors: [Double]
  private let training: TrainingSet
  private let fitsIntercept: Bool

  init(
    _ whole: TrainingSet, rows: [Int], fitsIntercept: Bool, scaling: RidgeCrossValidation.Scaling, fold: Int
  ) throws(FitError) {
    let weights = whole.weights.map { weights in rows.map { weights[$0] } }
    let raw = try TrainingSet(x: whole.x.gathering(rows: rows), y: rows.map { whole.y[$0] }, weights: weights)
    let moments = ColumnMoments(of: raw, centred: fitsIntercept)
    factors = scaling.factors(fold: fold, squares: moments.squares, weight: raw.totalWeight)
    centre = moments.means
    self.fitsIntercept = fitsIntercept
    let (centre, factors) = (centre, factors)
    let x = Matrix(rows: raw.x.rows, columns: raw.x.columns) { (raw.x[$0, $1] - centre[$1]) * factors[$1] }
    training = try TrainingSet(x: x, y: raw.y, weights: weights)
  }

  /// alphas x features in units of x, and the predictions at the centre.
  func solve(alphas: [Double]) throws(FitError) -> (coefficients: Matrix<Double>, levels: [Double]) {
    let settings = alphas.map { Ridge.Parameters(alpha: $0, fitsIntercept: fitsIntercept) }
    let learners = try Ridge.fitPath(settings, on: training, seed: 0).learners
    let coefficients = Matrix(rows: alphas.count, columns: factors.count) {
      learners[$0].coefficients[$1] * factors[$1]
    }
    return (coefficients, learners.map(\.intercept))
  }
}

extension RidgeCrossValidation.Scaling {
  /// What each feature is multiplied by, of the sums of squares about the means.
  fileprivate func factors(fold: Int, squares: [Double], weight: Double) -> [Double] {
    switch self {
    case .none: Array(repeating: 1, count: squares.count)
    case .standardized: squares.map { $0 > 0 ? (weight / $0).squareRoot() : 0 }
    case .factors(let factors): factors[fold]
    }
  }
}

extension ColumnMoments {
  /// In two passes over rows of positive weight.
  fileprivate init(of training: TrainingSet, centred: Bool) {
    let x = training.x
    let weights = training.weights ?? Array(repeating: 1, count: x.rows)
    let total = training.totalWeight
    let first = weights.firstIndex { $0 > 0 } ?? 0
    // About one of the rows: a column of equal numbers has exactly its value as mean, and no spread.
    means = (0..<x.columns).map { column in
      centred
        ? x[first, column] + (0..<x.rows).reduce(0) { $0 + weights[$1] * (x[$1, column] - x[first, column]) } / total
        : 0
    }
    let centres = means
    squares = (0..<x.columns).map { column in
      (0..<x.rows).reduce(0) { sum, row in
        let deviation = x[row, column] - centres[column]
        return sum + weights[row] * deviation * deviation
      }
    }
  }
}

extension Matrix<Double> {
  /// Replaces rows by those of another matrix, in its order.
  fileprivate mutating func setRows(_ indices: [Int], to rows: Matrix) {
    let width = columns
    withMutableSpan { elements in
      rows.withSpan { source in
        for (index, row) in indices.enumerated() {
          for column in 0..<width { elements[row * width + column] = source[index * width + column] }
        }
      }
    }
  }

  /// Fills all rows with those of x that have the given indices, less `centre`.
  fileprivate mutating func gather(_ rows: ArraySlice<Int>, of x: Matrix, less centre: [Double]) {
    let width = columns
    withMutableSpan { elements in
      x.withSpan { x in
        let centre = centre.span
        precondition(centre.count == width && elements.count == rows.count * width)
        for (index, row) in rows.enumerated() {
          precondition(row >= 0 && (row + 1) * width <= x.count)
          // Unchecked, as in AugmentedRows: checks keep the loop from being vectorised.
          for column in 0..<width {
            unsafe elements[unchecked: index &* width &+ column] =
              x[unchecked: row &* width &+ column] - centre[unchecked: column]
          }
        }
      }
    }
  }
}
