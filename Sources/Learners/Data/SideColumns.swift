/// Columns that say something of rows beside what is learned from them: their groups, times or weights.
internal struct SideColumns {
  private let tables: [Table]
  private let target: String

  /// - Parameter tables: of the same rows; a column is taken of the first that has it.
  init(_ tables: [Table], target: String) { (self.tables, self.target) = (tables, target) }

  /// - Parameters:
  ///   - name: nil where nothing was said.
  ///   - option: where it was said, for people.
  func column(_ name: String?, for option: String, rows: [Int]) throws(DataError) -> Column? {
    guard let name else { return nil }
    guard let column = tables.lazy.compactMap({ $0[name] }).first, name != target else {
      let reason = name == target ? "the target \(name) cannot be it" : "there is no column \(name)"
      throw DataError(
        .invalid, "\(option): \(reason)",
        advice: "the columns are \(listed(tables[tables.count - 1].columns.map(\.name)))")
    }
    return column.gathering(rows)
  }
}
