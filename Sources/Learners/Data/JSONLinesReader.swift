/// Makes a table of files with one JSON object a line.
///
/// The columns are the union of all keys in order of first appearance. As with CSV, a first pass infers what the
/// columns are and reads the numbers, and a second one reads texts where there are any.
enum JSONLinesReader {
  static func read(_ files: [InputFile], options: ReadingOptions) throws(DataError) -> Table {
    var inference = JSONInference(options)
    for index in files.indices {
      inference.file = index
      try walk(files[index], &inference) { inference throws(JSONFault) in try inference.endRow() }
    }
    guard inference.rowCount > 0 else { throw .noRows(files[0].name) }
    guard !inference.builders.isEmpty else {
      throw DataError(
        .invalid, "no object has a key", at: .init(file: files[0].name), advice: "check that the right file is given")
    }
    for column in inference.builders.indices { inference.builders[column].pad(to: inference.rowCount) }
    let levels = try readLevels(files, inference)
    let rules = options.rules(for: inference.builders.map(\.name))
    var columns: [Column] = []
    var notes: [ReadingNote] = []
    for (builder, levels) in zip(inference.builders, levels) {
      notes += builder.notes(files)
      let judged = JSONColumn(try builder.finish(levels, files: files), rule: rules[builder.name], options, files)
      columns.append(judged.column)
      notes += judged.notes
    }
    return Table(columns: columns, notes: notes)
  }

  /// For each column its levels, nil where it is numeric.
  private static func readLevels(
    _ files: [InputFile], _ inference: JSONInference
  ) throws(DataError) -> [LevelCollector?] {
    var texts = JSONTexts(
      columnOf: inference.columnOf, collectors: inference.builders.map { $0.isCategorical ? LevelCollector() : nil })
    guard inference.builders.contains(where: \.isCategorical) else { return texts.collectors }
    for file in files {
      texts.file = file
      try walk(file, &texts) { texts throws(JSONFault) in texts.rowCount += 1 }
    }
    for column in texts.collectors.indices { texts.collectors[column]?.pad(to: texts.rowCount) }
    return texts.collectors
  }

  /// Calls the visitor for every value and `endRow` after every line that is not blank.
  private static func walk<Visitor: JSONVisitor>(
    _ file: InputFile, _ visitor: inout Visitor, endRow: (inout Visitor) throws(JSONFault) -> Void
  ) throws(DataError) {
    let content = file.bytes
    let bytes = content.span
    guard !bytes.isEmpty else { throw .emptyFile(file.name) }
    var start = content.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    var line = 0
    while start < bytes.count {
      line += 1
      var end = start
      while end < bytes.count && bytes[end] != UInt8(ascii: "\n") { end += 1 }
      if !isBlank(bytes, start..<end) {
        var object = JSONLine(bytes, in: start..<end, number: line)
        do throws(JSONFault) {
          try object.object(bytes, &visitor)
          try endRow(&visitor)
        } catch {
          throw DataError(
            .invalid, error.what, at: .init(file: file.name, line: line, column: error.key), advice: error.advice)
        }
      }
      start = end + 1
    }
  }

  static func isBlank(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    range.allSatisfy {
      bytes[$0] == UInt8(ascii: " ") || bytes[$0] == UInt8(ascii: "\t") || bytes[$0] == UInt8(ascii: "\r")
    }
  }
}

/// A column of JSON lines, judged by its texts: JSON says what is a number, but not what is a date or missing.
private struct JSONColumn {
  private(set) var column: Column
  private(set) var notes: [ReadingNote] = []

  init(_ column: Column, rule: ColumnRule?, _ options: ReadingOptions, _ files: [InputFile]) {
    self.column = column
    let judged: JudgedColumn
    switch column.values {
    case .numeric(let numbers):
      judged = JudgedColumn(numbers, name: column.name, rule: rule, missing: options.missing)
    case .categorical(let codes, let levels):
      let judge = ColumnJudge(
        name: column.name, codes: codes, levels: levels, rule: rule, decimalMark: options.decimalMark,
        missing: options.missing)
      judged = rule == nil ? judge.judgeDates() : judge.judge()
    }
    for note in judged.notes {
      let place = DataError.Location(
        file: files.count == 1 ? files[0].name : nil, line: files.count == 1 ? Self.line(note.row, files[0]) : nil,
        column: column.name)
      notes.append(note.make(.init(count: note.count, first: note.text, place: place)))
    }
    self.column = Column(
      name: column.name, values: judged.values, unit: column.unit, notNumeric: column.notNumeric,
      reading: judged.reading)
  }

  /// The line of a row, both counted from their first: blank lines are no rows.
  private static func line(_ row: Int, _ file: InputFile) -> Int {
    let content = file.bytes
    let bytes = content.span
    var (start, line, rows) = (0, 0, 0)
    while start < bytes.count {
      line += 1
      var end = start
      while end < bytes.count && bytes[end] != UInt8(ascii: "\n") { end += 1 }
      if !JSONLinesReader.isBlank(bytes, start..<end) {
        if rows == row { return line }
        rows += 1
      }
      start = end + 1
    }
    return line
  }
}

/// First pass: what the columns are, and their numbers.
private struct JSONInference: JSONVisitor {
  private let options: ReadingOptions
  var file = 0
  var builders: [ColumnBuilder] = []
  private(set) var columnOf: [String: Int] = [:]
  private(set) var rowCount = 0
  /// The row in which each column was last met.
  private var lastRow: [Int] = []

  init(_ options: ReadingOptions) { self.options = options }

  mutating func visit(_ key: String, _ cell: JSONCell, _ range: Range<Int>, _ line: Int) throws(JSONFault) {
    let column = columnOf[key] ?? add(key)
    guard lastRow[column] < rowCount else {
      throw JSONFault(what: "the key is there twice", advice: "remove or rename one of the two", key: key)
    }
    lastRow[column] = rowCount
    try checkSize()
    builders[column].pad(to: rowCount)
    let place = CellPlace(file: file, line: line, field: nil, range: range)
    switch cell {
    case .missing: builders[column].append(.missing, at: place)
    case .boolean(let truth): builders[column].append(.boolean(truth), at: place)
    case .number(let number): builders[column].append(.number(number), at: place)
    case .text(let text):
      if builders[column].isText { return }
      if options.missing.contains(text) {
        builders[column].append(.missing, at: place)
      } else if MissingWords.isMissingAmongNumbers(text) {
        builders[column].appendWord(at: place)
      } else {
        builders[column].append(.text, at: place)
      }
    }
  }

  mutating func endRow() throws(JSONFault) {
    rowCount += 1
    try checkSize()
  }

  private mutating func add(_ key: String) -> Int {
    let column = builders.count
    columnOf[key] = column
    builders.append(ColumnBuilder(name: key, rule: options.rules[key]))
    lastRow.append(-1)
    return column
  }

  /// A small file can be a large table: with a key of its own in every line it has as many columns as rows.
  private func checkSize() throws(JSONFault) {
    guard rowCount <= Int32.max && builders.count * rowCount <= InputFile.largestContent / 8 else {
      throw JSONFault(
        what: "\(rowCount) rows with \(builders.count) different keys are too large a table for this machine",
        advice: "use the same keys in every line")
    }
  }
}

/// Second pass: the texts of the categorical columns.
private struct JSONTexts: JSONVisitor {
  var file = InputFile(name: "", bytes: [])
  let columnOf: [String: Int]
  /// One a column, nil where it is numeric.
  var collectors: [LevelCollector?]
  var rowCount = 0

  init(columnOf: [String: Int], collectors: [LevelCollector?]) {
    self.columnOf = columnOf
    self.collectors = collectors
  }

  mutating func visit(_ key: String, _ cell: JSONCell, _ range: Range<Int>, _ line: Int) throws(JSONFault) {
    guard let column = columnOf[key], collectors[column] != nil else { return }
    collectors[column]!.pad(to: rowCount)
    switch cell {
    case .missing: collectors[column]!.append(nil)
    case .boolean(let truth): collectors[column]!.append(truth ? "true" : "false")
    case .number: collectors[column]!.append(String(decoding: file.bytes[range], as: UTF8.self))
    case .text(let text): collectors[column]!.append(text)
    }
  }
}
