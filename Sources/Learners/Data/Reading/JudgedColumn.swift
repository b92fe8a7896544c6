/// What a column of texts turns out to be.
internal struct JudgedColumn: Sendable {
  /// A note that waits for the place of its first cell.
  internal struct Pending: Sendable {
    let row: Int
    let count: Int
    let text: String
    let make: @Sendable (ReadingNote.CellSample) -> ReadingNote
  }

  var values: Column.Values
  var reading = ColumnReading()
  var notes: [Pending] = []
  /// The first cell that is no number, and why it is none.
  var notNumeric: (row: Int, what: String, advice: String)?
  /// The first row with an infinity.
  var infinity: (row: Int, text: String)?

  init(_ values: Column.Values) { self.values = values }
}

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
  private static func isFew(_ odd: Int, among others: Int) -> Bool { 19 * odd <= others }

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
  private func firstRow(of level: Int) -> Int { codes.firstIndex(of: Int32(level)) ?? 0 }

  private func pending(
    _ levelsOfKind: [Int], _ make: @escaping @Sendable (ReadingNote.CellSample) -> ReadingNote
  ) -> JudgedColumn.Pending? {
    guard let first = levelsOfKind.first else { return nil }
    let count = levelsOfKind.reduce(0) { $0 + tally.counts[$1] }
    return .init(row: firstRow(of: first), count: count, text: levels[first], make: make)
  }
}

// MARK: texts
extension ColumnJudge {
  /// The texts as they are, without those that are missing.
  private func texts() -> JudgedColumn {
    var judged = JudgedColumn(.categorical(codes: present(dropping: askedLevels), levels: levels))
    judged.reading.asked = rule?.origin == .asked ? rule?.kind : nil
    judged.reading.cells = style(.point, missing: [])
    judged.notNumeric = firstOther
    return judged
  }

  /// Texts, with a note where most of them are numbers or where dates could not be read.
  private func names() -> JudgedColumn {
    var judged = texts()
    guard !tally.isText, tally.numbers > 0, tally.others > 0, tally.numbers >= tally.others else { return judged }
    let others = tally.meanings.indices.filter {
      if case .other = tally.meanings[$0] { true } else { false }
    }
    let (name, numbers) = (name, tally.numbers)
    if let note = pending(others, { .names(column: name, numbers: numbers, cells: $0) }) { judged.notes.append(note) }
    return judged
  }

  private var askedLevels: [Int] {
    missing.isEmpty ? [] : levels.indices.filter { missing.contains(levels[$0]) }
  }

  private func present(dropping dropped: [Int]) -> [Int32] {
    guard !dropped.isEmpty else { return codes }
    var isDropped = [Bool](repeating: false, count: levels.count)
    for level in dropped { isDropped[level] = true }
    return codes.map { $0 >= 0 && isDropped[Int($0)] ? -1 : $0 }
  }

  /// How other files are to be read as this one was; nil where that goes without saying.
  private func style(_ mark: DecimalMark, missing levelsTaken: [Int]) -> CellStyle? {
    let texts = missing.union(levelsTaken.prefix(100).map { levels[$0] }).sorted()
    return mark == .point && texts.isEmpty ? nil : CellStyle(decimalMark: mark, missing: texts)
  }

  /// The first cell that is no number; of integers only, the first that would lose digits.
  private var firstOther: (row: Int, what: String, advice: String)? {
    let level = levels.indices.first { level in
      levels.withBytes(level) { bytes in
        let number = DecimalNumber(scanning: bytes, in: CellMeaning.trim(bytes, 0..<bytes.count))
        return number.map { $0.end < CellMeaning.trim(bytes, 0..<bytes.count).upperBound } ?? true
      }
    }
    if let level {
      return (
        firstRow(of: level), "\(quoted(levels[level])) is not a number",
        "correct the cell, leave it empty if the value is missing, or choose another column"
      )
    }
    let long = levels.indices.first { level in
      levels.withBytes(level) { bytes in
        DecimalNumber(scanning: bytes, in: CellMeaning.trim(bytes, 0..<bytes.count))?.form == .longInteger
      }
    }
    return long.map {
      (
        firstRow(of: $0),
        "\(quoted(levels[$0])) has more digits than a number can hold, so the column is read as names",
        "choose another column if it is an identifier, or write its numbers with a decimal point"
      )
    }
  }
}

// MARK: numbers
extension ColumnJudge {
  /// The column as numbers; nil where too many of its cells are none.
  private func numbers(isAsked: Bool) -> JudgedColumn? {
    guard tally.numbers > 0 || isAsked else { return nil }
    let mark =
      rule?.origin == .model ? rule!.decimalMark : decimalMark ?? (tally.commas > tally.points ? .comma : .point)
    let unit = commonUnit
    var odd: [Int] = []
    var words: [Int] = []
    var values = [Double](repeating: .nan, count: levels.count)
    var (fits, hasFraction, hasLong) = (0, false, false)
    var unusual = Unusual()
    for (level, meaning) in tally.meanings.enumerated() {
      switch meaning {
      case .number(let number):
        guard let value = number.value(mark), unit.fits(number) else { odd.append(level); continue }
        values[level] = value
        fits += tally.counts[level]
        hasFraction = hasFraction || number.isFraction || value.rounded() != value
        hasLong = hasLong || number.isLongInteger
        unusual.note(number, level, value, mark)
      case .infinity:
        values[level] = .infinity
        fits += tally.counts[level]
      case .boolean(let truth) where isAsked: values[level] = truth ? 1 : 0
      case .boolean, .other: odd.append(level)
      case .word: words.append(level)
      case .asked: break
      }
    }
    let oddCount = odd.reduce(0) { $0 + tally.counts[$1] }
    guard isAsked || (Self.isFew(oddCount, among: fits) && !(hasLong && !hasFraction)) else { return nil }
    return result(values, mark, odd: odd, words: words, unusual)
  }

  private func result(
    _ values: [Double], _ mark: DecimalMark, odd: [Int], words: [Int], _ unusual: Unusual
  ) -> JudgedColumn {
    let numbers = codes.map { $0 < 0 ? .nan : values[Int($0)] }
    var judged = JudgedColumn(.numeric(numbers))
    let name = name
    if let first = unusual.levels.first {
      let (forms, value) = (unusual.forms(mark), values[first])
      if let note = pending(unusual.levels, { .numberForms(column: name, forms: forms, cells: $0, value: value) }) {
        judged.notes.append(note)
      }
    }
    if let note = pending(words, { .takenAsMissing(column: name, cells: $0) }) { judged.notes.append(note) }
    if let note = pending(odd, { .odd(column: name, wanted: "number", cells: $0) }) { judged.notes.append(note) }
    judged.reading.cells = style(mark, missing: words + odd)
    if let first = odd.first {
      judged.notNumeric = (
        firstRow(of: first), "\(quoted(levels[first])) is not a number",
        "correct the cell, leave it empty if the value is missing, or choose another column"
      )
    }
    if let row = numbers.firstIndex(where: \.isInfinite) { judged.infinity = (row, levels[Int(codes[row])]) }
    return judged
  }

  /// Truth values and nothing else.
  private var flags: JudgedColumn? {
    guard !tally.isText, tally.booleans > 0, tally.numbers + tally.others + tally.words == 0 else { return nil }
    let values = tally.meanings.map { meaning -> Double in
      if case .boolean(let truth) = meaning { truth ? 1 : 0 } else { .nan }
    }
    return JudgedColumn(.numeric(codes.map { $0 < 0 ? .nan : values[Int($0)] }))
  }

  /// What is written beside the numbers of most cells: numbers of another unit cannot be compared.
  private struct Unit {
    var hasPercent = false
    var currency: UInt8?

    func fits(_ number: NumberText) -> Bool {
      number.hasPercent == hasPercent && (number.currency == nil || number.currency == currency)
    }
  }

  private var commonUnit: Unit {
    var percent = 0
    var currencies: [UInt8: Int] = [:]
    for (level, meaning) in tally.meanings.enumerated() {
      guard case .number(let number) = meaning else { continue }
      if number.hasPercent { percent += tally.counts[level] }
      if let currency = number.currency { currencies[currency, default: 0] += tally.counts[level] }
    }
    let currency = currencies.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    return Unit(hasPercent: 2 * percent > tally.numbers, currency: currency)
  }

  /// Numbers that are not plainly written.
  private struct Unusual {
    private(set) var levels: [Int] = []
    private var (hasPercent, hasCurrency, hasGroups, hasMinus, hasComma) = (false, false, false, false, false)

    mutating func note(_ number: NumberText, _ level: Int, _ value: Double, _ mark: DecimalMark) {
      // Of a number that can be read both ways, the larger value is the one without decimals.
      let other = mark == .point ? number.comma : number.point
      let groups = number.hasGroups && (other.map { abs(value) >= abs($0) } ?? true)
      let comma = mark == .comma && number.isFraction && value != number.point && (other == nil || !groups)
      guard groups || comma || number.hasPercent || number.currency != nil || number.hasUnusualMinus else { return }
      levels.append(level)
      hasGroups = hasGroups || groups
      hasComma = hasComma || comma
      hasPercent = hasPercent || number.hasPercent
      hasCurrency = hasCurrency || number.currency != nil
      hasMinus = hasMinus || number.hasUnusualMinus
    }

    func forms(_ mark: DecimalMark) -> [String] {
      var forms: [String] = []
      if hasGroups { forms.append("thousands separators") }
      if hasComma { forms.append("a decimal comma") }
      if hasPercent { forms.append("a percent sign, which is left out") }
      if hasCurrency { forms.append("a currency, which is left out") }
      if hasMinus { forms.append("another minus") }
      return forms
    }
  }
}

// MARK: dates
extension ColumnJudge {
  /// The column as texts that are known to be dates; nil where too many are none.
  private func dates(isAsked: Bool) -> JudgedColumn? {
    let present = tally.counts.reduce(0, +)
    var (dayOnly, monthOnly, either) = ([Int](), [Int](), [Int]())
    var odd: [Int] = []
    var words: [Int] = []
    var (oddCount, dateCount) = (0, 0)
    for level in levels.indices {
      let count = tally.counts[level]
      if !missing.isEmpty && missing.contains(levels[level]) { continue }
      guard let date = levels.withBytes(level, { DateText($0) }) else {
        if levels.withBytes(level, { MissingWords.isMissingAmongNumbers($0) }) {
          words.append(level)
          continue
        }
        odd.append(level)
        oddCount += count
        if !isAsked && 20 * oddCount > present { return nil }
        continue
      }
      dateCount += count
      if date.isPlain { continue }
      if date.monthFirst == nil {
        dayOnly.append(level)
      } else if date.dayFirst == nil {
        monthOnly.append(level)
      } else {
        either.append(level)
      }
    }
    guard dateCount > 0 else { return nil }
    let (days, months) = (cells(dayOnly), cells(monthOnly))
    if days + months == 0 && !either.isEmpty { return ambiguous(either) }
    let form: DateForm = days + months == 0 ? .plain : days > months ? .dayFirst : .monthFirst
    odd = (odd + (form == .dayFirst ? monthOnly : form == .monthFirst ? dayOnly : [])).sorted()
    oddCount = cells(odd)
    guard isAsked || Self.isFew(oddCount, among: dateCount) else { return nil }
    return result(form, odd: odd, words: words)
  }

  private func cells(_ levels: [Int]) -> Int { levels.reduce(0) { $0 + tally.counts[$1] } }

  private func ambiguous(_ levels: [Int]) -> JudgedColumn {
    var judged = texts()
    let name = name
    if let note = pending(levels.sorted(), { .ambiguousDates(column: name, cells: $0) }) { judged.notes.append(note) }
    return judged
  }

  private func result(_ form: DateForm, odd: [Int], words: [Int]) -> JudgedColumn {
    var judged = JudgedColumn(.categorical(codes: present(dropping: askedLevels + odd + words), levels: levels))
    judged.reading = ColumnReading(dates: form, cells: style(.point, missing: words + odd))
    judged.notNumeric = firstOther
    let name = name
    if let note = pending(words, { .takenAsMissing(column: name, cells: $0) }) { judged.notes.append(note) }
    if let note = pending(odd, { .odd(column: name, wanted: "date", cells: $0) }) { judged.notes.append(note) }
    return judged
  }
}
