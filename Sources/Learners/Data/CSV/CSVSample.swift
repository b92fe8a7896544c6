/// The first rows of a CSV file, cut with a delimiter that may be the right one.
struct CSVSample {
  let delimiter: UInt8
  private(set) var rows: [[CSVCell]] = []
  private let bytes: [UInt8]
  /// Whether the rows can be read with this delimiter.
  private var isSound = true

  private static let mostRows = 500

  init(_ bytes: [UInt8], from start: Int, delimiter: UInt8, isWhole: Bool) {
    self.bytes = bytes
    self.delimiter = delimiter
    var end = bytes.count
    while end > start && (bytes[end - 1] == UInt8(ascii: "\n") || bytes[end - 1] == UInt8(ascii: "\r")) { end -= 1 }
    var scanner = CSVScanner(position: start, end: end, delimiter: delimiter)
    let span = bytes.span
    while scanner.position < end && rows.count < Self.mostRows {
      var cells: [CSVCell] = []
      do throws(CSVFault) {
        repeat { cells.append(try scanner.cell(span)) } while scanner.step(span) == .nextCell
      } catch {
        // A head that ends within a row says nothing about that row.
        if isWhole || scanner.position < end - 1 << 12 { isSound = false }
        break
      }
      if !isWhole && scanner.position >= end && !rows.isEmpty { break }
      rows.append(cells)
    }
  }

  var width: Int { rows.first?.count ?? 0 }

  /// Share of the rows that have as many cells as the first.
  var evenShare: Double { rows.isEmpty ? 0 : Double(rows.count { $0.count == width }) / Double(rows.count) }

  var isEven: Bool { isSound && evenShare == 1 }

  /// Share of the cells below the first row that are numbers, dates or empty.
  var valueShare: Double {
    let cells = rows.dropFirst(rows.count > 1 ? 1 : 0).prefix(100).joined()
    return cells.isEmpty ? 0 : Double(cells.count { isValue($0) }) / Double(cells.count)
  }

  func text(_ cell: CSVCell) -> String { cell.text(bytes.span) }

  private func trimmed(_ cell: CSVCell) -> Range<Int> { CellMeaning.trim(bytes.span, cell.range) }

  private func isMissing(_ cell: CSVCell) -> Bool { MissingText.matches(bytes.span, trimmed(cell)) }

  private func number(_ cell: CSVCell) -> Double? {
    let range = trimmed(cell)
    guard !range.isEmpty, !cell.hasDoubledQuotes, let number = NumberText(bytes.span.extracting(range)) else {
      return nil
    }
    return number.point ?? number.comma
  }

  /// Whether a column has a text among its first cells, or both truth values and numbers.
  func looksLikeText(_ column: Int) -> Bool {
    var (hasNumber, hasBoolean) = (false, false)
    for row in rows where row.count > column {
      switch row[column].hasDoubledQuotes ? .text : CellMeaning(bytes.span, in: row[column].range) {
      case .missing: break
      case .number, .infinity: hasNumber = true
      case .boolean: hasBoolean = true
      case .text: return true
      }
    }
    return hasNumber && hasBoolean
  }

  private func isDate(_ cell: CSVCell) -> Bool { DateText(bytes.span.extracting(trimmed(cell))) != nil }

  private func isValue(_ cell: CSVCell) -> Bool { isMissing(cell) || number(cell) != nil || isDate(cell) }
}

extension CSVSample {
  /// Whether the first row holds the names of the columns.
  ///
  /// It does where a name is known already, and where no cell is a number or a date. It does not where all cells are,
  /// unless they count: 0, 1, 2, … as pandas names columns, or years one after the other. Where there are numbers and texts, it
  /// does not if every one of the texts comes again below, in its own column.
  func hasNames(known: Set<String>) -> Bool {
    guard let first = rows.first else { return true }
    if first.contains(where: { known.contains(text($0)) }) { return true }
    let present = first.indices.filter { !isMissing(first[$0]) }
    let texts = present.filter { number(first[$0]) == nil && !isDate(first[$0]) }
    guard texts.count < present.count else { return true }
    if texts.isEmpty { return counts(present.map { number(first[$0]) ?? .nan }) }
    return !texts.allSatisfy { column in
      let name = text(first[column])
      return rows.dropFirst().contains { $0.count > column && text($0[column]) == name }
    }
  }

  /// 0, 1, 2, … or at least three years at equal distances.
  private func counts(_ numbers: [Double]) -> Bool {
    guard numbers.count >= 3 else { return false }
    let step = numbers[1] - numbers[0]
    guard step > 0, numbers.indices.dropFirst().allSatisfy({ numbers[$0] - numbers[$0 - 1] == step }) else {
      return false
    }
    return (numbers[0] == 0 && step == 1)
      || (numbers[0] >= 1500 && numbers[numbers.count - 1] <= 2200 && numbers.allSatisfy { $0.rounded() == $0 })
  }
}
