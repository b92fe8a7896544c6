internal import Linalg

extension SVR {
  public func encode(into tensors: inout TensorStore) {
    tensors.set(
      "support_vectors", shape: [supportVectors.rows, supportVectors.columns], .float64(supportVectors.elements))
    tensors.set("dual_coefficients", shape: [dualCoefficients.count], .float64(dualCoefficients))
    tensors.set("center", shape: [featureCount], .float64(expansion.kernel.center))
    tensors.set("intercept", intercept)
    tensors.set("gamma", gamma)
    tensors.set("dual_objective", dualObjective)
    tensors.set("iterations", shape: [2], .uint64([UInt64(iterations), converged ? 1 : 0]))
  }

  public init(decoding tensors: TensorStore, parameters: Parameters, featureCount: Int) throws(ModelFileError) {
    do throws(ParameterError) { try parameters.validate() } catch {
      throw .invalidMetadata(key: "parameters", reason: error.description)
    }
    let coefficients = try tensors.float64("dual_coefficients", shape: [nil])
    let vectors = try tensors.float64("support_vectors", shape: [coefficients.count, featureCount])
    let gamma = try tensors.finiteDouble("gamma")
    guard parameters.kernel == .linear ? gamma == 0 : gamma > 0 else {
      throw .invalidValue(tensor: "gamma", index: 0, reason: "does not fit the kernel")
    }
    let ended = try tensors.uint64("iterations", shape: [2])
    guard let iterations = Int(exactly: ended[0]), ended[1] <= 1 else {
      throw .invalidValue(tensor: "iterations", index: ended[1] <= 1 ? 0 : 1, reason: "is out of range")
    }
    let kernel = Kernel(
      shape: parameters.kernel, gamma: gamma, coefficient0: parameters.coefficient0, degree: parameters.degree,
      center: try tensors.float64("center", shape: [featureCount]))
    let supportVectors = Matrix(rows: coefficients.count, columns: featureCount, elements: vectors)
    guard kernel.isRepresentable(mapped: kernel.map(supportVectors)) else {
      throw .invalidValue(tensor: "support_vectors", index: 0, reason: "or another number makes the kernel overflow")
    }
    self.parameters = parameters
    self.featureCount = featureCount
    self.supportVectors = supportVectors
    dualCoefficients = coefficients
    intercept = try tensors.finiteDouble("intercept")
    self.gamma = gamma
    dualObjective = try tensors.finiteDouble("dual_objective")
    converged = ended[1] == 1
    self.iterations = iterations
    expansion = Self.expansion(kernel, supportVectors, coefficients)
  }
}
