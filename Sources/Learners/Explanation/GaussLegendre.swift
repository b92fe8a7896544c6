internal import Glibc

/// The rule of Gauss and Legendre on [0, 1]: Σ weight p(node) is ∫₀¹ p(t) dt for every polynomial of degree 2 count − 1.
///
/// Nodes are the roots of the Legendre polynomial, found by Newton's method to the last digit or two.
/// Source: Abramowitz & Stegun, Handbook of Mathematical Functions, 1964, 25.4.29.
package struct GaussLegendre: Sendable {
  /// Inside of (0, 1), ascending.
  package let nodes: [Double]
  /// Positive, sum 1.
  package let weights: [Double]

  /// - Parameter count: of nodes, at least 1. Cost O(count²).
  package init(count: Int) {
    precondition(count >= 1, "GaussLegendre: \(count) nodes")
    var nodes: [Double] = []
    var weights: [Double] = []
    for index in 0..<count {
      var x = -cos(.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
      var slope = 1.0
      for _ in 0..<100 {
        let (value, derivative) = Self.legendre(count, at: x)
        slope = derivative
        let step = value / derivative
        x -= step
        if abs(step) < 1e-15 { break }
      }
      nodes.append((1 + x) / 2)
      weights.append(1 / ((1 - x * x) * slope * slope))
    }
    self.nodes = nodes
    self.weights = weights
  }

  /// Value and derivative of the Legendre polynomial of this degree, by its three-term recurrence.
  private static func legendre(_ degree: Int, at x: Double) -> (value: Double, derivative: Double) {
    var (before, value) = (1.0, x)
    for k in stride(from: 2, through: degree, by: 1) {
      let next = (Double(2 * k - 1) * x * value - Double(k - 1) * before) / Double(k)
      (before, value) = (value, next)
    }
    return (value, Double(degree) * (x * value - before) / (x * x - 1))
  }
}
