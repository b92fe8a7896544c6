/// A = Q R of a matrix with at least as many rows as columns, Q with orthonormal columns, R upper triangular.
///
/// Cost 2mn² - 2n³/3 flops. For least squares with columns that are nearly dependent it loses half as many digits as
/// the normal equations.
public struct QR<Element: Scalar>: Sendable {
  private let reflectors: Matrix<Element>
  private let scales: [Element]

  /// - Throws: `.nonFinite`.
  public init(factoring a: consuming Matrix<Element>) throws(LinalgError) {
    precondition(a.rows >= a.columns, "QR: \(a.rows) x \(a.columns) has more columns than rows")
    try a.requireFinite()
    var scales = [Element](repeating: 0, count: a.columns)
    if a.columns > 0 {
      let (rows, columns) = (Int32(a.rows), Int32(a.columns))
      let info = unsafe a.withMutablePointer { a in
        unsafe scales.withUnsafeMutableBufferPointer { unsafe Element._geqrf(rows, columns, a, $0.baseAddress!) }
      }
      precondition(info == 0, "geqrf: bad argument \(-info)")
    }
    reflectors = a
    self.scales = scales
  }

  /// R, columns x columns.
  public var upper: Matrix<Element> {
    Matrix(rows: reflectors.columns, columns: reflectors.columns) { $0 <= $1 ? reflectors[$0, $1] : 0 }
  }

  /// X that minimises ‖A X - B‖ column by column.
  /// - Throws: `.rankDeficient` where a diagonal element of R is below max(m, n) ε of the largest one.
  public func leastSquares(_ b: consuming Matrix<Element>) throws(LinalgError) -> Matrix<Element> {
    precondition(
      b.rows == reflectors.rows,
      "leastSquares: \(reflectors.rows) x \(reflectors.columns) cannot be solved for \(b.rows) x \(b.columns)")
    let upper = self.upper
    let diagonal = (0..<upper.rows).map { upper[$0, $0].magnitude }
    let noise = (diagonal.max() ?? 0) * Element(reflectors.rows) * .ulpOfOne
    let rank = diagonal.count { $0 > noise }
    guard rank == upper.rows else { throw .rankDeficient(rank: rank, columns: upper.rows) }
    applyQ(to: &b, transposed: true)
    var solution = b[rows: 0..<upper.rows]
    BLAS.trsm(.upper, upper, solving: &solution)
    return solution
  }

  /// Q R.
  public func reconstruct() -> Matrix<Element> {
    let upper = self.upper
    var product = Matrix(rows: reflectors.rows, columns: reflectors.columns) { $0 < upper.rows ? upper[$0, $1] : 0 }
    applyQ(to: &product, transposed: false)
    return product
  }

  private func applyQ(to c: inout Matrix<Element>, transposed: Bool) {
    guard reflectors.columns > 0 && c.columns > 0 else { return }
    let (rows, columns, sides) = (Int32(reflectors.rows), Int32(reflectors.columns), Int32(c.columns))
    let info = unsafe reflectors.withPointer { a in
      unsafe scales.withUnsafeBufferPointer { scales in
        unsafe c.withMutablePointer { unsafe Element._applyQ(rows, columns, sides, transposed, a, scales.baseAddress!, $0) }
      }
    }
    precondition(info == 0, "ormqr: bad argument \(-info)")
  }
}
