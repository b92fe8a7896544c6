internal import Linalg

/// What the levels of a text add to the target, for levels that have no column of their own: shrunken means of what other
/// columns leave of it.
///
/// The effect of a level is Σ r / (n + k) over its n training rows, r being residuals and k the variance within levels over
/// that between them (one-way analysis of variance): a level of few rows, or of rows that say different things, gets little.
/// A training row must not find its own target in its effect: it gets that of the four fifths of the rows that it is not in.
/// Source: Efron & Morris, Journal of the American Statistical Association 70(350), 1975, doi:10.1080/01621459.1975.10479864;
/// cross-fitting as in scikit-learn's `TargetEncoder`.
internal struct LevelEffects: Sendable {
  private let codes: [Int]
  private let weights: [Double]?
  private let residuals: [Double]
  private let sums: [Double]
  private let counts: [Double]
  private let shrinkage: Double

  private static let folds = 5
  private static let purpose = RandomPurpose("level-effects")

  /// - Parameters:
  ///   - codes: level of each training row, -1 for a row without.
  ///   - weights: one a row; nil where each counts once.
  ///   - residuals: one a row.
  init(codes: [Int], weights: [Double]? = nil, residuals: [Double], levelCount: Int) {
    (sums, counts) = Self.sums(codes, weights, residuals, levelCount: levelCount) { _ in true }
    self.codes = codes
    self.weights = weights
    self.residuals = residuals
    shrinkage = Self.shrinkage(codes, weights, residuals, sums: sums, counts: counts)
  }

  /// One a level; 0 where there are no rows.
  var values: [Double] { zip(sums, counts).map { $0 / ($1 + shrinkage) } }

  /// One a training row, from rows of other folds; 0 for a row without level.
  var crossFitted: [Double] {
    var random = RandomStream(seed: 0, purpose: Self.purpose)
    var folds = [Int](repeating: 0, count: codes.count)
    for (place, row) in random.permutation(codes.count).enumerated() { folds[row] = place % Self.folds }
    var effects = [Double](repeating: 0, count: codes.count)
    for fold in 0..<Self.folds {
      let (sums, counts) = Self.sums(codes, weights, residuals, levelCount: sums.count) { folds[$0] != fold }
      for row in codes.indices where folds[row] == fold && codes[row] >= 0 {
        effects[row] = sums[codes[row]] / (counts[codes[row]] + shrinkage)
      }
    }
    return effects
  }

  private static func sums(
    _ codes: [Int], _ weights: [Double]?, _ residuals: [Double], levelCount: Int, where isWanted: (Int) -> Bool
  ) -> (sums: [Double], counts: [Double]) {
    var (sums, counts) = ([Double](repeating: 0, count: levelCount), [Double](repeating: 0, count: levelCount))
    for row in codes.indices where codes[row] >= 0 && isWanted(row) {
      let weight = weights?[row] ?? 1
      sums[codes[row]] += weight * residuals[row]
      counts[codes[row]] += weight
    }
    return (sums, counts)
  }

  /// k, between a hundredth and a million; 1 where no level has two rows to tell.
  private static func shrinkage(
    _ codes: [Int], _ weights: [Double]?, _ residuals: [Double], sums: [Double], counts: [Double]
  ) -> Double {
    let rows = counts.reduce(0, +)
    let levels = Double(counts.count { $0 > 0 })
    guard rows > levels, levels > 1 else { return 1 }
    let total = sums.reduce(0, +) / rows
    let means = zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
    let within = codes.indices.reduce(0) { sum, row in
      guard codes[row] >= 0 else { return sum }
      let deviation = residuals[row] - means[codes[row]]
      return sum + (weights?[row] ?? 1) * (deviation * deviation)
    }
    let between = zip(means, counts).reduce(0) { $0 + $1.1 * ($1.0 - total) * ($1.0 - total) }
    let meanCount = (rows - counts.reduce(0) { $0 + $1 * $1 } / rows) / (levels - 1)
    let withinVariance = within / (rows - levels)
    let betweenVariance = (between / (levels - 1) - withinVariance) / meanCount
    guard betweenVariance > 0 else { return 1e6 }
    return min(max(withinVariance / betweenVariance, 0.01), 1e6)
  }
}

/// What the numbers of training rows leave of the target: residuals of a ridge regression with a small penalty.
/// - Parameters:
///   - numbers: rows x columns, of mean 0 and standard deviation 1.
///   - weights: one a row; nil where each counts once.
internal func residuals(of target: [Double], weights: [Double]?, after numbers: Matrix<Double>) -> [Double] {
  let mean = meanAndDeviation(target, weights: weights).mean
  let centred = target.map { $0 - mean }
  guard numbers.columns > 0, 2 * numbers.columns <= numbers.rows, numbers.columns <= 1_000 else { return centred }
  var gram = Matrix<Double>(rows: numbers.columns, columns: numbers.columns)
  let counted = weights.map { weights in
    Matrix(rows: numbers.rows, columns: numbers.columns) { weights[$0] * numbers[$0, $1] }
  }
  BLAS.gemm(numbers, transposingFirst: true, counted ?? numbers, into: &gram)
  let rows = weights?.reduce(0, +) ?? Double(numbers.rows)
  for column in 0..<numbers.columns { gram[column, column] += 1e-3 * rows }
  var product = [Double](repeating: 0, count: numbers.columns)
  BLAS.gemv(counted ?? numbers, transposed: true, centred, into: &product)
  guard let factor = try? Cholesky(factoring: gram) else { return centred }
  let fit = numbers.times(factor.solve(product))
  return zip(centred, fit).map { $0 - $1 }
}
