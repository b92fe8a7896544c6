internal import CKernels

/// What the cells of a field have been, as far as they were read as numbers.
struct ColumnFacts: Sendable {
  var hasNumber = false
  var hasFraction = false
  var hasLongInteger = false
  var hasBoolean = false
  /// Whether a cell is nothing of the kind: what was read as numbers is not all.
  var hasText = false
  /// Cells without a byte.
  var emptyCount = 0
  /// Rows of the table, from 0.
  var firstInfinity: Int?
  /// In a column of numbers by rule: cells that mean a missing value among numbers, and cells that are none.
  var words = Cells()
  var odd = Cells()

  /// Cells of one kind: how many, the row of the first, and which texts there are.
  struct Cells: Sendable {
    var count = 0
    var first: (row: Int, text: String)?

    mutating func add(_ row: Int, _ text: @autoclosure () -> String) {
      count += 1
      if first == nil { first = (row, text()) }
    }

    mutating func add(_ later: Cells) {
      count += later.count
      if first == nil { first = later.first }
    }
  }

  /// Adds what was found further down in the same column.
  mutating func add(_ later: ColumnFacts) {
    hasNumber = hasNumber || later.hasNumber
    hasFraction = hasFraction || later.hasFraction
    hasLongInteger = hasLongInteger || later.hasLongInteger
    hasBoolean = hasBoolean || later.hasBoolean
    hasText = hasText || later.hasText
    emptyCount += later.emptyCount
    firstInfinity = firstInfinity ?? later.firstInfinity
    words.add(later.words)
    odd.add(later.odd)
  }

  /// Whether the numbers that were read are not what the column holds.
  var needsTexts: Bool { hasText || (hasBoolean && hasNumber) || (hasLongInteger && !hasFraction) }
}

/// What is done with the cells of a field.
enum CSVFieldMode: Sendable {
  /// They are only checked.
  case skipped
  /// They are numbers unless one of them is not.
  case numbers
  /// They are texts.
  case texts
  /// They have to be numbers.
  case ruled(ColumnRule)
}

/// Where the cells of a field go while a part is read.
@safe struct CSVField {
  enum Kind: UInt8 { case skipped, numbers, texts, ruled }

  var kind: Kind
  var facts = ColumnFacts()
  private(set) var adder: PackedTexts.Adder?
  private(set) var rule: ColumnRule?
  private var numbers: UnsafeMutablePointer<Double>?
  private var codes: UnsafeMutablePointer<Int32>?

  /// - Parameters:
  ///   - rows: those of the part, in the memory of the column.
  ///   - texts: where texts are collected.
  init(_ mode: CSVFieldMode, _ column: CSVColumnMemory, rows: Range<Int>, texts: PackedTexts?) {
    switch mode {
    case .skipped: kind = .skipped
    case .numbers:
      kind = .numbers
      unsafe numbers = column.numbers!.part(rows)
    case .texts:
      kind = .texts
      adder = texts?.adder
      unsafe codes = column.codes!.part(rows)
    case .ruled(let given):
      kind = .ruled
      rule = given
      unsafe numbers = column.numbers!.part(rows)
    }
  }

  @inline(__always)
  func store(_ number: Double, row: Int) { unsafe numbers.unsafelyUnwrapped[row] = number }

  @inline(__always)
  func store(code: Int32, row: Int) { unsafe codes.unsafelyUnwrapped[row] = code }
}

/// The memory of a column: numbers or the codes of texts.
struct CSVColumnMemory: Sendable {
  var numbers: ColumnMemory<Double>?
  var codes: ColumnMemory<Int32>?
}
