internal import Learners

extension GraphBuilder {
  /// The mean of the networks' outputs as a target, within its bounds. The networks are float32, as they were trained.
  /// - Parameter x: rows x features.
  internal mutating func networks(_ x: Value, _ mlp: MLP) -> Value {
    let (tensors, count) = (FittedTensors(mlp), mlp.parameters.ensembleSize)
    let inputs = cast(squashed(x), to: .float)
    let outputs = (0..<count).map { member in
      cast(output(of: member, of: mlp, tensors, inputs), to: .double)
    }
    let mean = divided(sum(outputs), by: Double(count))
    let scaling = tensors.doubles("target.scaling")
    let (shift, scale, lower, upper) = (scaling[0], scaling[1], scaling[2], scaling[3])
    return clipped(replacingNaN(in: adding(shift, to: times(scale, mean)), by: shift), lower, upper)
  }

  private mutating func output(of member: Int, of mlp: MLP, _ tensors: FittedTensors, _ inputs: Value) -> Value {
    let width = mlp.parameters.hiddenUnits
    /// The networks stand one after another.
    func part(_ name: String, _ shape: [Int]) -> Tensor {
      let size = shape.reduce(1, *)
      return Tensor(Array(tensors.floats(name)[member * size..<(member + 1) * size]), shape: shape)
    }
    var rows = inputs
    for layer in 0..<mlp.parameters.hiddenLayers {
      let weights = part("hidden.\(layer).weights", [layer == 0 ? mlp.featureCount : width, width])
      let sums = apply("Gemm", [rows, constant(weights), constant(part("hidden.\(layer).biases", [width]))])
      rows = activated(sums, mlp.parameters.activation)
    }
    return apply("Gemm", [rows, constant(part("head.weights", [width, 1])), constant(part("head.bias", [1]))])
  }

  private mutating func activated(_ values: Value, _ activation: Activation) -> Value {
    switch activation {
    case .relu: apply("Relu", [values])
    case .mish: apply("Mul", [values, apply("Tanh", [apply("Softplus", [values])])])
    }
  }
}
