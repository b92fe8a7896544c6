extension ColumnJudge {
  /// The column as numbers; nil where too many of its cells are none.
  func numbers(isAsked: Bool) -> JudgedColumn? {
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
  var flags: JudgedColumn? {
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
