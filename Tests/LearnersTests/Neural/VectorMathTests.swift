internal import Foundation
internal import Learners
internal import Testing

@Suite struct VectorMathTests {
  /// What the doc comments promise: a few units in the last place of Float.
  static let promised = 3e-7

  @Test func `exponential keeps its promise over its whole range`() {
    var worst = 0.0
    for step in -870_000...870_000 {
      let x = Float(step) * 1e-4
      worst = max(worst, abs(Double(boundedExponential(x)) / exp(Double(x)) - 1))
    }
    #expect(worst < Self.promised)
    #expect(boundedExponential(0) == 1)
    #expect(
      boundedExponential(-.infinity) == boundedExponential(-87)
        && boundedExponential(.infinity) == boundedExponential(87))
  }

  @Test func `square root keeps its promise over its whole range`() {
    var worst = 0.0
    for step in -3000...3000 {
      let x = Float(pow(10, Double(step) / 100))
      worst = max(worst, abs(Double(squareRoot(x)) / Double(x).squareRoot() - 1))
    }
    #expect(worst < Self.promised)
    #expect(squareRoot(0) == 0)
  }

  @Test func `mish and its slope agree with their definition`() {
    // A few units in the last place; in the slope, of the two numbers that are subtracted.
    var (worstValue, worstSlope) = (0.0, 0.0)
    for step in -4000...4000 {
      let z = Double(Float(step) * 0.01)
      let soft = tanh(log1p(exp(z)))
      let sigmoid = 1 / (1 + exp(-z))
      let (value, slope) = mishAndSlope(Float(z))
      worstValue = max(worstValue, abs(Double(value) - z * soft) / max(abs(z * soft), 1e-30))
      worstSlope = max(worstSlope, abs(Double(slope) - (soft + z * sigmoid * (1 - soft * soft))))
    }
    #expect(worstValue < 1e-6)
    #expect(worstSlope < 2e-6)
  }
}
