extension ColumnJudge {
  /// The texts as they are, without those that are missing.
  func texts() -> JudgedColumn {
    var judged = JudgedColumn(.categorical(codes: present(dropping: askedLevels), levels: levels))
    judged.reading.asked = rule?.origin == .asked ? rule?.kind : nil
    judged.reading.cells = style(.point, missing: [])
    judged.notNumeric = firstOther
    return judged
  }

  /// Texts, with a note where most of them are numbers or where dates could not be read.
  func names() -> JudgedColumn {
    var judged = texts()
    guard !tally.isText, tally.numbers > 0, tally.others > 0, tally.numbers >= tally.others else { return judged }
    let others = tally.meanings.indices.filter {
      if case .other = tally.meanings[$0] { true } else { false }
    }
    let (name, numbers) = (name, tally.numbers)
    if let note = pending(others, { .names(column: name, numbers: numbers, cells: $0) }) { judged.notes.append(note) }
    return judged
  }

  var askedLevels: [Int] {
    missing.isEmpty ? [] : levels.indices.filter { missing.contains(levels[$0]) }
  }

  func present(dropping dropped: [Int]) -> [Int32] {
    guard !dropped.isEmpty else { return codes }
    var isDropped = [Bool](repeating: false, count: levels.count)
    for level in dropped { isDropped[level] = true }
    return codes.map { $0 >= 0 && isDropped[Int($0)] ? -1 : $0 }
  }

  /// How other files are to be read as this one was; nil where that goes without saying.
  func style(_ mark: DecimalMark, missing levelsTaken: [Int]) -> CellStyle? {
    let texts = missing.union(levelsTaken.prefix(100).map { levels[$0] }).sorted()
    return mark == .point && texts.isEmpty ? nil : CellStyle(decimalMark: mark, missing: texts)
  }

  /// The first cell that is no number; of integers only, the first that would lose digits.
  var firstOther: (row: Int, what: String, advice: String)? {
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
