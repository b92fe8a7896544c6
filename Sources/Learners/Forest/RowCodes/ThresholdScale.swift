/// The scale on which random thresholds of a feature are uniform.
///
/// Counts and sizes span orders of magnitude. A threshold uniform between 0 and the largest of them hardly ever falls
/// among the many small ones, so a tree of random splits sees little of such a feature. Where the largest |x| is far
/// above the tenth percentile s of the |x| that are not 0, thresholds are uniform in sign(x) log₂(1 + |x| / s) instead,
/// with log₂ taken as exponent plus mantissa of the number: monotone, within 0.09 of the logarithm, exactly invertible,
/// and the same on every processor. Multiplying a feature by a power of two multiplies its thresholds by it.
internal struct ThresholdScale: Sendable, BitwiseCopyable {
  /// Spans of less are left as they are: a normal feature has about 30, an exponential one 100. A little more than 200, that
  /// rounding does not decide of counts that span just that.
  private static let wideSpan = 200 * (1 + 0x1p-30)

  /// s; nil for a feature whose thresholds are uniform in x itself.
  private let unit: Double?

  internal init(of values: [Double]) {
    let sizes = values.lazy.filter { !$0.isNaN && $0 != 0 }.map { abs($0) }.sorted()
    guard let largest = sizes.last else {
      unit = nil
      return
    }
    let small = sizes[sizes.count / 10]
    let isUsable = small.isNormal && (largest / small).isFinite
    unit = isUsable && largest / small > Self.wideSpan ? small : nil
  }

  /// The number this share of the way from low to high, 0 ≤ share < 1; low ≤ result < high for low < high.
  internal func between(_ low: Double, _ high: Double, share: Double) -> Double {
    let drawn: Double
    if let unit {
      let start = Self.logarithm(low / unit)
      drawn = Self.power(start + share * (Self.logarithm(high / unit) - start)) * unit
    } else {
      drawn = low * (1 - share) + high * share
    }
    return drawn >= low && drawn < high ? drawn : low
  }

  internal var isLinear: Bool { unit == nil }

  /// Where a number lies on the scale: grows with it.
  internal func position(of number: Double) -> Double { unit.map { Self.logarithm(number / $0) } ?? number }

  /// The number at a position, up to rounding.
  internal func number(at position: Double) -> Double { unit.map { Self.power(position) * $0 } ?? position }

  private static let one = (1.0).bitPattern
  private static let binade = 0x1p52

  private static func logarithm(_ x: Double) -> Double {
    let size = Double((1 + abs(x)).bitPattern - one) / binade
    return x < 0 ? -size : size
  }

  private static func power(_ exponent: Double) -> Double {
    let size = Double(bitPattern: UInt64(abs(exponent) * binade) + one) - 1
    return exponent < 0 ? -size : size
  }
}
