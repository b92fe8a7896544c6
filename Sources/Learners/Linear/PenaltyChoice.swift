internal import Linalg

/// How the penalty of ridge is chosen: the leave-one-out error along a path of penalties.
public struct PenaltyChoice: Sendable, Equatable {
  /// Descending.
  public let alphas: [Double]
  /// Weighted mean of the squared leave-one-out errors for each penalty.
  public let meanSquaredErrors: [Double]

  package static let empty = PenaltyChoice(alphas: [], meanSquaredErrors: [])

  package init(alphas: [Double], meanSquaredErrors: [Double]) {
    precondition(
      alphas.count == meanSquaredErrors.count, "PenaltyChoice: \(alphas.count) and \(meanSquaredErrors.count)")
    self.alphas = alphas
    self.meanSquaredErrors = meanSquaredErrors
  }

  /// The penalty with the smallest error, the largest such penalty; nil where nothing is known.
  public var best: Double? {
    guard let smallest = meanSquaredErrors.min(), let index = meanSquaredErrors.firstIndex(of: smallest) else {
      return nil
    }
    return alphas[index]
  }

  /// Penalties from 10⁴ to 10⁻⁸ times the mean eigenvalue of the Gram matrix, two a decade: from predicting little more
  /// than the mean to as good as no penalty.
  internal static func candidates(meanEigenvalue: Double) -> [Double] {
    var alpha = 1e4 * (meanEigenvalue > 0 ? meanEigenvalue : 1)
    return (0...24).map { _ in
      defer { alpha /= 10.0.squareRoot() }
      return alpha
    }
  }
}

/// A centred ridge problem in one of its two forms.
internal protocol RidgeForm: Sendable {
  /// What is subtracted from the features, and from the target.
  var means: [Double] { get }
  var targetMean: Double { get }
  /// Σ w z² of each feature.
  var squares: [Double] { get }
  /// Mean eigenvalue of the Gram matrix over the directions that may vary.
  var meanEigenvalue: Double { get }

  /// The coefficients for one penalty.
  func coefficients(alpha: Double) throws(LinalgError) -> [Double]

  /// The coefficients for each of several penalties, from one eigendecomposition where that is as good.
  func coefficients(alphas: [Double]) throws(LinalgError) -> [[Double]]

  /// Calls `body` with the leave-one-out errors of blocks of rows, rows x alphas, in order of rows: y minus what
  /// the fit to all other rows predicts. An error is infinite where no other row tells anything about a row.
  func mapLeaveOneOutErrors<Result: Sendable>(
    alphas: [Double], _ body: @Sendable (_ rows: Range<Int>, Matrix<Double>) -> Result
  ) throws(LinalgError) -> [Result]
}

extension RidgeForm {
  /// The path of `PenaltyChoice.candidates`, without penalties at which some row has no leave-one-out error.
  func penaltyPath(weights: [Double]?) throws(LinalgError) -> PenaltyChoice {
    let alphas = PenaltyChoice.candidates(meanEigenvalue: meanEigenvalue)
    let blocks = try mapLeaveOneOutErrors(alphas: alphas) { rows, errors in
      var sums = [Double](repeating: 0, count: alphas.count)
      var total = 0.0
      for (index, row) in rows.enumerated() {
        let weight = weights?[row] ?? 1
        total += weight
        for column in alphas.indices { sums[column] += weight * errors[index, column] * errors[index, column] }
      }
      return sums + [total]
    }
    var sums = [Double](repeating: 0, count: alphas.count + 1)
    for block in blocks { for index in sums.indices { sums[index] += block[index] } }
    let known = alphas.indices.filter { sums[$0].isFinite }
    return PenaltyChoice(
      alphas: known.map { alphas[$0] }, meanSquaredErrors: known.map { sums[$0] / sums[alphas.count] })
  }
}
