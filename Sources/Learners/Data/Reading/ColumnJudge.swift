/// Judges columns by all their texts; docs/data-formats.md has the rules.
internal struct ColumnJudge: Sendable {
  let name: String
  let codes: [Int32]
  let levels: Levels
  let tally: ColumnTally
  let rule: ColumnRule?
  /// Of the whole file; nil where each column decides for itself.
  let decimalMark: DecimalMark?
  let missing: Set<String>

  init(
    name: String, codes: [Int32], levels: Levels, rule: ColumnRule?, decimalMark: DecimalMark?, missing: Set<String>
  ) {
    self.name = name
    self.codes = codes
    self.levels = levels
    self.rule = rule
    self.decimalMark = decimalMark
    self.missing = missing.union(rule?.missing ?? [])
    tally = ColumnTally(codes: codes, levels: levels, missing: self.missing, isPatient: rule?.kind == .number)
  }

  private init(_ judge: ColumnJudge, decimalMark: DecimalMark) {
    (name, codes, levels, tally) = (judge.name, judge.codes, judge.levels, judge.tally)
    (rule, missing) = (judge.rule, judge.missing)
    self.decimalMark = decimalMark
  }

  /// The same where the whole file says what the decimal mark is.
  func knowing(_ mark: DecimalMark?) -> ColumnJudge { mark.map { ColumnJudge(self, decimalMark: $0) } ?? self }

  /// Of 20 cells at most one may not fit the others.
  static func isFew(_ odd: Int, among others: Int) -> Bool { 19 * odd <= others }

  func judge() -> JudgedColumn {
    switch rule?.kind {
    case .category, .text: return texts()
    case .date: return rule?.origin == .model ? texts() : dates(isAsked: true) ?? texts()
    case .number: return numbers(isAsked: true) ?? texts()
    case nil: break
    }
    if !tally.isText, let numbers = numbers(isAsked: false) { return numbers }
    if let flags { return flags }
    return dates(isAsked: false) ?? names()
  }

  /// Dates, or the texts as they are, where what is a number is told already.
  func judgeDates() -> JudgedColumn { dates(isAsked: false) ?? texts() }

  /// The first row of a level.
  func firstRow(of level: Int) -> Int { codes.firstIndex(of: Int32(level)) ?? 0 }

  func pending(
    _ levelsOfKind: [Int], _ make: @escaping @Sendable (ReadingNote.CellSample) -> ReadingNote
  ) -> JudgedColumn.Pending? {
    guard let first = levelsOfKind.first else { return nil }
    let count = levelsOfKind.reduce(0) { $0 + tally.counts[$1] }
    return .init(row: firstRow(of: first), count: count, text: levels[first], make: make)
  }
}
