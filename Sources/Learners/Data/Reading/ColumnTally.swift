/// What each text of a column could be but a text, and how many cells are what.
internal struct ColumnTally: Sendable {
  internal enum Meaning: Sendable {
    case number(NumberText)
    case boolean(Bool)
    case infinity
    /// A missing value among numbers and dates.
    case word
    /// What a person or a model says is missing.
    case asked
    case other
  }

  /// By level, as far as they were looked at.
  private(set) var meanings: [Meaning] = []
  /// Cells of each level.
  let counts: [Int]
  private(set) var numbers = 0
  private(set) var booleans = 0
  private(set) var words = 0
  private(set) var others = 0
  /// Cells whose decimal mark can only be a point, or only a comma.
  private(set) var points = 0
  private(set) var commas = 0
  /// Cells with one of the two that may be either.
  private(set) var ambiguous = 0
  /// Whether so many cells are texts that the rest does not matter: not all levels were looked at.
  private(set) var isText = false

  /// Where so many different texts come before the first that could be a number, the column is texts.
  private static let enoughTexts = 10_000

  /// - Parameters:
  ///   - missing: texts that are missing values in this column.
  ///   - isPatient: whether all levels are looked at, however many are texts.
  init(codes: [Int32], levels: Levels, missing: Set<String>, isPatient: Bool) {
    var counts = [Int](repeating: 0, count: levels.count)
    for code in codes where code >= 0 { counts[Int(code)] += 1 }
    self.counts = counts
    let present = counts.reduce(0, +)
    for code in levels.indices {
      let meaning = Self.meaning(levels, code, missing)
      meanings.append(meaning)
      add(meaning, counts[code])
      if !isPatient && others > 0
        && (2 * (others + booleans) > present || (numbers + words == 0 && code >= Self.enoughTexts))
      {
        isText = true
        meanings = []
        return
      }
    }
  }

  private static func meaning(_ levels: Levels, _ code: Int, _ missing: Set<String>) -> Meaning {
    if !missing.isEmpty && missing.contains(levels[code]) { return .asked }
    return levels.withBytes(code) { bytes in
      if let number = NumberText(bytes) { return .number(number) }
      switch CellMeaning(bytes, in: 0..<bytes.count) {
      case .boolean(let truth): return .boolean(truth)
      case .infinity: return .infinity
      case .number, .missing, .text: break
      }
      return MissingWords.isMissingAmongNumbers(bytes) ? .word : .other
    }
  }

  private mutating func add(_ meaning: Meaning, _ count: Int) {
    switch meaning {
    case .number(let number):
      numbers += count
      if number.onlyMark == .point {
        points += count
      } else if number.onlyMark == .comma {
        commas += count
      } else if number.isAmbiguous {
        ambiguous += count
      }
    case .infinity: numbers += count
    case .boolean: booleans += count
    case .word: words += count
    case .other: others += count
    case .asked: break
    }
  }
}
