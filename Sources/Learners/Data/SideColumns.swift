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

extension Column {
  /// The numbers of a column in which every row needs one.
  /// - Parameters:
  ///   - what: they are, "weights".
  ///   - tableRows: of the column's rows.
  /// - Throws: for texts. What reading a column advises, to leave a cell empty, would be wrong here.
  internal func requireSideNumbers(
    _ what: String, _ tableRows: [Int], advice: String
  ) throws(DataError) -> [Double] {
    if let notNumeric {
      throw DataError(notNumeric.code, notNumeric.what, at: notNumeric.location, advice: advice)
    }
    switch values {
    case .numeric(let numbers): return numbers
    case .categorical(let codes, let levels):
      guard let place = codes.firstIndex(where: { $0 >= 0 && Double(levels[Int($0)]) == nil }) else {
        throw DataError(
          .invalid, "it holds texts, \(what) must be numbers", at: .init(column: name),
          advice: "choose another column")
      }
      throw DataError(
        .invalid, "\(quoted(levels[Int(codes[place])])) is not a number, \(what) must be",
        at: .init(column: name, row: tableRows[place]), advice: advice)
    }
  }
}
