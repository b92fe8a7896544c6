internal import Glibc

/// The scale a learner sees the target on, and the way back.
public struct TargetTransform: Sendable, Hashable {
  /// What the user asks for.
  public enum Choice: String, Sendable, Hashable, CaseIterable {
    /// See `TargetScale.decision(for:choice:)`.
    case auto
    case none
    case log1p
  }

  public let targetScale: TargetScale
  /// Subtracted, then divided by, after the logarithm; 0 and 1 for a learner that takes the target as given.
  public let center: Double
  public let scale: Double
  /// Bounds of predictions, after the logarithm. Without `margin` they are those of numbers, and on the logarithmic scale 0
  /// where no training target is negative. What is no number is `center` (kept within them): predictions are always finite.
  public let lower: Double
  public let upper: Double

  /// Whether the target is replaced by ln(1 + target / unit).
  public var isLogarithmic: Bool { targetScale.isLogarithmic }

  /// - Parameter margin: keeps predictions within this share of the training targets' range beyond its ends, on the scale of
  ///   fitting; nil leaves them as far out as a learner carries them.
  /// - Throws: `.invalidTarget` where a logarithm is asked for and a target is -unit or less.
  public init(
    fitting target: [Double], weights: [Double]? = nil, scale targetScale: TargetScale, standardizing: Bool,
    margin: Double? = nil
  ) throws(FitError) {
    let values = target.map(targetScale.forward)
    if let unit = targetScale.unit, let row = values.firstIndex(where: \.isNaN) {
      throw .invalidTarget(row: row, reason: "is \(target[row].shortText), log1p needs more than \((-unit).shortText)")
    }
    self.targetScale = targetScale
    (lower, upper) = Self.bounds(values, targetScale, margin: margin)
    let (mean, deviation) = meanAndDeviation(values, weights: weights)
    center = standardizing ? mean : 0
    scale = standardizing && deviation > 0 ? deviation : 1
  }

  /// With the scale that `choice` means for these very targets.
  public init(fitting target: [Double], choice: Choice, standardizing: Bool, margin: Double? = nil) throws(FitError) {
    try self.init(
      fitting: target, scale: TargetScale.decision(for: target, choice: choice).scale, standardizing: standardizing,
      margin: margin)
  }

  private static func bounds(
    _ values: [Double], _ targetScale: TargetScale, margin: Double?
  ) -> (lower: Double, upper: Double) {
    let (least, most) = (values.min() ?? 0, values.max() ?? 0)
    let widest = widest(targetScale)
    // A count is never negative.
    let floor = targetScale.isLogarithmic && least >= 0 ? 0 : widest.lower
    let beyond = margin.map { min((most - least) * $0, .greatestFiniteMagnitude / 4) } ?? .greatestFiniteMagnitude
    let upper = min(most + beyond, widest.upper)
    return (min(max(least - beyond, floor), upper), upper)
  }

  /// The same scale with bounds that also hold these targets and half their range beyond, for a learner that goes on with
  /// them.
  internal func widened(toHold target: [Double]) -> TargetTransform {
    let bounds = Self.bounds(target.map(targetScale.forward), targetScale, margin: 0.5)
    return TargetTransform(self, lower: min(lower, bounds.lower), upper: max(upper, bounds.upper))
  }

  private init(_ other: TargetTransform, lower: Double, upper: Double) {
    targetScale = other.targetScale
    center = other.center
    scale = other.scale
    self.lower = lower
    self.upper = upper
  }

  /// What no prediction is beyond: on the logarithmic scale a little above ln(0) and below that of the largest number.
  private static func widest(_ scale: TargetScale) -> (lower: Double, upper: Double) {
    guard let unit = scale.unit else { return (-.greatestFiniteMagnitude, .greatestFiniteMagnitude) }
    return (-36, 708 - max(0, log(unit)))
  }

  public func forward(_ target: [Double]) -> [Double] {
    target.map { (targetScale.forward($0) - center) / scale }
  }

  public func inverse(_ predictions: [Double]) -> [Double] {
    predictions.map { prediction in
      let scaled = prediction * scale + center
      return targetScale.inverse(min(max(scaled.isNaN ? center : scaled, lower), upper))
    }
  }
}

extension TargetTransform: Codable {
  private enum Key: String, CodingKey { case isLogarithmic, unit, center, scale, lower, upper }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let isLogarithmic = try container.decode(Bool.self, forKey: .isLogarithmic)
    // Version 2 of the model file knew no unit but 1.
    let unit = try container.decodeIfPresent(Double.self, forKey: .unit) ?? 1
    targetScale = TargetScale(unit: isLogarithmic ? unit : nil)
    center = try container.decode(Double.self, forKey: .center)
    scale = try container.decode(Double.self, forKey: .scale)
    lower = try container.decode(Double.self, forKey: .lower)
    upper = try container.decode(Double.self, forKey: .upper)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(isLogarithmic, forKey: .isLogarithmic)
    try container.encodeIfPresent(targetScale.unit, forKey: .unit)
    try container.encode(center, forKey: .center)
    try container.encode(scale, forKey: .scale)
    try container.encode(lower, forKey: .lower)
    try container.encode(upper, forKey: .upper)
  }
}

extension TargetTransform {
  /// What is wrong with one that was decoded from a file; nil where nothing is.
  internal var flaw: String? {
    let isSound = center.isFinite && scale.isFinite && scale > 0 && lower.isFinite && upper.isFinite && lower <= upper
    guard isSound else { return "center, scale or bounds of the target are out of range" }
    guard let unit = targetScale.unit else { return nil }
    guard unit > 0 && unit.isFinite else { return "the unit of the target is out of range" }
    return lower > -1e3 && upper <= Self.widest(targetScale).upper ? nil : "bounds of the target are out of range"
  }

  /// The bounds on the target's own scale, where they are narrower than those of numbers.
  public var bounds: (lower: Double?, upper: Double?) {
    let widest = Self.widest(targetScale)
    return (
      lower > widest.lower ? targetScale.inverse(lower) : nil, upper < widest.upper ? targetScale.inverse(upper) : nil
    )
  }
}
