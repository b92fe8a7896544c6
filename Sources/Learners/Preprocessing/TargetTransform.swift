internal import Glibc

/// The scale a learner sees the target on, and the way back.
public struct TargetTransform: Sendable, Hashable, Codable {
  /// What the user asks for.
  public enum Choice: String, Sendable, Hashable, CaseIterable {
    /// `log1p` for a target that is nowhere negative and heavy-tailed, else none.
    case auto
    case none
    case log1p
  }

  /// Whether the target is replaced by ln(1 + target).
  public let isLogarithmic: Bool
  /// Subtracted, then divided by, after the logarithm; 0 and 1 for a learner that takes the target as given.
  public let center: Double
  public let scale: Double
  /// Bounds of what is believed, after the logarithm: half the range of the training targets beyond its ends, and
  /// never below 0 on the logarithmic scale. A wild extrapolation ends there, and what is no number is `center` (kept
  /// within them), so predictions are always finite.
  public let lower: Double
  public let upper: Double

  /// - Throws: `.invalidTarget` where a logarithm is asked for and a target is -1 or less.
  public init(fitting target: [Double], choice: Choice, standardizing: Bool) throws(FitError) {
    let isLogarithmic = Self.isLogarithmic(target, choice: choice)
    if isLogarithmic, let row = target.firstIndex(where: { $0 <= -1 }) {
      throw .invalidTarget(row: row, reason: "is \(target[row].shortText), log1p needs more than -1")
    }
    let values = isLogarithmic ? target.map(Glibc.log1p) : target
    self.isLogarithmic = isLogarithmic
    (lower, upper) = Self.bounds(values, isLogarithmic)
    let (mean, deviation) = meanAndDeviation(values)
    center = standardizing ? mean : 0
    scale = standardizing && deviation > 0 ? deviation : 1
  }

  private static func bounds(_ values: [Double], _ isLogarithmic: Bool) -> (lower: Double, upper: Double) {
    let (least, most) = (values.min() ?? 0, values.max() ?? 0)
    let margin = min((most - least) / 2, .greatestFiniteMagnitude / 4)
    let floor = isLogarithmic && least >= 0 ? 0 : -Double.greatestFiniteMagnitude
    let upper = min(most + margin, isLogarithmic ? largestLogarithm : .greatestFiniteMagnitude)
    return (min(max(least - margin, floor), upper), upper)
  }

  /// The same scale with bounds that also hold what these targets would have, for a learner that goes on with them.
  internal func widened(toHold target: [Double]) -> TargetTransform {
    let bounds = Self.bounds(isLogarithmic ? target.map(Glibc.log1p) : target, isLogarithmic)
    return TargetTransform(self, lower: min(lower, bounds.lower), upper: max(upper, bounds.upper))
  }

  private init(_ other: TargetTransform, lower: Double, upper: Double) {
    isLogarithmic = other.isLogarithmic
    center = other.center
    scale = other.scale
    self.lower = lower
    self.upper = upper
  }

  /// A little below the logarithm of the largest number.
  private static let largestLogarithm = 708.0

  /// Whether a target is put on the logarithmic scale.
  public static func isLogarithmic(_ target: [Double], choice: Choice) -> Bool {
    switch choice {
    case .none: false
    case .log1p: true
    case .auto: target.allSatisfy { $0 >= 0 } && isHeavyTailed(target, limit: 2)
    }
  }

  public func forward(_ target: [Double]) -> [Double] {
    target.map { ((isLogarithmic ? Glibc.log1p($0) : $0) - center) / scale }
  }

  public func inverse(_ predictions: [Double]) -> [Double] {
    predictions.map { prediction in
      let scaled = prediction * scale + center
      let value = min(max(scaled.isNaN ? center : scaled, lower), upper)
      return isLogarithmic ? expm1(value) : value
    }
  }
}

/// Mean and population standard deviation, in two passes over numbers scaled so that squares cannot overflow.
internal func meanAndDeviation(_ values: [Double]) -> (mean: Double, deviation: Double) {
  let largest = values.reduce(0) { max($0, abs($1)) }
  guard largest > 0 else { return (0, 0) }
  let count = Double(values.count)
  let mean = values.reduce(0) { $0 + $1 / largest } / count
  let variance = values.reduce(0) { $0 + ($1 / largest - mean) * ($1 / largest - mean) } / count
  let deviation = variance.squareRoot()
  guard deviation < smallSpread * abs(mean) else { return (mean * largest, deviation * largest) }
  return deviationOfClose(values, largest: largest)
}

/// Below this part of the mean, a deviation is not worked out from squares beside it.
private let smallSpread = 1e-9

/// The same for numbers that lie close together, far from 0: their differences are exact.
private func deviationOfClose(_ values: [Double], largest: Double) -> (mean: Double, deviation: Double) {
  let origin = values[0]
  let (mean, deviation) = meanAndDeviation(values.map { $0 - origin })
  // A spread that is only rounding noise is none; whole numbers have no such noise.
  let isNoise = deviation < 4 * largest.ulp && !values.allSatisfy { $0 == $0.rounded() }
  return (origin + mean, isNoise ? 0 : deviation)
}
