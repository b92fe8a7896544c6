/// A = L Lᵀ of a symmetric positive definite matrix, L lower triangular.
///
/// Cost n³/3 flops to factor, 2n² a right-hand side to solve. Solve with it; there is no `inverse`.
public struct Cholesky<Element: Scalar>: Sendable {
  /// L, n x n; above the diagonal it is zero.
  public let factor: Matrix<Element>

  /// Factors `a`, of which the lower triangle is read.
  ///
  /// - Throws: `.nonFinite`; `.notPositiveDefinite` with the order of the first minor that is not positive;
  ///   `.rankDeficient` where a pivot lost all its digits (it is below n ε of its diagonal element), so that the
  ///   factor exists on paper but a solution would be noise.
  public init(factoring a: consuming Matrix<Element>) throws(LinalgError) {
    precondition(a.rows == a.columns, "Cholesky: \(a.rows) x \(a.columns) is not square")
    try a.requireFinite()
    let order = a.rows
    let diagonal = (0..<order).map { a[$0, $0] }
    if order > 0 {
      let info = unsafe a.withMutablePointer { unsafe Element._potrfLower(Int32(order), $0) }
      precondition(info >= 0, "potrf: bad argument \(-info)")
      guard info == 0 else { throw .notPositiveDefinite(minor: Int(info)) }
    }
    let noise = Element(order) * .ulpOfOne
    let rank = (0..<order).count { a[$0, $0] * a[$0, $0] > noise * diagonal[$0] }
    guard rank == order else { throw .rankDeficient(rank: rank, columns: order) }
    for row in 0..<order {
      for column in row + 1..<max(order, row + 1) { a[row, column] = 0 }
    }
    factor = a
  }

  /// X with A X = B, for any number of right-hand sides (the columns of `b`).
  public func solve(_ b: consuming Matrix<Element>) -> Matrix<Element> {
    BLAS.trsm(.lower, factor, solving: &b)
    BLAS.trsm(.lower, factor, transposed: true, solving: &b)
    return b
  }

  /// x with A x = b.
  public func solve(_ b: [Element]) -> [Element] {
    solve(Matrix(rows: b.count, columns: 1, elements: b)).elements
  }

  /// L Lᵀ.
  public func reconstruct() -> Matrix<Element> {
    var product = Matrix<Element>(rows: factor.rows, columns: factor.rows)
    BLAS.gemm(factor, factor, transposingSecond: true, into: &product)
    return product
  }
}
