internal import Glibc
package import Linalg

/// Points that fill the unit cube evenly, each a function of (seed, purpose, number) alone.
///
/// An additive recurrence with the powers of the generalised golden ratio, shifted by a random vector: point k is
/// {s + k α}, α_i = φ_d^(-i), φ_d the root above 1 of x^(d+1) = x + 1. Any stretch of it is spread as evenly.
/// Source: Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018; the shift after Cranley & Patterson,
/// SIAM J. Numer. Anal. 13(6), 1976.
package struct LowDiscrepancy: Sendable {
  private let steps: [Double]
  private let shifts: [Double]

  package init(dimensions: Int, seed: UInt64, purpose: RandomPurpose) {
    var root = 2.0
    // A contraction: it is at rest after far fewer rounds.
    for _ in 0..<64 { root = pow(1 + root, 1 / Double(dimensions + 1)) }
    steps = (0..<dimensions).map { pow(root, -Double($0 + 1)) }
    var random = RandomStream(seed: seed, purpose: purpose, index: UInt64(dimensions))
    shifts = (0..<dimensions).map { _ in random.uniform() }
  }

  package subscript(number: Int) -> [Double] {
    zip(steps, shifts).map { step, shift in
      let sum = shift + Double(number) * step
      return sum - sum.rounded(.down)
    }
  }
}
