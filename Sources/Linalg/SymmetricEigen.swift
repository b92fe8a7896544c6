/// A = V diag(λ) Vᵀ of a symmetric matrix, by divide and conquer.
///
/// Cost about 4n³ flops; memory 3n² elements while it runs.
/// Source: Gu & Eisenstat, SIAM J. Matrix Anal. Appl. 16(1), 1995, doi:10.1137/S0895479892241287 (LAPACK's syevd).
public struct SymmetricEigen<Element: Scalar>: Sendable {
  /// λ, ascending.
  public let values: [Element]
  /// Vᵀ: row i is the unit eigenvector of `values[i]`. Its sign is not defined.
  public let vectors: Matrix<Element>

  /// Decomposes `a`, of which the lower triangle is read.
  /// - Throws: `.nonFinite`, `.notConverged`.
  public init(decomposing a: consuming Matrix<Element>) throws(LinalgError) {
    precondition(a.rows == a.columns, "SymmetricEigen: \(a.rows) x \(a.columns) is not square")
    try a.requireFiniteLowerTriangle()
    let order = a.rows
    var values = [Element](repeating: 0, count: order)
    if order > 0 {
      BLASKernel.prepare()
      let info = a.withMutablePointer { a in
        unsafe values.withUnsafeMutableBufferPointer {
          unsafe Element._syevd(Int32(order), a.pointer, $0.baseAddress!)
        }
      }
      precondition(info >= 0, "syevd: bad argument \(-info)")
      guard info == 0 else { throw .notConverged(routine: "symmetric eigendecomposition") }
    }
    self.values = values
    vectors = a
  }

  /// V diag(λ) Vᵀ.
  public func reconstruct() -> Matrix<Element> {
    let scaled = Matrix(rows: vectors.rows, columns: vectors.columns) { vectors[$0, $1] * values[$0] }
    var product = Matrix<Element>(rows: vectors.rows, columns: vectors.rows)
    BLAS.gemm(vectors, transposingFirst: true, scaled, into: &product)
    return product
  }
}
