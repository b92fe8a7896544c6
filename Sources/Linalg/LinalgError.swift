/// What can be wrong with a matrix that comes from outside. Mismatched shapes are a programmer's mistake and trap.
public enum LinalgError: Error, Equatable, Sendable {
  /// The leading minor of this order (1-based, as LAPACK counts) is not positive: the matrix has no Cholesky factor.
  case notPositiveDefinite(minor: Int)
  /// Columns depend on each other: only `rank` of `columns` are independent at working precision.
  case rankDeficient(rank: Int, columns: Int)
  /// The iteration of an eigen or singular value decomposition did not converge.
  case notConverged(routine: String)
  /// An element is NaN or infinite.
  case nonFinite(row: Int, column: Int)
}

extension LinalgError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notPositiveDefinite(let minor):
      "the matrix is not positive definite: its leading minor of order \(minor) is not positive"
    case .rankDeficient(let rank, let columns):
      "the matrix has rank \(rank) but \(columns) columns: some columns depend on others"
    case .notConverged(let routine): "\(routine) did not converge"
    case .nonFinite(let row, let column): "element (\(row), \(column)) of the matrix is not finite"
    }
  }
}

extension Matrix {
  /// Throws `.nonFinite` with the first NaN or infinite element: LAPACK may hang or return nonsense on it.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  internal func requireFinite() throws(LinalgError) {
    try withSpan { elements throws(LinalgError) in
      for index in elements.indices where !elements[index].isFinite {
        throw .nonFinite(row: index / columns, column: index % columns)
      }
    }
  }

  /// The same for the elements on and below the diagonal.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  internal func requireFiniteLowerTriangle() throws(LinalgError) {
    try withSpan { elements throws(LinalgError) in
      for row in 0..<rows {
        for column in 0...row where !elements[row * columns + column].isFinite {
          throw .nonFinite(row: row, column: column)
        }
      }
    }
  }
}
