/// The first line of a CSV file: what its columns are called.
struct CSVHeader {
  let file: String
  /// In the order of the file, without spaces around them: distinct and not empty.
  let names: [String]
  /// For each field of a row, the column of the table that it belongs to.
  let columnOfField: [Int]
  /// At the first row below the header.
  let rows: CSVScanner

  /// - Parameter columns: the columns that the files before have; nil for the first file.
  init(_ file: InputFile, columns: [String]?) throws(DataError) {
    if let error = Self.wrongKind(file) { throw error }
    let bytes = file.bytes.span
    var scanner = CSVScanner(bytes)
    var cells: [CSVCell] = []
    repeat {
      let place = DataError.Location(file: file.name, line: scanner.line, field: cells.count + 1)
      do { cells.append(try scanner.cell(bytes)) } catch { throw DataError(error, place) }
    } while scanner.step(bytes) == .nextCell
    names = try Self.names(cells, bytes, file.name)
    columnOfField = try Self.match(names, to: columns ?? names, file.name)
    self.file = file.name
    rows = scanner
  }

  private static func names(_ cells: [CSVCell], _ bytes: Span<UInt8>, _ file: String) throws(DataError) -> [String] {
    var names: [String] = []
    var fieldOf: [String: Int] = [:]
    for (index, cell) in cells.enumerated() {
      let place = DataError.Location(file: file, line: 1, field: index + 1)
      let name = CSVCell(CellMeaning.trim(bytes, cell.range), hasDoubledQuotes: cell.hasDoubledQuotes).text(bytes)
      guard !name.isEmpty else {
        throw DataError(
          .invalid, "the column has no name", at: place,
          advice: "name it in the first line, or leave the column out (pandas writes one for its index: index=False)")
      }
      if let first = fieldOf.updateValue(index + 1, forKey: name) {
        throw DataError(
          .invalid, "the column \(quoted(name)) is also field \(first)", at: place, advice: "rename one of the two")
      }
      names.append(name)
    }
    if names.count == 1 && !cells[0].isQuoted && (names[0].contains(";") || names[0].contains("\t")) {
      throw DataError(
        .invalid, "the first line has no comma but \(names[0].contains(";") ? "semicolons" : "tabs")",
        at: .init(file: file, line: 1),
        advice: "write the file with commas between the cells and a point in the numbers")
    }
    return names
  }

  private static func match(_ names: [String], to columns: [String], _ file: String) throws(DataError) -> [Int] {
    let columnOf = Dictionary(uniqueKeysWithValues: zip(columns, 0...))
    var columnOfField: [Int] = []
    for (index, name) in names.enumerated() {
      guard let column = columnOf[name] else {
        throw DataError(
          .invalid, "the column \(quoted(name)) is in no file before it",
          at: .init(file: file, line: 1, field: index + 1), advice: "give files with the same columns")
      }
      columnOfField.append(column)
    }
    if names.count < columns.count {
      let present = Set(names)
      let absent = columns.first { !present.contains($0) }!
      throw DataError(
        .invalid, "the column \(quoted(absent)) of the files before it is missing", at: .init(file: file, line: 1),
        advice: "give files with the same columns")
    }
    return columnOfField
  }

  /// An error for content that is empty or no text at all.
  private static func wrongKind(_ file: InputFile) -> DataError? {
    func error(_ what: String, _ advice: String) -> DataError {
      DataError(.invalid, what, at: .init(file: file.name), advice: advice)
    }
    let bytes = file.bytes
    let scanner = CSVScanner(bytes.span)
    if scanner.position == scanner.end { return .emptyFile(file.name) }
    if bytes.starts(with: [0x1f, 0x8b]) { return error("is gzip data", "give it a name that ends in .csv.gz") }
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      return error("is UTF-16 text", "save it as UTF-8")
    }
    if bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) {
      return error("is a ZIP archive or a spreadsheet", "unpack it, or export the sheet as CSV")
    }
    return nil
  }
}
