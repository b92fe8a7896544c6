internal import Learners
internal import Linalg
internal import Testing

@Suite struct MLPCodingTests {
  static func fitted() throws -> (model: MLP, x: Matrix<Double>) {
    let (x, y) = MLPTests.friedman(rows: 60, seed: 1)
    let parameters = MLPTests.quick {
      $0.hiddenUnits = 5; $0.maxEpochs = 3; $0.activation = .mish
    }
    return (try MLP(fitting: TrainingSet(x: x, y: y), parameters: parameters), x)
  }

  @Test func `decoding gives back the same bits`() throws {
    let (model, x) = try Self.fitted()
    var tensors = TensorStore()
    model.encode(into: &tensors)
    let copy = try MLP(decoding: tensors, parameters: model.parameters, featureCount: 10)
    #expect(try copy.predict(x) == model.predict(x))
    #expect(copy.epochs == model.epochs && copy.bestEpochs == model.bestEpochs && copy.converged == model.converged)
    var again = TensorStore()
    copy.encode(into: &again)
    #expect(again == tensors)
  }

  @Test func `every missing or misshapen tensor throws`() throws {
    let model = try Self.fitted().model
    var tensors = TensorStore()
    model.encode(into: &tensors)
    #expect(tensors.tensors.count == 10)
    for name in tensors.tensors.keys {
      #expect(throws: ModelFileError.missingTensor(name)) { try Self.decode(model, tensors) { $0 == name ? nil : $1 } }
      #expect(throws: ModelFileError.self) {
        try Self.decode(model, tensors) { $0 == name ? .init(shape: [0], elements: .float32([])) : $1 }
      }
      #expect(throws: ModelFileError.self) {
        try Self.decode(model, tensors) {
          $0 == name ? .init(shape: $1.shape, elements: Self.spoiled($1.elements)) : $1
        }
      }
    }
  }

  @Test(arguments: [[5, 1, 9, 4], [0, 0, -1, 1], [0, -1, -1, 1], [0, 1, 1, -1]])
  func `a scaling that cannot be throws`(numbers: [Double]) throws {
    let model = try Self.fitted().model
    var tensors = TensorStore()
    model.encode(into: &tensors)
    #expect(throws: ModelFileError.self) {
      try Self.decode(model, tensors) { $0 == "target.scaling" ? .init(shape: [4], elements: .float64(numbers)) : $1 }
    }
  }

  @Test func `parameters and features that do not fit the tensors throw`() throws {
    let model = try Self.fitted().model
    var tensors = TensorStore()
    model.encode(into: &tensors)
    for featureCount in [-1, 0, 9, 11, Int.max] {
      #expect(throws: ModelFileError.self) {
        try MLP(decoding: tensors, parameters: model.parameters, featureCount: featureCount)
      }
    }
    let changes: [(inout MLP.Parameters) -> Void] = [
      { $0.hiddenUnits = 6 }, { $0.hiddenUnits = .max }, { $0.hiddenLayers = 3 }, { $0.hiddenLayers = 1 },
      { $0.ensembleSize = 2 },
      { $0.ensembleSize = 0 }, { $0.maxEpochs = 2 },
    ]
    for change in changes {
      var parameters = model.parameters
      change(&parameters)
      #expect(throws: ModelFileError.self) {
        try MLP(decoding: tensors, parameters: parameters, featureCount: 10)
      }
    }
  }

  @Test func `finite but absurd numbers still give a prediction in range`() throws {
    let (model, x) = try Self.fitted()
    var tensors = TensorStore()
    model.encode(into: &tensors)
    let absurd = try Self.decode(model, tensors) { _, tensor in
      guard case .float32(let elements) = tensor.elements else { return tensor }
      return .init(shape: tensor.shape, elements: .float32(elements.map { $0 < 0 ? -3e38 : 3e38 }))
    }
    #expect(try absurd.predict(x).allSatisfy { $0.isFinite })
  }

  private static func decode(
    _ model: MLP, _ tensors: TensorStore, _ change: (String, TensorStore.Tensor) -> TensorStore.Tensor?
  ) throws -> MLP {
    var changed = TensorStore()
    for (name, tensor) in tensors.tensors {
      if let tensor = change(name, tensor) { changed.set(name, shape: tensor.shape, tensor.elements) }
    }
    return try MLP(decoding: changed, parameters: model.parameters, featureCount: model.featureCount)
  }

  /// The same type and shape, a value that no tensor of the model can have.
  private static func spoiled(_ elements: TensorStore.Elements) -> TensorStore.Elements {
    switch elements {
    case .float64(let numbers): .float64(numbers.map { _ in .nan })
    case .float32(let numbers): .float32(numbers.map { _ in .infinity })
    case .int32(let numbers): .int32(numbers.map { _ in -1 })
    case .uint64(let numbers): .uint64(numbers.map { _ in .max })
    case .uint8(let numbers): .uint8(numbers.map { _ in 2 })
    }
  }
}
