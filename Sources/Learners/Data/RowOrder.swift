/// How the rows of a dataset belong together: in groups, or in time.
internal struct RowOrder {
  let groups: [Int]?
  let times: [Double]?
  /// For people.
  let notes: [String]

  /// Whether nothing was said of it.
  var isUnknown: Bool { groups == nil && times == nil }

  /// - Parameter rows: of the tables that are kept.
  init(_ options: Dataset.Options, _ sides: SideColumns, rows: [Int]) throws(DataError) {
    var notes: [String] = []
    if let column = try sides.column(options.groups, for: "--groups", rows: rows) {
      let name = column.name
      groups = Self.numbers(ofGroups: column)
      notes.append("column \(shortened(name)) names the groups: \(Set(groups!).count) of them; it is no feature")
      if column.missingCount > 0 {
        notes.append(
          "\(column.missingCount) of \(rows.count) rows have no \(shortened(name)): each is a group of its own")
      }
    } else {
      groups = nil
    }
    times = try sides.column(options.time, for: "--time", rows: rows).map { column throws(DataError) in
      try Self.times(column, rows)
    }
    self.notes = notes
  }

  /// A row without a value is a group of its own.
  private static func numbers(ofGroups column: Column) -> [Int] {
    let keys: [UInt64?] =
      switch column.values {
      case .numeric(let numbers): numbers.map { $0.isNaN ? nil : ($0 + 0).bitPattern }
      case .categorical(let codes, _): codes.map { $0 < 0 ? nil : UInt64($0) }
      }
    var numbers: [UInt64: Int] = [:]
    var count = 0
    return keys.map { key in
      if let key, let number = numbers[key] { return number }
      if let key { numbers[key] = count }
      defer { count += 1 }
      return count
    }
  }

  private static func times(_ column: Column, _ tableRows: [Int]) throws(DataError) -> [Double] {
    let times: [Double]
    if let form = column.reading.dates {
      times = try column.moments(form)
    } else if case .numeric(let numbers) = column.values {
      times = numbers
    } else {
      throw DataError(
        .invalid, "it holds texts, and the order of rows in time is that of numbers or dates",
        at: .init(column: column.name),
        advice: "choose another column, or read it as dates with --types \(shellQuoted(column.name))=date")
    }
    if let row = times.firstIndex(where: { !$0.isFinite }) {
      throw DataError(
        .invalid, "the row has a target and no time", at: .init(column: column.name, row: tableRows[row]),
        advice: "fill the cell or leave out the row")
    }
    return times
  }
}

extension Dataset {
  /// Stretches of time that are left out as wholes by what chooses by rows held out.
  private static let stretches = 20

  /// The groups of some rows; of rows in time the stretch of each: neighbours in time know of each other. Nil where rows stand
  /// for themselves.
  package func kin(among rows: [Int]) -> [Int]? {
    if let groups { return rows.map { groups[$0] } }
    guard let times else { return nil }
    let order = rows.indices.sorted { (times[rows[$0]], $0) < (times[rows[$1]], $1) }
    var stretch = [Int](repeating: 0, count: rows.count)
    for (place, index) in order.enumerated() {
      let isSame = place > 0 && times[rows[index]] == times[rows[order[place - 1]]]
      stretch[index] = isSame ? stretch[order[place - 1]] : place * Self.stretches / rows.count
    }
    return stretch
  }
}
