internal import Linalg

/// The training rows of a fold, centred and scaled in a copy, for a fit from scratch.
internal struct FoldRows {
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
  internal func factors(fold: Int, squares: [Double], weight: Double) -> [Double] {
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
