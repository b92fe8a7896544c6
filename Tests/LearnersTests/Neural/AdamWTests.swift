internal import Learners
internal import TestSupport
internal import Testing

@Suite struct AdamWTests {
  /// Three steps of Float arithmetic on numbers of order 1.
  static let floatTolerance = 1e-6

  @Test func `steps agree with the formulas in Double`() {
    let (beta1, beta2, decay) = (0.9, 0.99, 0.1)
    let start: [Double] = (0..<37).map { Double($0) / 10 - 2 }
    let decaying = [3..<9, 20..<37]
    var parameters = start.map { Float($0) }
    var optimizer = AdamW(
      parameterCount: 37, weightRanges: decaying, beta1: beta1, beta2: beta2, weightDecay: decay)
    var expected = start
    var (means, squares) = ([Double](repeating: 0, count: 37), [Double](repeating: 0, count: 37))
    for (step, rate) in [0.1, 0.05, 0.2].enumerated() {
      let gradient = (0..<37).map { Float(($0 * 7 + step * 3) % 11) / 5 - 1 }
      optimizer.step(&parameters, gradient: gradient, learningRate: rate)
      for index in 0..<37 {
        let slope = Double(gradient[index])
        means[index] = beta1 * means[index] + (1 - beta1) * slope
        squares[index] = beta2 * squares[index] + (1 - beta2) * slope * slope
        var power1 = 1.0, power2 = 1.0
        for _ in 0...step { power1 *= beta1; power2 *= beta2 }
        if decaying.contains(where: { $0.contains(index) }) { expected[index] *= 1 - rate * decay }
        expected[index] -= rate * (means[index] / (1 - power1)) / (squares[index] / (1 - power2) + 1e-16).squareRoot()
      }
      #expect(largestAbsoluteError(parameters.map(Double.init), expected) < Self.floatTolerance * 4)
    }
  }

  /// The first step is of the step size whatever the decays are.
  @Test(arguments: [0, 0.9, 1 - 1e-9], [0, 0.99, 1 - 1e-9])
  func `decays next to one are still decays`(beta1: Double, beta2: Double) {
    var parameters: [Float] = [1, 1]
    var optimizer = AdamW(parameterCount: 2, weightRanges: [], beta1: beta1, beta2: beta2, weightDecay: 0)
    optimizer.step(&parameters, gradient: [0.3, -20], learningRate: 0.125)
    #expect(largestAbsoluteError(parameters.map(Double.init), [0.875, 1.125]) < Self.floatTolerance)
  }

  @Test func `without a gradient only weights decay`() {
    var parameters: [Float] = [1, 1, 1]
    var optimizer = AdamW(parameterCount: 3, weightRanges: [1..<2], beta1: 0.9, beta2: 0.99, weightDecay: 0.5)
    for _ in 0..<1000 { optimizer.step(&parameters, gradient: [0, 0, 0], learningRate: 0.01) }
    #expect(parameters[0] == 1 && parameters[2] == 1)
    #expect(abs(parameters[1] - 0.006654) < 1e-5)  // 0.995¹⁰⁰⁰
  }
}
