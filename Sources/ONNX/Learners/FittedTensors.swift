internal import Learners

/// What a learner has learned, as it tells it to its model file: the one form that all learners have, and whose names are promised.
internal struct FittedTensors {
  private let store: TensorStore

  init(_ learner: some Regressor) {
    var store = TensorStore()
    learner.encode(into: &store)
    self.store = store
  }

  func doubles(_ name: String) -> [Double] {
    guard case .float64(let numbers) = store.tensors[name]?.elements else { preconditionFailure("no tensor \(name)") }
    return numbers
  }

  func floats(_ name: String) -> [Float] {
    guard case .float32(let numbers) = store.tensors[name]?.elements else { preconditionFailure("no tensor \(name)") }
    return numbers
  }
}
