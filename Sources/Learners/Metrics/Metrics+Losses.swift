internal import Glibc

extension Metrics {
  /// Share of the targets, by weight, that are not above their prediction: for a quantile of level q it should be near q.
  public static func coverage(predictions: [Double], targets: [Double], weights: [Double]? = nil) -> Double {
    score(predictions, targets, weights) { $0 >= $1 ? 1 : 0 }
  }

  /// Mean deviance of Tweedie's family, 2 Σ w (ℓ(t, t) - ℓ(p, t)) / Σ w with ℓ the log-likelihood and a variance that is the
  /// mean to the given power: Poisson at 1, gamma at 2. In units of the target to the power of 2 - `power`.
  ///
  /// - Parameter power: 1 … 2. Targets must not be negative, above 0 for a power of 2; predictions below the smallest
  ///   positive number count as it.
  public static func meanDeviance(
    predictions: [Double], targets: [Double], power: Double, weights: [Double]? = nil
  ) -> Double {
    precondition(power >= 1 && power <= 2, "Metrics: power \(power) is outside [1, 2]")
    return score(predictions, targets, weights) { prediction, target in
      deviance(prediction: max(prediction, .leastNormalMagnitude), target: target, power)
    }
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
