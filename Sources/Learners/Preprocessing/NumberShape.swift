internal import Glibc

/// sign(x) ln(1 + |x|): compresses both tails, keeps 0 and the order.
private func signedLog1p(_ x: Double) -> Double { x < 0 ? -log1p(-x) : log1p(x) }

/// What is done to a number before it is centred and scaled.
///
/// Multiplying the training values by a positive constant multiplies units, centres and widths by it, so that the shaped
/// values stay the same: units never matter.
public enum NumberShape: Sendable, Hashable {
  /// The number as it is.
  case raw
  /// sign(x) ln(1 + |x| / unit).
  case logarithm(unit: Double)
  /// z / √(1 + (z / 3)²) with z = (x - center) / width: straight near the center, never beyond ±3.
  case clipped(center: Double, width: Double)

  @inline(__always)
  package func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .raw: return x
    case .logarithm(let unit): return unit == 1 ? signedLog1p(x) : signedLog1p(x / unit)
    case .clipped(let center, let width):
      let z = (x - center) / width
      // Beyond 10⁸ the root is z / 3 to the last digit, and the square might overflow.
      return abs(z) > 1e8 ? (z < 0 ? -3 : 3) : z / (1 + (z / 3) * (z / 3)).squareRoot()
    }
  }
}

/// The shapes that a number with a long tail may take in matrices of numbers.
public enum NumberForm: String, Sendable, Hashable, CaseIterable {
  /// As it is.
  case raw
  /// Its signed logarithm over a small typical size.
  case log
  /// Clipped smoothly on a robust scale.
  case clipped
  /// Both `log` and `clipped`: two columns.
  case both
}
