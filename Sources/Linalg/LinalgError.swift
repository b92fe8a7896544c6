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
    case .notPositiveDefinite(let minor): "the matrix is not positive definite: its leading minor of order \(minor) is not positive"
    case .rankDeficient(let rank, let columns): "the matrix has rank \(rank) but \(columns) columns: some columns depend on others"
    case .notConverged(let routine): "\(routine) did not converge"
    case .nonFinite(let row, let column): "element (\(row), \(column)) of the matrix is not finite"
    }
  }
}

extension Matrix {
  /// Throws `.nonFinite` with the first NaN or infinite element: LAPACK may hang or return nonsense on it.
  internal func requireFinite() throws(LinalgError) {
    guard let index = storage.firstIndex(where: { !$0.isFinite }) else { return }
    let offset = index - storage.startIndex
    throw .nonFinite(row: offset / columns, column: offset % columns)
  }
}
