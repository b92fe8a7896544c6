internal import Glibc

/// The unit that a run counts targets in, so that it grows the same trees whatever unit they came in: see `UnitFree`.
///
/// Steps of leaves are rounded too, to `stepBits` bits, so that dividing a leaf of a finished model by the unit gives back
/// the very step that the run took.
internal struct TargetUnit: Sendable {
  /// Of one unit, in units of the target. Half of all targets are nearer to their median.
  let size: Double
  private let loss: Boosting.Loss
  /// p of the Tweedie loss, 1 for Poisson.
  private let power: Double

  private static let fractionBits = 32
  private static let stepBits = 40

  init(of targets: [Double], _ parameters: Boosting.Parameters) {
    loss = parameters.loss
    power = loss == .tweedie ? parameters.variancePower : 1
    size = loss.isLogarithmic ? Self.mean(targets) : UnitFree.spread(of: targets)
  }

  /// A target in units, rounded.
  func inUnits(_ target: Double) -> Double { UnitFree.rounded(target / size, fractionBits: Self.fractionBits) }

  /// Units of the target in a step of the score; 1 where scores are logarithms.
  var scoreUnit: Double { loss.isLogarithmic ? 1 : size }

  /// A constant score of a model, of one in units.
  func score(_ score: Double) -> Double { loss.isLogarithmic ? score + log(size) : score * size }

  /// The constant score in units, of that of a model.
  func startingScore(_ score: Double) -> Double {
    Self.rounded(constant: loss.isLogarithmic ? score - log(size) : score / size, loss)
  }

  /// What a run begins with: a number that `startingScore` gives back.
  static func rounded(constant: Double, _ loss: Boosting.Loss) -> Double {
    // A logarithm near 0 has lost its last bits beside that of the unit.
    loss.isLogarithmic ? (constant * 0x1p36).rounded() * 0x1p-36 : rounded(step: constant)
  }

  /// A leaf's step in units, of that of a model.
  func step(_ value: Double) -> Double { loss.isLogarithmic ? value : Self.rounded(step: value / size) }

  /// So many leading bits of a step: none is lost when it is multiplied by a unit and divided again.
  static func rounded(step: Double) -> Double {
    guard step != 0 && step.isFinite else { return step }
    let grid = Double(sign: .plus, exponent: max(Int(step.exponent) - stepBits, -1022), significand: 1)
    return (step / grid).rounded() * grid
  }

  /// A mean loss of targets in units as one of targets, up to what does not depend on the scores.
  func loss(_ loss: Double) -> Double {
    let scaled =
      switch self.loss {
      case .squared: loss * size * size
      case .absolute, .quantile: loss * size
      case .poisson, .tweedie: loss * pow(size, 2 - power)
      }
    return scaled.isFinite ? scaled : .greatestFiniteMagnitude
  }

  private static func mean(_ targets: [Double]) -> Double {
    // Divided first: a sum may have no double.
    let mean = targets.reduce(0) { $0 + $1 / Double(targets.count) }
    return mean > 0 ? max(mean, UnitFree.least) : 1
  }
}
