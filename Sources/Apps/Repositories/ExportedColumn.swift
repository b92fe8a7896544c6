internal import Learners

/// A column of an export as a field of GitHub's: its cells, read once per distinct value.
internal struct ExportedColumn {
  internal let field: RepositoryField
  internal let name: String
  /// Sets the field of a repository to what a row's cell says.
  internal let assign: (inout Repository, _ row: Int) -> Void
  /// nil in a column that has none.
  internal let latestTimestamp: Timestamp?

  /// nil for numbers where timestamps are expected.
  internal init?(_ column: Column, as field: RepositoryField) throws(DataError) {
    self.field = field
    name = column.name
    var latest: Timestamp?
    switch field.form {
    case .number(let path):
      assign = set(path, to: try numbers(column))
    case .flag(let path):
      assign = set(
        path, to: try column.cells(expecting: "neither 0, 1, true, false, yes nor no", number: flag, text: flag))
    case .timestamp(let path):
      if column.isNumeric && column.missingCount < column.count { return nil }
      let moments = try column.cells(
        expecting: "not a timestamp such as 2025-05-15T11:31:28Z", number: { _ in nil },
        text: { Timestamp(exported: $0) })
      latest = moments.lazy.compactMap(\.self).max()
      assign = set(path, to: moments)
    case .text(let path) where path == \.ownerType:
      assign = set(\.ownerType, to: try texts(column).map { $0.flatMap(ownerType) })
    case .text(let path):
      assign = set(path, to: try texts(column))
    case .name:
      assign = set(\.name, to: try texts(column, reading: nameWithoutOwner))
    case .license:
      assign = set(\.license, to: try texts(column).map { $0.flatMap(License.identifier) })
    case .topics:
      let topics = try column.cells(expecting: "not a list", number: { topicList(String($0)) }, text: topicList)
      assign = { $0.topics = topics[$1] ?? [] }
    }
    latestTimestamp = latest
  }
}

private func set<Value>(
  _ path: WritableKeyPath<Repository, Value?>, to values: [Value?]
) -> (inout Repository, Int) -> Void {
  { $0[keyPath: path] = values[$1] }
}

private func numbers(_ column: Column) throws(DataError) -> [Double?] {
  try column.cells(expecting: "not a number", number: { $0 }, text: { Double($0).flatMap { $0.isFinite ? $0 : nil } })
}

/// A column of texts that all look like numbers was read as numbers.
private func texts(
  _ column: Column, reading read: (String) -> String = { $0 }
) throws(DataError) -> [String?] {
  try column.cells(
    expecting: "not a text", number: { read(Int(exactly: $0).map(String.init) ?? String($0)) }, text: read)
}

private func flag(_ number: Double) -> Bool? { number == 0 ? false : number == 1 ? true : nil }

private func flag(_ text: String) -> Bool? {
  switch text.lowercased() {
  case "true", "t", "yes", "y", "1", "1.0": true
  case "false", "f", "no", "n", "0", "0.0": false
  default: nil
  }
}

/// The type in what pandas writes for GitHub's `owner`, or the text itself.
private func ownerType(_ text: String) -> String? {
  guard text.first == "{", let owner = DictionaryText(text) else { return text }
  return owner["type"] ?? owner["__typename"]
}

/// The topics of "a;b;c", "a,b,c" or "['a', 'b', 'c']": in ASCII, a topic has only letters, digits and hyphens.
private func topicList(_ text: String) -> [String] {
  text.utf8.split { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): false
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), 0x80...: false
    default: true
    }
  }.map { String(Substring($0)) }
}

extension Column {
  internal var isNumeric: Bool {
    if case .numeric = values { true } else { false }
  }

  /// Every cell, read by `number` or `text`; nil where it is missing. A cell that they cannot read is an error.
  fileprivate func cells<Value>(
    expecting problem: String, number: (Double) -> Value?, text: (String) -> Value?
  ) throws(DataError) -> [Value?] {
    switch values {
    case .numeric(let numbers):
      var cells: [Value?] = []
      cells.reserveCapacity(numbers.count)
      for (row, cell) in numbers.enumerated() {
        let value = cell.isNaN ? nil : number(cell)
        if value == nil && !cell.isNaN { throw badCell("\(cell)", row: row, problem) }
        cells.append(value)
      }
      return cells
    case .categorical(let codes, let levels):
      let read = levels.map { level in level.isEmpty ? nil : text(level) }
      for code in levels.indices where read[code] == nil && !levels[code].isEmpty {
        if let row = codes.firstIndex(of: Int32(code)) { throw badCell(levels[code], row: row, problem) }
      }
      return codes.map { $0 < 0 ? nil : read[Int($0)] }
    }
  }

  private func badCell(_ cell: String, row: Int, _ problem: String) -> DataError {
    DataError(
      .invalid, "row \(row + 1): “\(cell.prefix(40))” is \(problem)", at: .init(column: name),
      advice: "correct the cell or drop the column")
  }
}
