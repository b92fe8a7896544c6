internal import Learners
internal import Linalg
internal import TestSupport
internal import Testing

@Suite struct NetworkTests {
  /// Float sums of a few dozen terms of order 1; a central difference in Double is exact to 1e-9.
  static let floatTolerance = 2e-5

  @Test(arguments: Activation.allCases, [[5], [7, 3], [9, 4, 6], [17, 35, 16]])
  func `gradient agrees with central differences of the naive twin`(activation: Activation, widths: [Int]) {
    let network = Network(featureCount: 3, hiddenWidths: widths, activation: activation)
    for weighted in [false, true] {
      let rows = Self.rows(11, features: 3, weighted: weighted)
      let parameters = Self.parameters(network)
      let twin = NaiveNetwork(network: network)
      let (loss, gradient) = network.lossAndGradient(parameters, rows)
      let exact = parameters.map(Double.init)
      #expect(abs(loss - twin.loss(exact, rows)) < Self.floatTolerance)
      #expect(largestAbsoluteError(gradient.map(Double.init), twin.gradient(exact, rows)) < Self.floatTolerance)
    }
  }

  @Test func `loss of some rows is their weighted mean`() {
    let network = Network(featureCount: 2, hiddenWidths: [4], activation: .relu)
    let rows = Self.rows(600, features: 2, weighted: true)
    let parameters = Self.parameters(network)
    let twin = NaiveNetwork(network: network)
    let selection = Array(stride(from: 1, to: 600, by: 2))
    var (sum, weight) = (0.0, 0.0)
    for row in selection {
      let error =
        twin.output(parameters.map(Double.init), rows.x[2 * row..<2 * row + 2].map(Double.init)) - Double(rows.y[row])
      sum += Double(rows.weights![row]) * 0.5 * error * error
      weight += Double(rows.weights![row])
    }
    #expect(abs(network.loss(parameters, of: selection, in: rows) / (sum / weight) - 1) < Self.floatTolerance)
  }

  @Test func `initial weights have He's variance, biases and head are zero`() {
    let network = Network(featureCount: 50, hiddenWidths: [200, 100], activation: .relu)
    var random = RandomStream(seed: 3, purpose: RandomPurpose("test.network"))
    let parameters = network.initialParameters(random: &random)
    #expect(network.parameterCount == 50 * 200 + 200 + 200 * 100 + 100 + 100 + 1)
    for layer in network.layers {
      let weights = parameters[layer.weights..<layer.biases].map(Double.init)
      let variance = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
      // The relative error of a variance of n normal numbers is √(2/n): 0.014 for 10,000 of them.
      #expect(abs(variance * Double(layer.inputs) / 2 - 1) < 0.06)
      #expect(parameters[layer.biases..<layer.end].allSatisfy { $0 == 0 })
    }
    #expect(parameters[network.headWeights...].allSatisfy { $0 == 0 })
  }

  static func parameters(_ network: Network) -> [Float] {
    var random = RandomStream(seed: 1, purpose: RandomPurpose("test.network"))
    return (0..<network.parameterCount).map { _ in Float(0.5 * random.normal()) }
  }

  static func rows(_ count: Int, features: Int, weighted: Bool) -> NetworkRows {
    var random = RandomStream(seed: 2, purpose: RandomPurpose("test.network"))
    let x = (0..<count * features).map { _ in Float(random.normal()) }
    let y = (0..<count).map { _ in Float(random.normal()) }
    let weights = (0..<count).map { _ in Float(0.5 + random.uniform()) }
    return NetworkRows(featureCount: features, x: x, y: y, weights: weighted ? weights : nil)
  }
}
