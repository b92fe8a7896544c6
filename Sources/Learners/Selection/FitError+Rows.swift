extension FitError {
  /// The same with the row's own number, where the error counts in a selection of rows.
  package func counted(in rows: [Int]) -> FitError {
    switch self {
    case .nonFinite(let row, let column): .nonFinite(row: rows[row], column: column)
    case .nonFiniteTarget(let row): .nonFiniteTarget(row: rows[row])
    case .invalidWeight(let row): .invalidWeight(row: rows[row])
    case .invalidCategory(let row, let column): .invalidCategory(row: rows[row], column: column)
    case .invalidTarget(let row, let reason): .invalidTarget(row: rows[row], reason: reason)
    default: self
    }
  }
}
