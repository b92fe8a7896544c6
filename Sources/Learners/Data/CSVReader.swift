/// Makes a table of CSV files.
///
/// Two passes over the bytes. The first checks everything, infers what each column is from all its cells and reads the
/// numbers; the second reads the texts of the categorical columns, and is left out where there are none. Time is linear
/// in the number of bytes; memory beyond the bytes is that of the table.
enum CSVReader {
  static func read(_ files: [InputFile], expecting kinds: [String: ExpectedKind]) throws(DataError) -> Table {
    var headers: [CSVHeader] = []
    for file in files { headers.append(try CSVHeader(file, columns: headers.first?.names)) }
    var inference = CSVInference(columns: headers[0].names, expecting: kinds)
    for index in files.indices {
      inference.begin(headers[index], file: index)
      try walk(files[index], headers[index], &inference)
    }
    guard inference.rowCount > 0 else { throw .noRows(files[0].name) }
    let levels = try readLevels(files, headers, inference)
    var columns: [Column] = []
    for (builder, levels) in zip(inference.builders, levels) {
      columns.append(try builder.finish(levels, files: files))
    }
    return Table(columns: columns)
  }

  /// For each column its levels, nil where it is numeric.
  private static func readLevels(
    _ files: [InputFile], _ headers: [CSVHeader], _ inference: CSVInference
  ) throws(DataError) -> [LevelCollector?] {
    var texts = CSVTexts(collectors: inference.builders.map { $0.isCategorical ? LevelCollector() : nil })
    guard inference.builders.contains(where: \.isCategorical) else { return texts.collectors }
    guard inference.rowCount <= Int32.max else {
      throw DataError(
        .invalid, "there are more than \(Int32.max) rows", at: .init(file: files[0].name), advice: "use fewer rows")
    }
    for (file, header) in zip(files, headers) {
      texts.columnOfField = header.columnOfField
      try walk(file, header, &texts)
    }
    return texts.collectors
  }

  /// Calls the visitor for every cell below the header, row by row.
  private static func walk<Visitor: CSVVisitor>(
    _ file: InputFile, _ header: CSVHeader, _ visitor: inout Visitor
  ) throws(DataError) {
    let bytes = file.bytes.span
    let fieldCount = header.names.count
    var scanner = header.rows
    while scanner.position < scanner.end {
      let row = scanner
      var field = 0
      repeat {
        guard field < fieldCount else { throw raggedRow(row, bytes, header) }
        let start = scanner.position
        let line = scanner.line
        if visitor.takesNumbers(field), let number = DecimalNumber(scanning: bytes, in: start..<scanner.end),
          scanner.isBoundary(number.end, bytes)
        {
          scanner.position = number.end
          visitor.visit(number, CSVCell(start..<number.end), field: field, line: line, bytes)
        } else {
          do throws(CSVFault) {
            visitor.visit(try scanner.cell(bytes), field: field, line: line, bytes)
          } catch {
            throw DataError(error, .init(file: file.name, line: line, field: field + 1, column: header.names[field]))
          }
        }
        field += 1
      } while scanner.step(bytes) == .nextCell
      guard field == fieldCount else { throw raggedRow(row, bytes, header) }
      visitor.endRow(at: scanner)
    }
  }

  /// The error for a row that has more or fewer cells than the header. `row` is a scanner at its first cell.
  private static func raggedRow(_ row: CSVScanner, _ bytes: Span<UInt8>, _ header: CSVHeader) -> DataError {
    var scanner = row
    var count = 0
    let location = DataError.Location(file: header.file, line: row.line)
    do throws(CSVFault) {
      repeat {
        _ = try scanner.cell(bytes)
        count += 1
      } while scanner.step(bytes) == .nextCell
    } catch {
      return DataError(error, .init(file: header.file, line: scanner.line, field: count + 1))
    }
    if count == 1 && row.isBoundary(row.position, bytes) {
      return DataError(.invalid, "the line is blank", at: location, advice: "delete it")
    }
    let countNoun = count == 1 ? "1 cell" : "\(count) cells"
    return DataError(
      .invalid, "the row has \(countNoun), the header has \(header.names.count)", at: location,
      advice: "add or remove cells, or quote the cell that holds a comma or a line end")
  }
}

/// What is done with the cells of a file.
private protocol CSVVisitor {
  /// Whether numbers in this field are wanted as such.
  func takesNumbers(_ field: Int) -> Bool
  /// A cell that is a number from its first byte to its last.
  mutating func visit(_ number: DecimalNumber, _ cell: CSVCell, field: Int, line: Int, _ bytes: Span<UInt8>)
  /// Any cell.
  mutating func visit(_ cell: CSVCell, field: Int, line: Int, _ bytes: Span<UInt8>)
  mutating func endRow(at scanner: CSVScanner)
}

/// First pass: what the columns are, and their numbers.
private struct CSVInference: CSVVisitor {
  private(set) var builders: [ColumnBuilder]
  private(set) var rowCount = 0
  private var columnOfField: [Int] = []
  private var file = 0
  /// Index of the first byte of the rows, and how many rows were before.
  private var start = (position: 0, rowCount: 0)

  init(columns: [String], expecting kinds: [String: ExpectedKind]) {
    builders = columns.map { ColumnBuilder(name: $0, expected: kinds[$0]) }
  }

  mutating func begin(_ header: CSVHeader, file: Int) {
    self.file = file
    columnOfField = header.columnOfField
    start = (header.rows.position, rowCount)
  }

  @inline(__always)
  func takesNumbers(_ field: Int) -> Bool { !builders[columnOfField[field]].isText }

  @inline(__always)
  mutating func visit(_ number: DecimalNumber, _ cell: CSVCell, field: Int, line: Int, _ bytes: Span<UInt8>) {
    let place = CellPlace(file: file, line: line, field: field + 1, range: cell.range)
    builders[columnOfField[field]].append(number, at: place)
  }

  mutating func visit(_ cell: CSVCell, field: Int, line: Int, _ bytes: Span<UInt8>) {
    let column = columnOfField[field]
    if builders[column].isText { return }
    let meaning = cell.hasDoubledQuotes ? CellMeaning.text : CellMeaning(bytes, in: cell.range)
    builders[column].append(meaning, at: CellPlace(file: file, line: line, field: field + 1, range: cell.range))
  }

  @inline(__always)
  mutating func endRow(at scanner: CSVScanner) {
    rowCount += 1
    if rowCount - start.rowCount == 512 { reserve(at: scanner) }
  }

  /// Makes room for all rows of the file, as many as there will be if the others are as long as the first.
  private mutating func reserve(at scanner: CSVScanner) {
    let bytesPerRow = Double(scanner.position - start.position) / Double(rowCount - start.rowCount)
    let expected = Double(scanner.end - start.position) / bytesPerRow
    for column in builders.indices { builders[column].reserve(start.rowCount + Int(expected * 1.02)) }
  }
}

/// Second pass: the texts of the categorical columns.
private struct CSVTexts: CSVVisitor {
  var columnOfField: [Int]
  /// One a column, nil where it is numeric.
  private(set) var collectors: [LevelCollector?]

  init(collectors: [LevelCollector?]) {
    columnOfField = []
    self.collectors = collectors
  }

  @inline(__always)
  func takesNumbers(_ field: Int) -> Bool { false }

  func visit(_ number: DecimalNumber, _ cell: CSVCell, field: Int, line: Int, _ bytes: Span<UInt8>) {}

  mutating func visit(_ cell: CSVCell, field: Int, line: Int, _ bytes: Span<UInt8>) {
    let column = columnOfField[field]
    guard collectors[column] != nil else { return }
    if !cell.hasDoubledQuotes, case .missing = CellMeaning(bytes, in: cell.range) {
      collectors[column]!.append(nil)
    } else {
      collectors[column]!.append(cell.text(bytes))
    }
  }

  func endRow(at scanner: CSVScanner) {}
}

extension DataError {
  /// The error for a cell that offends against RFC 4180.
  init(_ fault: CSVFault, _ location: Location) {
    let (what, advice) =
      switch fault {
      case .unbalancedQuote: ("a quote opens here and is never closed", "close it, or double the quotes in the cell")
      case .quoteInsideCell:
        ("there is a quote in a cell without quotes around it", "quote the whole cell and double the quotes in it")
      case .textAfterQuote:
        ("there is text after the closing quote", "double the quotes in the cell, or remove what follows it")
      case .binary: ("there is a NUL byte: this is no text", "check that this is a CSV file in UTF-8")
      case .invalidUTF8: ("the text is not UTF-8", "save the file as UTF-8")
      }
    self.init(.invalid, what, at: location, advice: advice)
  }
}
