internal import Learners
internal import Linalg

extension ContractCheck {
  mutating func roundTrip() throws {
    let data = data()
    let model = try fit(try data.training())
    let tensors = encoded(model)
    let copy = try Learner(decoding: tensors, parameters: model.parameters, featureCount: model.featureCount)
    expect(bits(try copy.predict(data.x)) == bits(try model.predict(data.x)), "the decoded model predicts differently")
    expect(encoded(copy) == tensors, "the decoded model is encoded differently")
    expect(copy.parameters == model.parameters, "the decoded model has other parameters")
    expect(copy.featureCount == 5, "the decoded model has \(copy.featureCount) features")
    expect(copy.featureImportance == model.featureImportance, "the decoded model has other importances")
  }

  private func encoded(_ model: Learner) -> TensorStore {
    var tensors = TensorStore()
    model.encode(into: &tensors)
    return tensors
  }

  /// Missing, of other shape, not finite: refused. Cut short or any number changed: refused, or a model that predicts
  /// without trapping, because not every number can be told from a right one.
  mutating func damagedTensors() throws {
    let data = data(rows: 40)
    let model = try fit(try data.training())
    let tensors = encoded(model)
    for name in tensors.tensors.keys.sorted() {
      guard let tensor = tensors.tensors[name] else { continue }
      try refuse(tensors.replacing(name, by: nil), model, "without \(name)")
      let deeper = TensorStore.Tensor(shape: tensor.shape + [1], elements: tensor.elements)
      try refuse(tensors.replacing(name, by: deeper), model, "with one more extent of \(name)")
      try refuse(tensors.replacing(name, by: tensor.withOtherType), model, "with \(name) of another type")
      for place in tensor.places {
        for damaged in tensor.notFinite(at: place) {
          try refuse(tensors.replacing(name, by: damaged), model, "with \(name)[\(place)] not finite")
        }
        for damaged in tensor.extremes(at: place) { survive(tensors.replacing(name, by: damaged), model, data.x) }
      }
      for count in [0, 1, tensor.elements.count / 2, tensor.elements.count - 1, tensor.elements.count + 1] {
        guard let resized = tensor.resized(to: count) else { continue }
        survive(tensors.replacing(name, by: resized), model, data.x)
      }
    }
    for featureCount in [-1, 0, 1, 6, Int.max] {
      _ = try? Learner(decoding: tensors, parameters: model.parameters, featureCount: featureCount)
    }
  }

  private mutating func refuse(_ tensors: TensorStore, _ model: Learner, _ damage: String) throws {
    let decoded = try? Learner(decoding: tensors, parameters: model.parameters, featureCount: model.featureCount)
    expect(decoded == nil, "is decoded \(damage)")
  }

  private func survive(_ tensors: TensorStore, _ model: Learner, _ x: Matrix<Double>) {
    guard let decoded = try? Learner(decoding: tensors, parameters: model.parameters, featureCount: model.featureCount)
    else { return }
    _ = try? decoded.predict(x)
    _ = decoded.featureImportance
  }
}

extension TensorStore {
  fileprivate func replacing(_ name: String, by tensor: Tensor?) -> TensorStore {
    var copy = TensorStore()
    for (key, value) in tensors where key != name { copy.set(key, shape: value.shape, value.elements) }
    if let tensor { copy.set(name, shape: tensor.shape, tensor.elements) }
    return copy
  }
}

extension TensorStore.Tensor {
  fileprivate var places: [Int] {
    elements.count == 0 ? [] : Array(Set([0, elements.count / 2, elements.count - 1])).sorted()
  }

  fileprivate var withOtherType: Self {
    if case .uint8 = elements {
      return Self(shape: shape, elements: .int32(Array(repeating: 0, count: elements.count)))
    }
    return Self(shape: shape, elements: .uint8(Array(repeating: 0, count: elements.count)))
  }

  fileprivate func notFinite(at place: Int) -> [Self] {
    switch elements {
    case .float64(let numbers):
      [Double.nan, .infinity].map { Self(shape: shape, elements: .float64(numbers.replacing(place, by: $0))) }
    case .float32(let numbers):
      [Float.nan, .infinity].map { Self(shape: shape, elements: .float32(numbers.replacing(place, by: $0))) }
    case .int32, .uint64, .uint8: []
    }
  }

  fileprivate func extremes(at place: Int) -> [Self] {
    let changed: [TensorStore.Elements] =
      switch elements {
      case .float64(let numbers):
        [-1, 0, 1e300, -1e300, .leastNonzeroMagnitude].map { .float64(numbers.replacing(place, by: $0)) }
      case .float32(let numbers):
        [-1, 0, .greatestFiniteMagnitude, .leastNonzeroMagnitude].map { .float32(numbers.replacing(place, by: $0)) }
      case .int32(let numbers):
        [.min, -1, 0, 1, numbers[place] &+ 1, .max].map { .int32(numbers.replacing(place, by: $0)) }
      case .uint64(let numbers):
        [0, 1, numbers[place] &+ 1, 1 << 31, 1 << 32, 1 << 63, .max].map { .uint64(numbers.replacing(place, by: $0)) }
      case .uint8(let numbers): [0, 1, 128, .max].map { .uint8(numbers.replacing(place, by: $0)) }
      }
    return changed.map { Self(shape: shape, elements: $0) }
  }

  /// As many elements of a tensor with one extent; nil for others and where the count is not possible or no change.
  fileprivate func resized(to count: Int) -> Self? {
    guard shape.count == 1, count >= 0, count != elements.count else { return nil }
    let changed: TensorStore.Elements =
      switch elements {
      case .float64(let numbers): .float64(numbers.resized(to: count, with: 1))
      case .float32(let numbers): .float32(numbers.resized(to: count, with: 1))
      case .int32(let numbers): .int32(numbers.resized(to: count, with: 1))
      case .uint64(let numbers): .uint64(numbers.resized(to: count, with: 1))
      case .uint8(let numbers): .uint8(numbers.resized(to: count, with: 1))
      }
    return Self(shape: [count], elements: changed)
  }
}

extension Array {
  fileprivate func replacing(_ index: Int, by element: Element) -> Array {
    var copy = self
    copy[index] = element
    return copy
  }

  fileprivate func resized(to count: Int, with filler: Element) -> Array {
    Array(prefix(count)) + Array(repeating: filler, count: Swift.max(0, count - self.count))
  }
}
