extension Metrics {
  /// Spearman's rank correlation: Pearson's correlation of the ranks, equal values sharing the mean of their ranks.
  ///
  /// NaN where all predictions or all targets are equal (a single row, too): they tell nothing about the order, as SciPy's
  /// `spearmanr` has it. A row of weight k is k rows of equal ranks. Cost O(n log n).
  public static func spearman(predictions: [Double], targets: [Double], weights: [Double]? = nil) -> Double {
    check(predictions, targets, weights)
    let rows = presentRows(targets.count, weights)
    guard allFinite(predictions, targets, rows: rows) else { return .nan }
    let weights = rows.map { weights?[$0] ?? 1 }
    // Ranks have the mean (n + 1) / 2; twice the deviation from it is a whole number, so that the sums are exact up to
    // n = 2¹⁷ and right to the last digits beyond.
    let first = doubledRankDeviations(rows.map { predictions[$0] }, weights)
    let second = doubledRankDeviations(rows.map { targets[$0] }, weights)
    func sum(_ term: (Int) -> Double) -> Double { compensatedSum(rows.count) { weights[$0] * term($0) } }
    let product = sum { first[$0] * second[$0] }
    let squares = (sum { first[$0] * first[$0] }, sum { second[$0] * second[$0] })
    guard squares.0 > 0 && squares.1 > 0 else { return .nan }
    return max(-1, min(1, product / (squares.0.squareRoot() * squares.1.squareRoot())))
  }

  /// 2 (rank - mean rank) of each value.
  private static func doubledRankDeviations(_ values: [Double], _ weights: [Double]) -> [Double] {
    let total = weights.reduce(0, +)
    let order = values.indices.sorted { values[$0] < values[$1] }
    var deviations = [Double](repeating: 0, count: values.count)
    var (first, before) = (0, 0.0)
    while first < order.count {
      var (end, behind) = (first, before)
      while end < order.count && values[order[end]] == values[order[first]] {
        behind += weights[order[end]]
        end += 1
      }
      // Ranks before + 1 ... behind, whose mean is (before + 1 + behind) / 2.
      for place in first..<end { deviations[order[place]] = before + behind - total }
      (first, before) = (end, behind)
    }
    return deviations
  }
}
