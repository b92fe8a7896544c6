internal import Learners
internal import Linalg

extension GraphBuilder {
  /// Σ βᵢ k(x, xᵢ) + b of a support vector regression, all in double.
  /// - Parameter x: rows x features.
  internal mutating func kernelSum(_ x: Value, _ svr: SVR) -> Value {
    guard svr.supportVectorCount > 0 else { return column(of: svr.intercept, besides: x) }
    let map = KernelMap(svr)
    let supports = map.mapped(svr.supportVectors)
    let points = map.mapped(x, in: &self)
    let transposed = (0..<svr.featureCount).flatMap { feature in supports.map { $0[feature] } }
    guard svr.parameters.kernel != .linear else {
      let weights = (0..<svr.featureCount).map { feature in
        supports.indices.reduce(0) { $0 + svr.dualCoefficients[$1] * supports[$1][feature] }
      }
      return linear(points, weights, svr.intercept)
    }
    let matrix = constant(Tensor(transposed, shape: [svr.featureCount, supports.count]))
    let products = apply("MatMul", [points, matrix])
    let values =
      svr.parameters.kernel == .rbf
      ? gaussian(products, points, supports) : power(products, svr.parameters)
    return linear(values, svr.dualCoefficients, svr.intercept)
  }

  /// exp(-‖z - z'‖²).
  private mutating func gaussian(_ products: Value, _ points: Value, _ vectors: [[Double]]) -> Value {
    let norms = vectors.map { $0.reduce(0) { $0 + $1 * $1 } }
    let axes = constant(Tensor([1]))
    let ofPoints = apply("ReduceSum", [apply("Mul", [points, points]), axes], [.int("keepdims", 1)])
    let ofBoth = apply("Add", [ofPoints, constant(Tensor(norms, shape: [1, norms.count]))])
    let distances = apply("Sub", [ofBoth, times(2, products)])
    return apply("Exp", [apply("Neg", [apply("Max", [distances, constant(0)])])])
  }

  /// (zᵀz' + coefficient0)^degree.
  private mutating func power(_ products: Value, _ parameters: SVR.Parameters) -> Value {
    apply("Pow", [adding(parameters.coefficient0, to: products), constant(Double(parameters.degree))])
  }
}

/// The map of rows that makes a kernel a function of products, as `Kernel.map`: less a center, times a number.
private struct KernelMap {
  private let center: [Double]
  private let scale: Double

  init(_ svr: SVR) {
    center = svr.parameters.kernel == .polynomial ? [] : FittedTensors(svr).doubles("center")
    scale = svr.parameters.kernel == .linear ? 1 : svr.gamma.squareRoot()
  }

  func mapped(_ x: GraphBuilder.Value, in graph: inout GraphBuilder) -> GraphBuilder.Value {
    guard !center.isEmpty else { return graph.times(scale, x) }
    let shifted = graph.apply("Sub", [x, graph.constant(Tensor(center, shape: [1, center.count]))])
    return graph.times(scale, shifted)
  }

  func mapped(_ vectors: Matrix<Double>) -> [[Double]] {
    (0..<vectors.rows).map { row in
      (0..<vectors.columns).map { (vectors[row, $0] - (center.isEmpty ? 0 : center[$0])) * scale }
    }
  }
}
