internal import Glibc

extension Metrics {
  /// Share of the targets that are not above their prediction: for a quantile of level q it should be near q.
  public static func coverage(predictions: [Double], targets: [Double]) -> Double {
    check(predictions, targets, nil)
    guard allFinite(predictions, targets, rows: targets.indices) else { return .nan }
    return Double(zip(predictions, targets).count { $0 >= $1 }) / Double(targets.count)
  }

  /// Mean deviance of Tweedie's family, 2 Σ (ℓ(t, t) - ℓ(p, t)) / n with ℓ the log-likelihood and a variance that is the
  /// mean to the given power: Poisson at 1, gamma at 2. In units of the target to the power of 2 - `power`.
  ///
  /// - Parameter power: 1 … 2. Targets must not be negative, above 0 for a power of 2; predictions below the smallest
  ///   positive number count as it.
  public static func meanDeviance(predictions: [Double], targets: [Double], power: Double) -> Double {
    precondition(power >= 1 && power <= 2, "Metrics: power \(power) is outside [1, 2]")
    check(predictions, targets, nil)
    guard allFinite(predictions, targets, rows: targets.indices) else { return .nan }
    let sum = compensatedSum(targets.count) { row in
      deviance(prediction: max(predictions[row], .leastNormalMagnitude), target: targets[row], power)
    }
    return sum / Double(targets.count)
  }

  private static func deviance(prediction: Double, target: Double, _ power: Double) -> Double {
    if power == 1 { return 2 * ((target > 0 ? target * log(target / prediction) : 0) - target + prediction) }
    if power == 2 { return 2 * (target / prediction - log(target / prediction) - 1) }
    let (first, second) = (1 - power, 2 - power)
    return 2
      * (pow(target, second) / (first * second) - target * pow(prediction, first) / first
        + pow(prediction, second) / second)
  }
}
