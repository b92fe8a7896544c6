package import Linalg

/// The shape of a fully connected network with one output, and where its parameters lie in one flat array.
///
/// A hidden layer is h = φ(x W + b), the head is f = h · w + b. Matrices are row-major, inputs x outputs. Keeping all
/// parameters in one array makes an optimiser's step, a snapshot and a gradient one pass over memory each.
package struct Network: Sendable, Equatable {
  /// A hidden layer: `inputs * outputs` weights from `weights` on, then `outputs` biases from `biases` on.
  package struct Layer: Sendable, Equatable {
    package let inputs: Int
    package let outputs: Int
    package let weights: Int
    package var biases: Int { weights + inputs * outputs }
    package var end: Int { biases + outputs }
  }

  package let featureCount: Int
  package let activation: Activation
  package let layers: [Layer]

  /// - Parameter hiddenWidths: units of each hidden layer, at least one layer.
  package init(featureCount: Int, hiddenWidths: [Int], activation: Activation) {
    precondition(
      featureCount > 0 && !hiddenWidths.isEmpty && hiddenWidths.allSatisfy { $0 > 0 },
      "Network: \(featureCount) features and hidden layers of \(hiddenWidths)")
    self.featureCount = featureCount
    self.activation = activation
    var layers: [Layer] = []
    for width in hiddenWidths {
      layers.append(Layer(inputs: layers.last?.outputs ?? featureCount, outputs: width, weights: layers.last?.end ?? 0))
    }
    self.layers = layers
  }

  /// Where the weights of the head begin; its bias is the last parameter.
  package var headWeights: Int { layers[layers.count - 1].end }
  package var headBias: Int { headWeights + layers[layers.count - 1].outputs }
  package var parameterCount: Int { headBias + 1 }

  /// The ranges of parameters that are weights: biases are not decayed.
  package var weightRanges: [Range<Int>] {
    layers.map { $0.weights..<$0.biases } + [headWeights..<headBias]
  }

  /// Hidden weights from N(0, 2 / inputs), biases 0, head 0: an untrained network predicts 0, the mean of a centred target.
  /// Source: He, Zhang, Ren & Sun, "Delving deep into rectifiers", ICCV 2015, doi:10.1109/ICCV.2015.123.
  package func initialParameters(random: inout RandomStream) -> [Float] {
    var parameters = [Float](repeating: 0, count: parameterCount)
    for layer in layers {
      let deviation = (2 / Double(layer.inputs)).squareRoot()
      for index in layer.weights..<layer.biases { parameters[index] = Float(deviation * random.normal()) }
    }
    return parameters
  }
}
