/// A = L Lᵀ of a symmetric positive definite matrix, L lower triangular.
///
/// Cost n³/3 flops to factor, 2n² a right-hand side to solve. Solve with it; there is no `inverse`.
public struct Cholesky<Element: Scalar>: Sendable {
  /// L, n x n; above the diagonal it is zero.
  public let factor: Matrix<Element>

  /// Factors `a`, of which the lower triangle is read.
  ///
  /// A pivot that is below n ε of its diagonal element has lost all its digits: a factor may exist on paper, but a
  /// solution would be noise. Whether such a matrix, or one with a pivot that is not positive, is rank-deficient or
  /// has negative eigenvalues is then told by the eigenvalues of A scaled to a unit diagonal (4n³ flops).
  /// - Throws: `.nonFinite`; `.rankDeficient`; `.notPositiveDefinite` with the order of the first minor that fails.
  public init(factoring a: consuming Matrix<Element>) throws(LinalgError) {
    precondition(a.rows == a.columns, "Cholesky: \(a.rows) x \(a.columns) is not square")
    try a.requireFiniteLowerTriangle()
    // The upper triangle keeps A while the lower one becomes L.
    a.mirrorLowerTriangle()
    let diagonal = a.diagonal
    if let minor = Self.factorLowerTriangle(of: &a, diagonal: diagonal) {
      throw Self.defect(upperTriangle: a, diagonal: diagonal, minor: minor)
    }
    a.clearUpperTriangle()
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
    BLAS.syrk(factor, into: &product)
    return product
  }

  /// - Returns: the order of the first leading minor whose pivot is not positive or is noise; nil if there is none.
  private static func factorLowerTriangle(of a: inout Matrix<Element>, diagonal: [Element]) -> Int? {
    let order = a.rows
    guard order > 0 else { return nil }
    BLASKernel.prepare()
    let info = a.withMutablePointer { unsafe Element._potrfLower(Int32(order), $0.pointer) }
    precondition(info >= 0, "potrf: bad argument \(-info)")
    guard info == 0 else { return Int(info) }
    let noise = Element(order) * .ulpOfOne
    let pivots = a.diagonal.map { $0 * $0 }
    return zip(pivots, diagonal).enumerated().first { !($1.0 > noise * $1.1) }.map { $0.offset + 1 }
  }

  /// Why a matrix, given by its upper triangle and diagonal, could not be factored.
  private static func defect(upperTriangle a: Matrix<Element>, diagonal: [Element], minor: Int) -> LinalgError {
    guard diagonal.allSatisfy({ $0 >= 0 }) else { return .notPositiveDefinite(minor: minor) }
    let scales = diagonal.map { $0 > 0 ? $0.squareRoot() : 1 }
    let scaled = Matrix(rows: a.rows, columns: a.rows) { row, column in
      let element = row == column ? diagonal[row] : a[min(row, column), max(row, column)]
      return element / scales[row] / scales[column]
    }
    do throws(LinalgError) {
      let values = try SymmetricEigen(decomposing: scaled).values
      let noise = Element(a.rows) * .ulpOfOne * values[values.count - 1]
      guard values[0] >= -noise else { return .notPositiveDefinite(minor: minor) }
      return .rankDeficient(rank: min(values.count { $0 > noise }, a.rows - 1), columns: a.rows)
    } catch {
      return error
    }
  }
}

extension Matrix {
  /// The diagonal of a square matrix.
  fileprivate var diagonal: [Element] { (0..<rows).map { self[$0, $0] } }

  /// Writes 0 above the diagonal of a square matrix.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  fileprivate mutating func clearUpperTriangle() {
    let order = rows
    withMutableSpan { elements in
      for row in 0..<order {
        for index in row * order + row + 1..<(row + 1) * order { elements[index] = 0 }
      }
    }
  }
}
