/// A = Q R of a matrix with at least as many rows as columns, Q with orthonormal columns, R upper triangular.
///
/// Cost 2mn² - 2n³/3 flops, twice that of the normal equations for m ≫ n. Where columns are nearly dependent, its least
/// squares lose half as many digits as those do.
public struct QR<Element: Scalar>: Sendable {
  private let reflectors: Matrix<Element>
  private let scales: [Element]

  /// - Throws: `.nonFinite`.
  public init(factoring a: consuming Matrix<Element>) throws(LinalgError) {
    precondition(a.rows >= a.columns, "QR: \(a.rows) x \(a.columns) has more columns than rows")
    try a.requireFinite()
    var scales = [Element](repeating: 0, count: a.columns)
    if a.columns > 0 {
      BLASKernel.prepare()
      let (rows, columns) = (Int32(a.rows), Int32(a.columns))
      let info = a.withMutablePointer { a in
        unsafe scales.withUnsafeMutableBufferPointer {
          unsafe Element._geqrf(rows, columns, a.pointer, $0.baseAddress!)
        }
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
  /// - Throws: `.rankDeficient` where what a column adds to those before it is below m ε of its length.
  public func leastSquares(_ b: consuming Matrix<Element>) throws(LinalgError) -> Matrix<Element> {
    precondition(
      b.rows == reflectors.rows,
      "leastSquares: \(reflectors.rows) x \(reflectors.columns) cannot be solved for \(b.rows) x \(b.columns)")
    let upper = self.upper
    let noise = Element(reflectors.rows) * .ulpOfOne
    // A column of R is as long as that of A, and its diagonal element is the part of it that is new.
    let rank = (0..<upper.columns).count { upper[$0, $0].magnitude > noise * upper.lengthOfColumn($0) }
    guard rank == upper.columns else { throw .rankDeficient(rank: rank, columns: upper.columns) }
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
    let info = reflectors.withPointer { a in
      unsafe scales.withUnsafeBufferPointer { scales in
        c.withMutablePointer {
          unsafe Element._applyQ(rows, columns, sides, transposed, a.pointer, scales.baseAddress!, $0.pointer)
        }
      }
    }
    precondition(info == 0, "ormqr: bad argument \(-info)")
  }
}

extension Matrix {
  /// The Euclidean length of a column, safe from overflow.
  fileprivate func lengthOfColumn(_ index: Int) -> Element {
    let column = column(index)
    let largest = column.reduce(0) { max($0, $1.magnitude) }
    guard largest > 0 else { return 0 }
    return largest * column.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
  }
}
