/// Scores of predictions p against targets t, in scikit-learn's definitions; all but R² and Spearman are in units of the
/// target (the squared error's root is taken).
///
/// Weights w, where they are taken, are one a row, finite, not negative, with a positive sum; a row of weight k counts as
/// k rows. Arrays of different lengths, empty arrays and invalid weights trap.
/// Of predictions and targets within ±1e150 every score is a finite number; it is NaN where a prediction or target of
/// a row that counts is NaN or infinite, never a plausible number. Sums are compensated: they are right to the last
/// digits for any offset and any number of rows.
public enum Metrics {
  /// Coefficient of determination, 1 - Σ w (t - p)² / Σ w (t - t̄)², with t̄ the weighted mean of the targets.
  ///
  /// Where all targets are equal (a single row, too): 1 if the predictions are exact, else 0. scikit-learn's `r2_score`
  /// does the same but leaves a single row undefined.
  public static func r2(predictions: [Double], targets: [Double], weights: [Double]? = nil) -> Double {
    check(predictions, targets, weights)
    let rows = presentRows(targets.count, weights)
    guard allFinite(predictions, targets, rows: rows) else { return .nan }
    let errors = weightedSum(rows, weights) { square(targets[$0] - predictions[$0]) }
    let first = targets[rows[0]]
    let mean = weightedSum(rows, weights) { targets[$0] - first } / weightedSum(rows, weights) { _ in 1 }
    let spread = weightedSum(rows, weights) { square(targets[$0] - first - mean) }
    let isConstant = rows.allSatisfy { targets[$0] == first }
    return isConstant ? (errors == 0 ? 1 : 0) : 1 - errors / spread
  }

  /// √(Σ w (p - t)² / Σ w).
  public static func rootMeanSquaredError(
    predictions: [Double], targets: [Double], weights: [Double]? = nil
  ) -> Double {
    score(predictions, targets, weights) { square($0 - $1) }.squareRoot()
  }

  /// Σ w |p - t| / Σ w.
  public static func meanAbsoluteError(
    predictions: [Double], targets: [Double], weights: [Double]? = nil
  ) -> Double {
    score(predictions, targets, weights) { abs($0 - $1) }
  }

  /// Σ w (p - t) / Σ w: positive where predictions are too high.
  public static func bias(predictions: [Double], targets: [Double], weights: [Double]? = nil) -> Double {
    score(predictions, targets, weights) { $0 - $1 }
  }

  /// Mean pinball loss, Σ w max(q (t - p), (q - 1) (t - p)) / Σ w: least for the q-quantile of the target.
  ///
  /// - Parameter quantile: q, from 0 to 1; at ½ it is half the mean absolute error.
  public static func meanPinballLoss(
    predictions: [Double], targets: [Double], quantile: Double, weights: [Double]? = nil
  ) -> Double {
    precondition(quantile >= 0 && quantile <= 1, "Metrics: quantile \(quantile) is outside [0, 1]")
    return score(predictions, targets, weights) { max(quantile * ($1 - $0), (quantile - 1) * ($1 - $0)) }
  }

  /// The median of |p - t|; the mean of the two middle ones where their number is even.
  ///
  /// With weights: the smallest error that has half of the weight at or below it; the mean of it and the next one
  /// where it is exactly half.
  public static func medianAbsoluteError(
    predictions: [Double], targets: [Double], weights: [Double]? = nil
  ) -> Double {
    check(predictions, targets, weights)
    let rows = presentRows(targets.count, weights)
    guard allFinite(predictions, targets, rows: rows) else { return .nan }
    let errors = rows.map { (error: abs(predictions[$0] - targets[$0]), weight: weights?[$0] ?? 1) }
      .sorted { $0.error < $1.error }
    let half = compensatedSum(errors.count) { errors[$0].weight } / 2
    var below = 0.0
    for (index, (error, weight)) in errors.enumerated() {
      below += weight
      if below > half { return error }
      if below == half && index + 1 < errors.count { return error / 2 + errors[index + 1].error / 2 }
    }
    return errors[errors.count - 1].error
  }

  // MARK: Sums

  internal static func score(
    _ predictions: [Double], _ targets: [Double], _ weights: [Double]?, _ loss: (_ p: Double, _ t: Double) -> Double
  ) -> Double {
    check(predictions, targets, weights)
    let rows = presentRows(targets.count, weights)
    guard allFinite(predictions, targets, rows: rows) else { return .nan }
    return weightedSum(rows, weights) { loss(predictions[$0], targets[$0]) } / weightedSum(rows, weights) { _ in 1 }
  }

  private static func weightedSum(_ rows: [Int], _ weights: [Double]?, _ term: (Int) -> Double) -> Double {
    compensatedSum(rows.count) { (weights?[rows[$0]] ?? 1) * term(rows[$0]) }
  }

  /// The rows whose weight is not 0.
  internal static func presentRows(_ count: Int, _ weights: [Double]?) -> [Int] {
    (0..<count).filter { weights?[$0] != 0 }
  }

  private static func square(_ x: Double) -> Double { x * x }
}

extension Metrics {
  internal static func check(_ predictions: [Double], _ targets: [Double], _ weights: [Double]?) {
    precondition(
      predictions.count == targets.count, "Metrics: \(predictions.count) predictions for \(targets.count) targets")
    precondition(!targets.isEmpty, "Metrics: there are no rows")
    guard let weights else { return }
    precondition(weights.count == targets.count, "Metrics: \(weights.count) weights for \(targets.count) targets")
    precondition(
      weights.allSatisfy { $0 >= 0 && $0.isFinite } && weights.contains { $0 > 0 },
      "Metrics: a weight is negative or not finite, or all are zero")
  }

  internal static func allFinite(_ predictions: [Double], _ targets: [Double], rows: some Sequence<Int>) -> Bool {
    rows.allSatisfy { predictions[$0].isFinite && targets[$0].isFinite }
  }

  /// Σ term(i) with the rounding error of every addition carried along (Neumaier's variant of Kahan's sum).
  /// Source: Neumaier, Zeitschrift für Angewandte Mathematik und Mechanik 54(1), 1974, doi:10.1002/zamm.19740540106.
  internal static func compensatedSum(_ count: Int, _ term: (Int) -> Double) -> Double {
    var (sum, lost) = (0.0, 0.0)
    for index in 0..<count {
      let next = term(index)
      let total = sum + next
      lost += abs(sum) >= abs(next) ? (sum - total) + next : (next - total) + sum
      sum = total
    }
    return sum.isFinite ? sum + lost : sum
  }
}
