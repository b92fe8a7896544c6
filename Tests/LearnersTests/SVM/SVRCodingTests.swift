import Learners
import Linalg
import TestSupport
import Testing

@Suite struct SVRCodingTests {
  private func fitted(_ kernel: SVR.KernelShape) throws -> (model: SVR, x: Matrix<Double>) {
    var parameters = SVR.Parameters()
    parameters.kernel = kernel
    let (x, y) = SyntheticData.friedman(rows: 80, features: 5)
    return (try SVR(fitting: TrainingSet(x: x, y: y), parameters: parameters), x)
  }

  private func encoded(_ model: SVR) -> TensorStore {
    var tensors = TensorStore()
    model.encode(into: &tensors)
    return tensors
  }

  @Test(arguments: [SVR.KernelShape.rbf, .linear, .polynomial])
  func aRoundTripPredictsTheSameBits(kernel: SVR.KernelShape) throws {
    let (model, x) = try fitted(kernel)
    let copy = try SVR(decoding: encoded(model), parameters: model.parameters, featureCount: 5)
    #expect(try copy.predict(x) == model.predict(x))
    #expect(encoded(copy) == encoded(model))
  }

  @Test func aModelWithoutSupportVectorsMakesTheRoundTrip() throws {
    let x = Matrix<Double>(rows: 3, columns: 2, elements: [1, 2, 3, 4, 5, 6])
    let model = try SVR(fitting: TrainingSet(x: x, y: [1, 1, 1]))
    let copy = try SVR(decoding: encoded(model), parameters: model.parameters, featureCount: 2)
    #expect(try copy.predict(x) == [1, 1, 1])
  }

  /// `nil` takes the tensor away.
  static let damages: [(name: String, tensor: TensorStore.Tensor?)] = [
    ("support_vectors", nil), ("dual_coefficients", nil), ("center", nil), ("intercept", nil), ("gamma", nil),
    ("dual_objective", nil), ("iterations", nil),
    ("gamma", .init(shape: [1], elements: .float64([0]))),
    ("gamma", .init(shape: [1], elements: .float64([-1]))),
    ("gamma", .init(shape: [1], elements: .float64([.nan]))),
    ("gamma", .init(shape: [1], elements: .float64([1e300]))),
    ("intercept", .init(shape: [1], elements: .float64([.infinity]))),
    ("intercept", .init(shape: [1], elements: .float32([0]))),
    ("center", .init(shape: [4], elements: .float64([0, 0, 0, 0]))),
    ("center", .init(shape: [5], elements: .float64([0, 0, 1e200, 0, 0]))),
    ("dual_coefficients", .init(shape: [1], elements: .float64([1]))),
    ("support_vectors", .init(shape: [0, 5], elements: .float64([]))),
    ("iterations", .init(shape: [2], elements: .uint64([UInt64.max, 0]))),
    ("iterations", .init(shape: [2], elements: .uint64([1, 2]))),
  ]

  @Test(arguments: damages.indices) func aDamagedFileIsRefused(index: Int) throws {
    let model = try fitted(.rbf).model
    let damage = Self.damages[index]
    var tensors = TensorStore()
    for (name, tensor) in encoded(model).tensors {
      guard let used = name == damage.name ? damage.tensor : tensor else { continue }
      tensors.set(name, shape: used.shape, used.elements)
    }
    #expect(throws: ModelFileError.self) {
      try SVR(decoding: tensors, parameters: model.parameters, featureCount: 5)
    }
  }

  @Test func parametersOfAnotherKernelAreRefused() throws {
    let model = try fitted(.rbf).model
    var parameters = model.parameters
    parameters.kernel = .linear
    #expect(throws: ModelFileError.self) { try SVR(decoding: encoded(model), parameters: parameters, featureCount: 5) }
    #expect(throws: ModelFileError.self) {
      try SVR(decoding: encoded(model), parameters: model.parameters, featureCount: 6)
    }
  }
}
