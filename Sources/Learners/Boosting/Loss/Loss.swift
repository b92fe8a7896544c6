internal import Glibc
internal import Linalg

/// Rows as a loss sees them. The score f is what trees add up to; a prediction is f itself, or exp f where the loss is
/// logarithmic.
package struct Objective: Sendable {
  package let loss: Boosting.Loss
  /// The level of the quantile loss; ½ for the absolute one.
  package let level: Double
  /// p of the Tweedie loss; Poisson is the one with p = 1.
  package let power: Double
  package let targets: [Double]
  package let weights: [Double]?
  private let largestWeight: Double

  package init(
    loss: Boosting.Loss, quantile: Double, variancePower: Double = 1.5, targets: [Double], weights: [Double]?
  ) {
    self.loss = loss
    power = loss == .tweedie ? variancePower : 1
    level = loss == .quantile ? quantile : 0.5
    self.targets = targets
    self.weights = weights
    largestWeight = weights?.max() ?? 1
  }

  /// Whether every row's second derivative is 1, so that counting rows is enough.
  var hasUnitHessian: Bool { weights == nil && !loss.isLogarithmic }

  /// Whether leaves take a quantile of their residuals instead of a Newton step.
  var renewsLeaves: Bool { loss == .absolute || loss == .quantile }

  /// The best constant score for these rows.
  package func bestConstant(rows: [UInt32]) -> Double {
    if renewsLeaves { return weightedQuantile(rows.map { (targets[Int($0)], weight($0)) }, level: level) }
    let mass = rows.reduce(0) { $0 + weight($1) }
    let mean = rows.reduce(0) { $0 + weight($1) * targets[Int($1)] } / mass
    // A mean of 0 has its logarithm at −∞: take what is small beside one event in all rows.
    if loss.isLogarithmic { return log(mean > 0 ? mean : 1e-3 / mass) }
    // Again on the remainders, so that the mean of equal targets is exactly the target.
    return mean + rows.reduce(0) { $0 + weight($1) * (targets[Int($1)] - mean) } / mass
  }

  /// The mean of the second derivatives of all rows, where they are all predicted as their mean; 1 where there is no mean.
  package var usualHessian: Double {
    let rows = (0..<UInt32(targets.count)).map { $0 }
    let score = bestConstant(rows: rows)
    let (sum, mass) = rows.reduce((0.0, 0.0)) { sums, row in
      (
        sums.0 + hessian(target: targets[Int(row)], score: score, weight: weight(row) / largestWeight),
        sums.1 + weight(row) / largestWeight
      )
    }
    return sum / mass > 0 && (sum / mass).isFinite ? sum / mass : 1
  }

  package func weight(_ row: UInt32) -> Double { weights?[Int(row)] ?? 1 }

  /// Σ w over some rows as a share of the largest weight, so that it is finite for all weights.
  internal func mass(of rows: some Collection<UInt32>) -> Double {
    guard let weights else { return Double(rows.count) }
    return rows.reduce(0) { $0 + weights[Int($1)] / largestWeight }
  }

  /// First derivative of a row's loss by its score, times the row's weight.
  @inline(__always)
  package func gradient(target: Double, score: Double, weight: Double) -> Double {
    switch loss {
    case .squared: weight * (score - target)
    case .absolute: score > target ? weight : (score < target ? -weight : 0)
    case .quantile: score > target ? weight * (1 - level) : (score < target ? -weight * level : 0)
    case .poisson: weight * (exp(score) - target)
    case .tweedie: weight * (exp((2 - power) * score) - target * exp((1 - power) * score))
    }
  }

  /// Second derivative, or what stands for it where there is none.
  @inline(__always)
  package func hessian(target: Double, score: Double, weight: Double) -> Double {
    switch loss {
    case .poisson: weight * exp(score)
    case .tweedie:
      weight * ((2 - power) * exp((2 - power) * score) + (power - 1) * target * exp((1 - power) * score))
    default: weight
    }
  }

  /// Mean loss of some rows, up to what does not depend on the scores.
  package func meanLoss(rows: [UInt32], scores: [Double]) -> Double {
    meanLoss(rows: rows) { scores[$0] }
  }

  @inline(__always)
  internal func meanLoss(rows: [UInt32], score: (_ row: Int) -> Double) -> Double {
    var sum = 0.0
    var mass = 0.0
    for row in rows {
      let weight = weight(row)
      sum += weight * value(target: targets[Int(row)], score: score(Int(row)))
      mass += weight
    }
    return sum / mass
  }

  @inline(__always)
  package func value(target: Double, score: Double) -> Double {
    switch loss {
    case .squared: 0.5 * (target - score) * (target - score)
    case .absolute: abs(target - score)
    case .quantile: target >= score ? level * (target - score) : (1 - level) * (score - target)
    case .poisson: exp(score) - target * score
    case .tweedie: tweedie(target: target, score: score)
    }
  }

  /// At its ends the power has logarithms in place of the quotients.
  private func tweedie(target: Double, score: Double) -> Double {
    let first = power > 1 ? target * exp((1 - power) * score) / (power - 1) : -target * score
    return first + (power < 2 ? exp((2 - power) * score) / (2 - power) : score)
  }

  /// What a leaf adds to the scores of its rows before shrinking, from the sums of their derivatives.
  ///
  /// The Newton step n = −G / (H + λ); for logarithmic losses, where that overshoots, the exact minimiser
  /// ln((1 + (2 − p) n) / (1 − (p − 1) n)), which has the same first order.
  package func step(gradient: Double, hessian: Double, l2: Double) -> Double {
    step(newton: -gradient / (hessian + l2))
  }

  /// The same from the Newton step. It rises with it, so that bounds of the one are bounds of the other.
  @inline(__always)
  internal func step(newton: Double) -> Double {
    guard loss.isLogarithmic else { return newton }
    return log1p(max((2 - power) * newton, -1 + 1e-6)) - log1p(max((1 - power) * newton, -1 + 1e-6))
  }
}
