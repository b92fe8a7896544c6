extension ColumnJudge {
  /// The column as texts that are known to be dates; nil where too many are none.
  func dates(isAsked: Bool) -> JudgedColumn? {
    let present = tally.counts.reduce(0, +)
    var (dayOnly, monthOnly, either) = ([Int](), [Int](), [Int]())
    var odd: [Int] = []
    var words: [Int] = []
    var (oddCount, dateCount) = (0, 0)
    for level in levels.indices {
      let count = tally.counts[level]
      if !missing.isEmpty && missing.contains(levels[level]) { continue }
      if levels.withBytes(level, { PlainMoment($0) != nil }) {
        dateCount += count
        continue
      }
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
