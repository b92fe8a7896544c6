extension Metrics {
  /// Spearman's rank correlation: Pearson's correlation of the ranks, equal values sharing the mean of their ranks.
  ///
  /// NaN where all predictions or all targets are equal (a single row, too): they tell nothing about the order, as SciPy's
  /// `spearmanr` has it. Cost O(n log n).
  public static func spearman(predictions: [Double], targets: [Double]) -> Double {
    check(predictions, targets, nil)
    guard allFinite(predictions, targets, rows: targets.indices) else { return .nan }
    // Ranks have the mean (n + 1) / 2; twice the deviation from it is a whole number, so that the sums are exact up to
    // n = 2¹⁷ and right to the last digits beyond.
    let first = doubledRankDeviations(predictions)
    let second = doubledRankDeviations(targets)
    let product = compensatedSum(first.count) { first[$0] * second[$0] }
    let squares = (
      compensatedSum(first.count) { first[$0] * first[$0] }, compensatedSum(first.count) { second[$0] * second[$0] }
    )
    guard squares.0 > 0 && squares.1 > 0 else { return .nan }
    return max(-1, min(1, product / (squares.0.squareRoot() * squares.1.squareRoot())))
  }

  /// 2 (rank - mean rank) of each value.
  private static func doubledRankDeviations(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var deviations = [Double](repeating: 0, count: values.count)
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count && values[order[end]] == values[order[first]] { end += 1 }
      // Ranks first + 1 ... end, whose mean is (first + 1 + end) / 2.
      let deviation = Double(first + 1 + end - (values.count + 1))
      for place in first..<end { deviations[order[place]] = deviation }
      first = end
    }
    return deviations
  }
}
