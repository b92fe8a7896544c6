extension MLP {
  /// Tensors of the networks stand one after another along the first axis. Layer l: `hidden.l.weights`, networks x inputs x
  /// outputs, and `hidden.l.biases`, networks x outputs; `head.weights`, networks x units, and `head.bias`, networks.
  /// `target.scaling` holds shift, scale, lowest and highest prediction; `epochs`, `best_epochs` and `converged` the record.
  public func encode(into tensors: inout TensorStore) {
    let count = members.count
    for (index, layer) in network.layers.enumerated() {
      tensors.set(
        "hidden.\(index).weights", shape: [count, layer.inputs, layer.outputs], stacked(layer.weights..<layer.biases))
      tensors.set("hidden.\(index).biases", shape: [count, layer.outputs], stacked(layer.biases..<layer.end))
    }
    let head = network.headWeights..<network.headBias
    tensors.set("head.weights", shape: [count, head.count], stacked(head))
    tensors.set("head.bias", shape: [count], stacked(head.upperBound..<network.parameterCount))
    tensors.set("target.scaling", shape: [4], .float64([scaling.shift, scaling.scale, scaling.lower, scaling.upper]))
    tensors.set("epochs", shape: [count], .int32(epochs.map(Int32.init)))
    tensors.set("best_epochs", shape: [count], .int32(bestEpochs.map(Int32.init)))
    tensors.set("converged", shape: [1], .uint8([converged ? 1 : 0]))
  }

  private func stacked(_ range: Range<Int>) -> TensorStore.Elements {
    .float32(members.flatMap { $0[range] })
  }

  public init(decoding tensors: TensorStore, parameters: Parameters, featureCount: Int) throws(ModelFileError) {
    do { try parameters.validate() } catch {
      throw .invalidMetadata(key: "parameters", reason: error.description)
    }
    guard featureCount > 0 else { throw .invalidMetadata(key: "features", reason: "\(featureCount) features") }
    let members = try Self.members(decoding: tensors, parameters, featureCount: featureCount)
    let epochs = try Self.epochs(decoding: tensors, parameters)
    let converged = try tensors.uint8("converged", shape: [1])[0]
    guard converged <= 1 else { throw .invalidValue(tensor: "converged", index: 0, reason: "is neither 0 nor 1") }
    self.init(
      parameters: parameters, network: Network(featureCount: featureCount, parameters), members: members,
      scaling: try Self.scaling(decoding: tensors), epochs: epochs.run, bestEpochs: epochs.best,
      converged: converged == 1)
  }

  /// The flat parameters of each network. Shapes are checked against tensors before anything of their size is made.
  private static func members(
    decoding tensors: TensorStore, _ parameters: Parameters, featureCount: Int
  ) throws(ModelFileError) -> [[Float]] {
    let (count, width) = (parameters.ensembleSize, parameters.hiddenUnits)
    var members = [[Float]](repeating: [], count: count)
    func append(_ name: String, _ shape: [Int]) throws(ModelFileError) {
      let elements = try tensors.float32(name, shape: [count] + shape)
      let size = elements.count / count
      for member in 0..<count { members[member] += elements[member * size..<(member + 1) * size] }
    }
    for layer in 0..<parameters.hiddenLayers {
      try append("hidden.\(layer).weights", [layer == 0 ? featureCount : width, width])
      try append("hidden.\(layer).biases", [width])
    }
    guard tensors.tensors["hidden.\(parameters.hiddenLayers).weights"] == nil else {
      throw .invalidMetadata(key: "hiddenLayers", reason: "there are more layers than \(parameters.hiddenLayers)")
    }
    try append("head.weights", [width])
    try append("head.bias", [])
    return members
  }

  private static func scaling(decoding tensors: TensorStore) throws(ModelFileError) -> TargetScaling {
    let numbers = try tensors.float64("target.scaling", shape: [4])
    let scaling = TargetScaling(shift: numbers[0], scale: numbers[1], lower: numbers[2], upper: numbers[3])
    guard let scaling else {
      throw .invalidValue(tensor: "target.scaling", index: 0, reason: "and its followers are not a scaling")
    }
    return scaling
  }

  private static func epochs(
    decoding tensors: TensorStore, _ parameters: Parameters
  ) throws(ModelFileError) -> (run: [Int], best: [Int]) {
    let run = try tensors.int32("epochs", shape: [parameters.ensembleSize]).map(Int.init)
    let best = try tensors.int32("best_epochs", shape: [parameters.ensembleSize]).map(Int.init)
    for index in run.indices {
      guard run[index] >= 1 && run[index] <= parameters.maxEpochs else {
        throw .invalidValue(tensor: "epochs", index: index, reason: "is outside 1 ... \(parameters.maxEpochs)")
      }
      guard best[index] >= 0 && best[index] <= run[index] else {
        throw .invalidValue(tensor: "best_epochs", index: index, reason: "is outside 0 ... \(run[index])")
      }
    }
    return (run, best)
  }
}
