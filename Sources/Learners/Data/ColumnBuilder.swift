/// Where a cell is, for a message about it.
struct CellPlace {
  /// Index of the file.
  let file: Int
  let line: Int
  /// From 1; nil in formats that have no fields.
  let field: Int?
  /// Its bytes in the file.
  let range: Range<Int>

  func text(_ files: [InputFile]) -> String { String(decoding: files[file].bytes[range], as: UTF8.self) }

  func location(_ files: [InputFile], column: String) -> DataError.Location {
    .init(file: files[file].name, line: line, field: field, column: column)
  }
}

/// Infers what a column is from all its cells, and holds its numbers as long as it may be numeric.
///
/// - One cell of text, or both truth values and numbers: categorical.
/// - Truth values only: numeric, 1 and 0.
/// - Integers only, of which a double cannot hold at least one (they are identifiers then): categorical.
/// - Anything else: numeric; all missing is numeric too. An infinity in such a column is an error. Texts that mean a
///   missing value are missing among numbers.
struct ColumnBuilder {
  let name: String
  /// One a row, until the first text.
  private var numbers: [Double] = []
  private var hasNumber = false
  private var hasFraction = false
  private var firstText: CellPlace?
  private var firstBoolean: CellPlace?
  private var firstLongInteger: CellPlace?
  private var firstInfinity: CellPlace?

  private var words = 0
  private var firstWord: CellPlace?

  private let rule: ColumnRule?

  init(name: String, rule: ColumnRule? = nil) {
    self.name = name
    self.rule = rule
    isText = rule.map { $0.kind != .number || $0.origin == .asked } ?? false
  }

  /// Whether nothing that comes can make the column numeric: its numbers need not be appended then.
  private(set) var isText = false

  mutating func reserve(_ count: Int) {
    if !isText { numbers.reserveCapacity(count) }
  }

  /// Appends missing values up to this number of rows.
  mutating func pad(to count: Int) {
    guard !isText && numbers.count < count else { return }
    numbers.append(contentsOf: repeatElement(.nan, count: count - numbers.count))
  }

  @inline(__always)
  mutating func append(_ number: DecimalNumber, at place: CellPlace) {
    numbers.append(number.value)
    hasNumber = true
    if number.form == .fraction { hasFraction = true }
    if number.form == .longInteger && firstLongInteger == nil { firstLongInteger = place }
    if number.value.isInfinite && firstInfinity == nil { firstInfinity = place }
  }

  mutating func append(_ meaning: CellMeaning, at place: CellPlace) {
    guard !isText else { return }
    switch meaning {
    case .missing: numbers.append(.nan)
    case .number(let number): append(number, at: place)
    case .boolean(let truth):
      numbers.append(truth ? 1 : 0)
      if firstBoolean == nil { firstBoolean = place }
    case .infinity:
      numbers.append(.infinity)
      hasNumber = true
      if firstInfinity == nil { firstInfinity = place }
    case .text:
      firstText = place
      isText = true
      numbers = []
    }
  }

  /// Appends a text that means a missing value among numbers.
  mutating func appendWord(at place: CellPlace) {
    guard !isText else { return }
    numbers.append(.nan)
    words += 1
    if firstWord == nil { firstWord = place }
  }

  /// Whether the column is categorical, all cells being appended: its texts are needed then.
  var isCategorical: Bool {
    guard rule == nil else { return isText }
    return isText || (words > 0 && !hasNumber) || (firstBoolean != nil && hasNumber)
      || (firstLongInteger != nil && !hasFraction)
  }

  /// The column, all cells being appended.
  ///
  /// - Parameter levels: the texts of a categorical column.
  /// - Throws: `DataError` for an infinity in a numeric column.
  consuming func finish(_ levels: LevelCollector?, files: [InputFile]) throws(DataError) -> Column {
    if isCategorical {
      guard let levels else { preconditionFailure("ColumnBuilder: \(name) is categorical and has no texts") }
      return Column(
        name: name, values: .categorical(codes: levels.codes, levels: levels.levels), notNumeric: notNumeric(files))
    }
    if let place = firstInfinity {
      throw DataError(
        .invalid, "\(quoted(place.text(files))) is not a finite number", at: place.location(files, column: name),
        advice: "leave the cell empty if the value is missing, or write a number of at most 1.7e308")
    }
    return Column(name: name, values: .numeric(numbers))
  }

  /// What is to be said of texts among numbers that were taken as missing.
  func notes(_ files: [InputFile]) -> [ReadingNote] {
    guard !isCategorical, let firstWord else { return [] }
    let place = firstWord.location(files, column: name)
    return [.takenAsMissing(column: name, cells: .init(count: words, first: firstWord.text(files), place: place))]
  }

  /// Why the column is categorical: the first cell that is no number, or the first integer that would lose digits.
  private func notNumeric(_ files: [InputFile]) -> DataError? {
    if let place = firstBoolean ?? firstText ?? firstWord {
      return DataError(
        .invalid, "\(quoted(place.text(files))) is not a number", at: place.location(files, column: name),
        advice: "correct the cell, leave it empty if the value is missing, or choose another column")
    }
    return firstLongInteger.map { place in
      DataError(
        .invalid, "\(quoted(place.text(files))) has more digits than a number can hold, so the column is read as names",
        at: place.location(files, column: name),
        advice: "choose another column if it is an identifier, or write its numbers with a decimal point")
    }
  }
}

/// The levels of a categorical column and the code of each row.
struct LevelCollector {
  private(set) var codes: [Int32] = []
  private(set) var levels: [String] = []
  private var codeOf: [String: Int32] = [:]

  /// nil is missing.
  mutating func append(_ text: String?) {
    guard let text else { codes.append(-1); return }
    if let code = codeOf[text] { codes.append(code); return }
    let code = Int32(levels.count)
    codeOf[text] = code
    levels.append(text)
    codes.append(code)
  }

  mutating func pad(to count: Int) {
    codes.append(contentsOf: repeatElement(-1, count: max(0, count - codes.count)))
  }
}
