/// The nonlinearity of a hidden layer.
///
/// Both are computed by plain arithmetic on whole vectors, without a call into the C library: the bits are the same on
/// every machine, and the compiler vectorises the loops.
public enum Activation: String, CaseIterable, Sendable, Hashable {
  /// max(z, 0).
  case relu
  /// z tanh(ln(1 + eᶻ)): smooth. Source: Misra, BMVC 2020, arXiv:1908.08681.
  case mish
}

extension Activation {
  /// values := φ(values + biases) and slopes := φ'(values + biases), for `rows` rows of `width`.
  @unsafe
  func apply(
    _ values: UnsafeMutablePointer<Float>, biases: UnsafePointer<Float>, slopes: UnsafeMutablePointer<Float>,
    rows: Int, width: Int
  ) {
    for row in 0..<rows {
      let values = unsafe values + row * width
      let slopes = unsafe slopes + row * width
      switch self {
      case .relu:
        for column in 0..<width {
          let z = unsafe values[column] + biases[column]
          unsafe values[column] = z > 0 ? z : 0
          unsafe slopes[column] = z > 0 ? 1 : 0
        }
      case .mish:
        for column in 0..<width {
          let (value, slope) = unsafe mishAndSlope(values[column] + biases[column])
          unsafe values[column] = value
          unsafe slopes[column] = slope
        }
      }
    }
  }

  /// values := φ(values + biases), for `rows` rows of `width`.
  @unsafe
  func apply(_ values: UnsafeMutablePointer<Float>, biases: UnsafePointer<Float>, rows: Int, width: Int) {
    for row in 0..<rows {
      let values = unsafe values + row * width
      switch self {
      case .relu:
        for column in 0..<width {
          let z = unsafe values[column] + biases[column]
          unsafe values[column] = z > 0 ? z : 0
        }
      case .mish:
        for column in 0..<width { unsafe values[column] = mishAndSlope(values[column] + biases[column]).value }
      }
    }
  }
}

/// Mish and its derivative. With e = eᶻ and n = e (e + 2), tanh(ln(1 + e)) = n / (n + 2): no cancellation on either side.
/// Beyond z = 20 the quotient is 1 in Float, so that capping e there changes nothing and keeps n² finite.
@inline(__always)
package func mishAndSlope(_ z: Float) -> (value: Float, slope: Float) {
  let e = boundedExponential(z < 20 ? z : 20)
  let n = e * (e + 2)
  let inverse = 1 / (n + 2)
  let quotient = n * inverse
  return (z * quotient, quotient + z * (4 * e * (e + 1)) * (inverse * inverse))
}
