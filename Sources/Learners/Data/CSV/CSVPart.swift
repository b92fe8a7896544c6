/// The rows of one part of a CSV file, read into the memory of their columns.
struct CSVPart: Sendable {
  /// By field.
  let facts: [ColumnFacts]
  /// The collector that has the texts which the codes of these rows mean.
  let collector: Int
  /// By field: the numbers of the texts that the collector met here first.
  let newTexts: [Range<Int>]

  /// Where a file offends, and how.
  private struct Offence: Error {
    enum What {
      case fault(CSVFault)
      /// A row of so many cells; of one that is empty.
      case ragged(count: Int, isBlank: Bool)
      /// Rows are not those that were planned: the file has been changed.
      case changed
    }
    let what: What
    /// In the window.
    let position: Int
    let field: Int
  }

  /// - Parameters:
  ///   - modes: by column, as `columns`.
  ///   - tableRow: of the first row of the file.
  ///   - collector: one that has seen no later part.
  init(
    _ plan: CSVPlan, _ part: Int, modes: [CSVFieldMode], columns: [CSVColumnMemory], tableRow: Int,
    _ collector: CSVCollector
  ) throws(DataError) {
    let place = plan.parts[part]
    let rows = tableRow + place.firstRow..<tableRow + place.firstRow + place.rowCount
    let texts = plan.header.columnOfField.map { collector.texts(of: $0) }
    let before = texts.map { $0?.count ?? 0 }
    var fields = zip(plan.header.columnOfField, texts).map { column, texts in
      CSVField(modes[column], columns[column], rows: rows, texts: texts)
    }
    if place.rowCount > 0 {
      try Self.withWindow(plan, part) { bytes, start throws(DataError) in
        var scanner = CSVScanner(position: start, end: bytes.count, delimiter: plan.header.delimiter)
        do throws(Offence) {
          try Self.read(bytes, &scanner, &fields, rowCount: place.rowCount, tableRow: rows.lowerBound)
        } catch {
          throw Self.error(error, plan, place, bytes)
        }
      }
    }
    facts = fields.map(\.facts)
    self.collector = collector.index
    newTexts = zip(before, texts).map { before, texts in before..<(texts?.count ?? before) }
  }

  /// Calls `body` with the bytes from the beginning of the part to the end of its last row, and where its first row begins.
  static func withWindow(
    _ plan: CSVPlan, _ part: Int, _ body: (Span<UInt8>, Int) throws(DataError) -> Void
  ) throws(DataError) {
    let place = plan.parts[part]
    let content = plan.header.file.content
    var slack = part + 1 == plan.parts.count ? 0 : 1 << 12
    while true {
      let end = min(plan.end, place.range.upperBound + slack)
      let isDone = try content.withBytes(place.range.lowerBound..<end) { bytes throws(DataError) in
        let isAll = end == plan.end
        var last = bytes.count
        if !isAll {
          // The last row of the part ends with the first line end of the next one.
          let next = plan.parts[part + 1]
          guard
            let found = CSVLines.firstEnd(
              bytes.extracting(0..<bytes.count - 1), from: place.range.count, isQuoted: next.startsQuoted,
              following: bytes[bytes.count - 1])
          else { return false }
          last = found
          if bytes[found] == UInt8(ascii: "\n") && found > 0 && bytes[found - 1] == UInt8(ascii: "\r") { last -= 1 }
        } else if part + 1 < plan.parts.count {
          let next = plan.parts[part + 1]
          if let found = CSVLines.firstEnd(
            bytes, from: place.range.count, isQuoted: next.startsQuoted, following: nil)
          {
            last = found
            if bytes[found] == UInt8(ascii: "\n") && found > 0 && bytes[found - 1] == UInt8(ascii: "\r") { last -= 1 }
          }
        }
        var first = 0
        if part > 0 {
          guard
            let found = CSVLines.firstEnd(
              bytes, from: 0, isQuoted: place.startsQuoted, following: nil)
          else { return true }
          first = found + 1
        }
        try body(bytes.extracting(0..<max(first, last)), first)
        return true
      }
      if isDone { return }
      slack *= 4
    }
  }
}

extension CSVPart {
  private static func read(
    _ bytes: Span<UInt8>, _ scanner: inout CSVScanner, _ fields: inout [CSVField], rowCount: Int, tableRow: Int
  ) throws(Offence) {
    let fieldCount = fields.count
    var span = fields.mutableSpan
    for row in 0..<rowCount {
      let start = scanner.position
      var field = 0
      repeat {
        guard field < fieldCount else { throw ragged(start, bytes, scanner) }
        let cellStart = scanner.position
        if span[field].kind == .numbers, let number = DecimalNumber(scanning: bytes, in: cellStart..<scanner.end),
          scanner.isBoundary(number.end, bytes)
        {
          scanner.position = number.end
          span[field].store(number.value, row: row)
          span[field].facts.note(number, row: tableRow + row)
        } else {
          do throws(CSVFault) {
            let cell = try scanner.cell(bytes)
            span[field].take(cell, bytes, row: row, tableRow: tableRow + row)
          } catch {
            throw Offence(what: .fault(error), position: cellStart, field: field)
          }
        }
        field += 1
      } while scanner.step(bytes) == .nextCell
      guard field == fieldCount else { throw ragged(start, bytes, scanner) }
    }
    guard scanner.position >= scanner.end else { throw Offence(what: .changed, position: 0, field: 0) }
  }

  /// What is wrong with a row that has more or fewer cells than there are columns, or holds something worse.
  private static func ragged(_ start: Int, _ bytes: Span<UInt8>, _ scanner: CSVScanner) -> Offence {
    var again = CSVScanner(position: start, end: scanner.end, delimiter: scanner.delimiter)
    var count = 0
    while true {
      let position = again.position
      do throws(CSVFault) { _ = try again.cell(bytes) } catch {
        return Offence(what: .fault(error), position: position, field: count)
      }
      count += 1
      guard again.step(bytes) == .nextCell else { break }
    }
    let isBlank = count == 1 && scanner.isBoundary(start, bytes)
    return Offence(what: .ragged(count: count, isBlank: isBlank), position: start, field: 0)
  }

  private static func error(
    _ offence: Offence, _ plan: CSVPlan, _ place: CSVPlan.Part, _ bytes: Span<UInt8>
  ) -> DataError {
    let header = plan.header
    let following = offence.position < bytes.count ? bytes[offence.position] : nil
    let lines = CSVLines(bytes.extracting(0..<offence.position), following: following).all
    let line = place.linesBefore + lines + 1
    switch offence.what {
    case .changed:
      return DataError(
        .noInput, "was changed while it was read", at: .init(file: header.file.name),
        advice: "wait until it is written, then try again")
    case .fault(let fault):
      let column = offence.field < header.names.count ? header.names[offence.field] : nil
      return DataError(
        fault, .init(file: header.file.name, line: line, field: offence.field + 1, column: column))
    case .ragged(_, isBlank: true):
      return DataError(
        .invalid, "the line is blank", at: .init(file: header.file.name, line: line), advice: "delete it")
    case .ragged(let count, _):
      return DataError(
        .invalid, "the row has \(counted(count, "cell")), the header has \(header.names.count)",
        at: .init(file: header.file.name, line: line),
        advice: "add or remove cells, or quote the cell that holds a delimiter or a line end")
    }
  }
}

extension ColumnFacts {
  @inline(__always)
  fileprivate mutating func note(_ number: DecimalNumber, row: Int) {
    hasNumber = true
    if number.form == .fraction { hasFraction = true } else if number.form == .longInteger { hasLongInteger = true }
    if number.value.isInfinite && firstInfinity == nil { firstInfinity = row }
  }
}

extension CSVField {
  /// Takes a cell that is not a number from its first byte to its last.
  @inline(__always)
  fileprivate mutating func take(_ cell: CSVCell, _ bytes: Span<UInt8>, row: Int, tableRow: Int) {
    if cell.range.isEmpty && !cell.isQuoted { facts.emptyCount += 1 }
    switch kind {
    case .skipped: break
    case .texts:
      guard let adder else { return }
      store(code: cell.isMissing(bytes) ? -1 : adder.add(bytes, cell), row: row)
    case .numbers: takeNumber(cell, bytes, row: row, tableRow: tableRow)
    case .ruled: takeRuled(cell, bytes, row: row, tableRow: tableRow)
    }
  }

  private mutating func takeNumber(_ cell: CSVCell, _ bytes: Span<UInt8>, row: Int, tableRow: Int) {
    if let truth = CellMeaning.plainTruth(bytes, cell.range) {
      store(truth ? 1 : 0, row: row)
      facts.hasBoolean = true
      return
    }
    switch cell.hasDoubledQuotes ? .text : CellMeaning(bytes, in: cell.range) {
    case .missing: store(.nan, row: row)
    case .number(let number):
      store(number.value, row: row)
      facts.note(number, row: tableRow)
    case .boolean(let truth):
      store(truth ? 1 : 0, row: row)
      facts.hasBoolean = true
    case .infinity:
      store(.infinity, row: row)
      facts.hasNumber = true
      if facts.firstInfinity == nil { facts.firstInfinity = tableRow }
    case .text:
      facts.hasText = true
      kind = .skipped
    }
  }

  /// A cell of a column that a model knows as numbers, written as they were when the model was fitted.
  private mutating func takeRuled(_ cell: CSVCell, _ bytes: Span<UInt8>, row: Int, tableRow: Int) {
    guard let rule else { return }
    var value = Double.nan
    defer { store(value, row: row) }
    switch cell.hasDoubledQuotes ? .text : CellMeaning(bytes, in: cell.range) {
    case .missing: return
    case .boolean(let truth): value = truth ? 1 : 0
    case .infinity: value = .infinity
    case .number(let number) where rule.decimalMark == .point && rule.missing.isEmpty: value = number.value
    case .number, .text:
      let text = cell.text(bytes)
      if !rule.missing.isEmpty && rule.missing.contains(text) { return }
      if let number = NumberText(bytes.extracting(cell.range))?.value(rule.decimalMark) {
        value = number
      } else if MissingWords.isMissingAmongNumbers(text) {
        facts.words.add(tableRow, text)
      } else {
        facts.odd.add(tableRow, text)
      }
    }
    if value.isInfinite && facts.firstInfinity == nil { facts.firstInfinity = tableRow }
  }
}

extension CSVCell {
  /// Whether the text of the cell stands for a missing value.
  @inline(__always)
  fileprivate func isMissing(_ bytes: Span<UInt8>) -> Bool {
    guard range.isEmpty || MissingText.mayBegin(bytes[range.lowerBound]) else { return false }
    return !hasDoubledQuotes && MissingText.matches(bytes, CellMeaning.trim(bytes, range))
  }
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
