internal import Glibc

/// The scale that the models of a comparison are fitted on and ranked by: the target as it is, or ln(1 + target / unit).
///
/// It is one for all folds and all models. It is found from the targets alone, and multiplying positive targets by a
/// constant multiplies the unit by it and changes nothing else.
public struct TargetScale: Sendable, Hashable {
  /// What a target is divided by before its logarithm; nil where the target stays as it is.
  public let unit: Double?

  public static let identity = TargetScale(unit: nil)
  public static let log1p = TargetScale(unit: 1)

  internal init(unit: Double?) { self.unit = unit }

  public var isLogarithmic: Bool { unit != nil }

  /// NaN where there is no logarithm, which is at -unit and below.
  public func forward(_ target: Double) -> Double {
    guard let unit else { return target }
    return target > -unit ? logarithm(target, unit) : .nan
  }

  /// A prediction on this scale; what is too small to have a logarithm is about the least that has one.
  package func location(of prediction: Double) -> Double {
    guard let unit else { return prediction }
    return forward(max(prediction, -unit * (1 - 2 * .ulpOfOne)))
  }

  package func inverse(_ value: Double) -> Double {
    guard let unit else { return value }
    return unit == 1 ? expm1(value) : expm1(value) * unit
  }

  /// Such as “ln(1 + stars)” or “ln(1 + price / 12.5)”, or the name itself.
  public func label(of target: String) -> String {
    guard let unit else { return target }
    return unit == 1 ? "ln(1 + \(target))" : "ln(1 + \(target) / \(unit.roundedText))"
  }

  private func logarithm(_ target: Double, _ unit: Double) -> Double {
    unit == 1 ? Glibc.log1p(target) : Glibc.log1p(target / unit)
  }
}

extension TargetScale {
  /// A scale, and why it was taken.
  public struct Decision: Sendable, Hashable {
    public let scale: TargetScale
    public let reason: String
  }

  /// What `choice` means for these targets.
  ///
  /// `auto` takes the logarithm where no target is negative, their skewness is above 2, and the logarithm brings it under
  /// half of that. The unit is the step of targets that are whole multiples of one, which is 1 for counts. Other
  /// targets get the median of the positive ones times the power of ten (1 to 10⁻⁶) that leaves the least skewness.
  /// - Parameter weights: one a target; nil where each counts once.
  public static func decision(
    for targets: [Double], weights: [Double]? = nil, choice: TargetTransform.Choice
  ) -> Decision {
    switch choice {
    case .none: return Decision(scale: .identity, reason: "as asked for")
    case .log1p: return Decision(scale: .log1p, reason: "as asked for")
    case .auto: break
    }
    guard targets.allSatisfy({ $0 >= 0 }) else {
      return Decision(scale: .identity, reason: "some targets are negative")
    }
    let before = abs(skewness(targets, weights: weights))
    let found = "skewness \(before.roundedText)"
    guard before > 2 else { return Decision(scale: .identity, reason: "no long tail: \(found), not above 2") }
    let scales = units(for: targets, weights).map { TargetScale(unit: $0) }
    let skews = scales.map { scale in abs(skewness(targets.lazy.map(scale.forward), weights: weights)) }
    guard let least = skews.min(), let index = skews.firstIndex(of: least), least < before / 2 else {
      return Decision(scale: .identity, reason: "\(found), which the logarithm does not halve")
    }
    return Decision(
      scale: scales[index], reason: "a long tail and no negative target: \(found), \(least.roundedText) on this scale")
  }

  private static func units(for targets: [Double], _ weights: [Double]?) -> [Double] {
    let positive = SortedNumbers(targets.map { $0 > 0 ? $0 : .nan }, weights: weights)
    if let step = commonStep(ofSorted: positive.values) { return [step] }
    guard let median = positive.median else { return [] }
    return (0...6).map { median / pow(10, Double($0)) }.filter { $0 > .leastNormalMagnitude }
  }
}

/// The largest number of which all are whole multiples, to rounding: 1 for counts, 0.01 for prices with two decimals. Nil
/// where there is none, or where the largest number is more than 10⁹ steps.
/// - Parameter positive: above 0, in ascending order.
internal func commonStep(ofSorted positive: [Double]) -> Double? {
  guard let least = positive.first, let largest = positive.last, largest.isFinite else { return nil }
  // From small to large: rounding grows with the number of steps, and small numbers tell the step by then.
  var step = least
  for number in positive {
    var (dividend, divisor) = (number, step)
    while true {
      let remainder = dividend.truncatingRemainder(dividingBy: divisor)
      if remainder < 1e-4 * divisor || divisor - remainder < 1e-4 * divisor { break }
      (dividend, divisor) = (divisor, remainder)
      guard divisor > 1e-9 * largest else { return nil }
    }
    step = number / (number / divisor).rounded()
  }
  return positive.allSatisfy { abs($0 / step - ($0 / step).rounded()) < 1e-3 } ? step : nil
}

extension Double {
  /// Four significant digits, for people.
  package var roundedText: String {
    guard self != 0, isFinite else { return shortText }
    let digits = 3 - log10(abs(self)).rounded(.down)
    let power = pow(10, abs(digits))
    guard power.isFinite else { return shortText }
    return (digits > 0 ? (self * power).rounded() / power : (self / power).rounded() * power).shortText
  }
}
