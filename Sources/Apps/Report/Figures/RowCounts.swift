internal import Learners

/// Shares, means and quantiles over rows of which each counts what its weight says.
internal struct RowCounts {
  private let weights: [Double]?
  private let total: Double
  /// How many rows that count alike would tell as much: (Σ w)² / Σ w², Kish, "Survey Sampling", 1965.
  let effective: Double

  /// - Parameter weights: nil where each of the rows, at least one, counts once.
  init(_ weights: [Double]?, count: Int) {
    self.weights = weights
    total = weights?.reduce(0, +) ?? Double(count)
    effective = weights.map { [total] in total * total / $0.reduce(0) { $0 + $1 * $1 } } ?? Double(count)
  }

  func mean(of values: [Double]) -> Double {
    // In the order of the values, so that the order of the rows does not matter.
    guard let weights else { return values.sorted().reduce(0, +) / total }
    return values.indices.reduce(0) { $0 + weights[$1] * values[$1] } / total
  }

  func share(of isSo: [Bool]) -> Double {
    guard let weights else { return Double(isSo.count { $0 }) / total }
    return isSo.indices.reduce(0) { $0 + (isSo[$1] ? weights[$1] : 0) } / total
  }

  /// Between neighbours in proportion where rows count alike; else the first value that, with all below, has this share.
  func quantile(of values: [Double], _ share: Double) -> Double {
    guard let weights else { return interpolated(values.sorted(), at: share) }
    let sorted = SortedNumbers(values, weights: weights)
    return sorted.number(behind: share * total * (1 - 1e-12))
  }
}
