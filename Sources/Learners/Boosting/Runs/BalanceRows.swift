internal import Glibc
internal import Linalg

/// The rows on which the predictions of a loss with a logarithm are made to add up to the targets.
///
/// Such predictions are exp f. Steps that are cut short, and the mean of several runs' f, are geometric means of what should be
/// added up, and lie below it: totals of rare counts came out a sixth too low. One number for all rows mends that:
/// ln(Σ w y / Σ w exp f). For Poisson's loss it is the constant that minimises it; a fit of the intercept alone in
/// generalised linear models does the same.
/// Source: Wüthrich, "Bias regularization in neural network models for general insurance pricing", European Actuarial
/// Journal 10, 2020, doi:10.1007/s13385-019-00215-z.
internal struct BalanceRows: Sendable {
  private let training: TrainingSet
  private let rows: [UInt32]

  /// - Parameter rows: those that count.
  init(_ training: TrainingSet, rows: [UInt32]) {
    self.training = training
    self.rows = rows
  }

  /// What has to be added to the sums; 0 where all targets are 0.
  func logarithm(for sum: BoostedSum) -> Double {
    let sums = sum.sums(training.x)
    let weights = rows.map { training.weights?[Int($0)] ?? 1 }
    let logarithms = zip(rows, weights).map { row, weight in (log(training.y[Int(row)]) + log(weight)) }
    let balance =
      Self.logarithmOfSum(logarithms) - Self.logarithmOfSum(zip(rows, weights).map { sums[Int($0)] + log($1) })
    return balance.isFinite ? balance : 0
  }

  /// ln Σ exp x, for any size of x; −∞ where all are.
  private static func logarithmOfSum(_ terms: [Double]) -> Double {
    guard let largest = terms.max(), largest > -.infinity else { return -.infinity }
    return largest + log(terms.reduce(0) { $0 + exp($1 - largest) })
  }
}
