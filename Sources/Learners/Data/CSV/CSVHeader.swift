/// What the columns of a CSV file are called, and where its rows begin.
struct CSVHeader {
  let file: InputFile
  let delimiter: UInt8
  /// In the order of the file, without spaces around them: distinct and not empty.
  let names: [String]
  /// For each field of a row, the column of the table that it belongs to.
  let columnOfField: [Int]
  /// Fields whose name is made up.
  let unnamed: [Int]
  /// By field: whether its first cells are no numbers.
  let looksLikeText: [Bool]
  /// Index of the first byte of the rows.
  let start: Int
  let notes: [ReadingNote]

  /// - Parameter columns: the columns that the files before have; nil for the first file.
  init(_ file: InputFile, columns: [String]?, options: ReadingOptions) throws(DataError) {
    let (head, isWhole) = try Self.head(of: file)
    if let error = Self.wrongKind(file, head) { throw error }
    let dialect = CSVDialect(file, head, isWhole: isWhole, options: options)
    var scanner = CSVScanner(position: dialect.start, end: Self.end(head), delimiter: dialect.delimiter)
    let bytes = head.span
    var cells: [CSVCell] = []
    repeat {
      let place = DataError.Location(file: file.name, line: Self.line(head, scanner.position), field: cells.count + 1)
      do { cells.append(try scanner.cell(bytes)) } catch { throw DataError(error, place) }
    } while scanner.step(bytes) == .nextCell
    var unnamed: [Int] = []
    let line = Self.line(head, dialect.start)
    if dialect.hasHeader {
      names = try Self.names(cells, bytes, .init(file: file.name, line: line), &unnamed)
    } else if let columns, columns.count == cells.count {
      names = columns
    } else {
      names = cells.indices.map { "x\($0)" }
    }
    columnOfField = try Self.match(names, to: columns ?? names, .init(file: file.name, line: line))
    self.file = file
    self.unnamed = unnamed
    delimiter = dialect.delimiter
    start = dialect.hasHeader ? scanner.position : dialect.start
    notes = dialect.notes
    let sample = CSVSample(head, from: start, delimiter: delimiter, isWhole: isWhole)
    looksLikeText = names.indices.map { sample.looksLikeText($0) }
  }

  /// The first bytes of a file, with its first row whole.
  private static func head(of file: InputFile) throws(DataError) -> (bytes: [UInt8], isWhole: Bool) {
    var size = 1 << 18
    while true {
      let count = min(size, file.content.count)
      let head = try file.content.withBytes(0..<count) { bytes throws(DataError) in
        unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
      }
      if count == file.content.count { return (head, true) }
      if CSVLines(head.span, following: nil).outside > 1 { return (head, false) }
      size *= 4
    }
  }

  /// Where line ends that only end the file are left out.
  private static func end(_ head: [UInt8]) -> Int {
    var end = head.count
    while end > 0 && (head[end - 1] == UInt8(ascii: "\n") || head[end - 1] == UInt8(ascii: "\r")) { end -= 1 }
    return end
  }

  /// Number of the line that a byte is in, from 1.
  private static func line(_ head: [UInt8], _ position: Int) -> Int {
    CSVLines(head.span.extracting(0..<position), following: position < head.count ? head[position] : nil).all + 1
  }

  private static func names(
    _ cells: [CSVCell], _ bytes: Span<UInt8>, _ line: DataError.Location, _ unnamed: inout [Int]
  ) throws(DataError) -> [String] {
    var names: [String] = []
    var fieldOf: [String: Int] = [:]
    for (index, cell) in cells.enumerated() {
      var name = CSVCell(CellMeaning.trim(bytes, cell.range), hasDoubledQuotes: cell.hasDoubledQuotes).text(bytes)
      if name.isEmpty {
        guard cells.count > 1 else {
          var place = line
          place.field = 1
          throw DataError(.invalid, "the column has no name", at: place, advice: "name it in the first line")
        }
        // As pandas calls them.
        name = "Unnamed: \(index)"
        unnamed.append(index)
      }
      if let first = fieldOf.updateValue(index + 1, forKey: name) {
        var place = line
        place.field = index + 1
        throw DataError(
          .invalid, "the column \(quoted(name)) is also field \(first)", at: place, advice: "rename one of the two")
      }
      names.append(name)
    }
    return names
  }

  private static func match(
    _ names: [String], to columns: [String], _ line: DataError.Location
  ) throws(DataError) -> [Int] {
    let columnOf = Dictionary(uniqueKeysWithValues: zip(columns, 0...))
    var columnOfField: [Int] = []
    for (index, name) in names.enumerated() {
      guard let column = columnOf[name] else {
        throw DataError(
          .invalid, "the column \(quoted(name)) is in no file before it",
          at: .init(file: line.file, line: line.line, field: index + 1), advice: "give files with the same columns")
      }
      columnOfField.append(column)
    }
    if names.count < columns.count {
      let present = Set(names)
      let absent = columns.first { !present.contains($0) }!
      throw DataError(
        .invalid, "the column \(quoted(absent)) of the files before it is missing", at: line,
        advice: "give files with the same columns")
    }
    return columnOfField
  }

  /// An error for content that is empty or no text at all.
  private static func wrongKind(_ file: InputFile, _ head: [UInt8]) -> DataError? {
    func error(_ what: String, _ advice: String) -> DataError {
      DataError(.invalid, what, at: .init(file: file.name), advice: advice)
    }
    if end(head) <= (head.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0) { return .emptyFile(file.name) }
    if head.starts(with: [0x1f, 0x8b]) { return error("is gzip data", "give it a name that ends in .csv.gz") }
    if head.starts(with: [0xff, 0xfe]) || head.starts(with: [0xfe, 0xff]) {
      return error("is UTF-16 text", "save it as UTF-8")
    }
    if head.starts(with: Array("PK\u{3}\u{4}".utf8)) {
      return error("is a ZIP archive or a spreadsheet", "unpack it, or export the sheet as CSV")
    }
    return nil
  }
}
