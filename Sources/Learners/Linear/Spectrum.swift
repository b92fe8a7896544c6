internal import Linalg

/// The eigendecomposition A = V diag(λ) Vᵀ of normal equations, which gives the solutions for all penalties.
///
/// Cost: 4 n³ flops once, 2 n² a penalty.
internal struct Spectrum: Sendable {
  private let eigen: SymmetricEigen<Double>

  /// - Parameters:
  ///   - matrix: n x n, positive semidefinite; the lower triangle is read.
  ///   - squares: its diagonal, where an element that is 0 stands for a feature that does not vary: its row and column are
  ///     zeros, and it must not count as a small eigenvalue.
  init(of matrix: consuming Matrix<Double>, squares: [Double] = []) throws(LinalgError) {
    let varying = squares.filter { $0 > 0 }
    let typical = varying.reduce(0, +) / Double(max(1, varying.count))
    for index in squares.indices where squares[index] == 0 { matrix[index, index] = typical > 0 ? typical : 1 }
    eigen = try SymmetricEigen(decomposing: matrix)
  }

  /// (A + αI)⁻¹ c for each α; nil where the condition number λ₁ + α to λₙ + α is above 10⁵: rounding in A, amplified by
  /// it, would then be seen in the ninth digit, and a solution that is corrected by the rows is better.
  func solutions(for vector: [Double], alphas: [Double]) -> [[Double]?] {
    let values = eigen.values.map { max(0, $0) }
    guard let least = values.first, let most = values.last else { return alphas.map { _ in [] } }
    let components = eigen.vectors.times(vector)
    let scaled = Matrix(rows: values.count, columns: alphas.count) {
      let shifted = values[$0] + alphas[$1]
      return shifted > 0 ? components[$0] / shifted : 0
    }
    var solutions = Matrix<Double>(rows: values.count, columns: alphas.count)
    BLAS.gemm(eigen.vectors, transposingFirst: true, scaled, into: &solutions)
    return alphas.indices.map { index in
      let isSafe = most + alphas[index] <= 1e5 * (least + alphas[index])
      return isSafe ? solutions.column(index) : nil
    }
  }
}
