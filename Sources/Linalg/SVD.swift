/// A = U diag(σ) Vᵀ, the thin singular value decomposition, by divide and conquer.
///
/// Cost about 6mn² + 20n³ flops for m ≥ n.
public struct SVD<Element: Scalar>: Sendable {
  /// U, m x min(m, n): orthonormal columns.
  public let left: Matrix<Element>
  /// σ, descending.
  public let values: [Element]
  /// Vᵀ, min(m, n) x n: orthonormal rows.
  public let right: Matrix<Element>

  /// - Throws: `.nonFinite`, `.notConverged`.
  public init(decomposing a: consuming Matrix<Element>) throws(LinalgError) {
    try a.requireFinite()
    let (rows, columns, rank) = (a.rows, a.columns, min(a.rows, a.columns))
    var left = Matrix<Element>(rows: rows, columns: rank)
    var values = [Element](repeating: 0, count: rank)
    var right = Matrix<Element>(rows: rank, columns: columns)
    if rank > 0 {
      BLASKernel.prepare()
      let info = a.withMutablePointer { a in
        left.withMutablePointer { left in
          right.withMutablePointer { right in
            unsafe values.withUnsafeMutableBufferPointer { values in
              unsafe Element._gesdd(
                Int32(rows), Int32(columns), a.pointer, values.baseAddress!, left.pointer, right.pointer)
            }
          }
        }
      }
      precondition(info >= 0, "gesdd: bad argument \(-info)")
      guard info == 0 else { throw .notConverged(routine: "singular value decomposition") }
    }
    self.left = left
    self.values = values
    self.right = right
  }

  /// Number of singular values above max(m, n) ε σ₁.
  public var rank: Int {
    let noise = (values.first ?? 0) * Element(max(left.rows, right.columns)) * .ulpOfOne
    return values.count { $0 > noise }
  }

  /// U diag(σ) Vᵀ.
  public func reconstruct() -> Matrix<Element> {
    Matrix(rows: left.rows, columns: left.columns) { left[$0, $1] * values[$1] }.times(right)
  }
}
