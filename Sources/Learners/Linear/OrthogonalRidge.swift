internal import Linalg

/// argmin ‖c - A β‖² + α ‖β‖² through the singular values of A, β = V diag(σ / (σ² + α)) Uᵀ c.
///
/// At α = 0 singular values below max(m, n) ε σ₁ count as zero: of all solutions the one of smallest norm. The slow
/// and safe way, for problems whose normal equations have no digits left.
internal func orthogonalRidge(
  _ a: Matrix<Double>, _ c: [Double], alpha: Double
) throws(LinalgError) -> [Double] {
  let decomposition = try SVD(decomposing: a)
  var components = [Double](repeating: 0, count: decomposition.values.count)
  BLAS.gemv(decomposition.left, transposed: true, c, into: &components)
  let rank = decomposition.rank
  for (index, value) in decomposition.values.enumerated() {
    let isKept = value > 0 && (alpha > 0 || index < rank)
    components[index] *= isKept ? value / (value * value + alpha) : 0
  }
  var solution = [Double](repeating: 0, count: a.columns)
  BLAS.gemv(decomposition.right, transposed: true, components, into: &solution)
  return solution
}
