/// The table of columns that have been read and judged, with what is to be said about them.
struct CSVTable {
  private let plans: [CSVPlan]
  private let names: [String]
  private let rules: [ColumnRule?]
  private let facts: [ColumnFacts]
  private let judged: [JudgedColumn]
  private let places: [CSVPlaces.Request: DataError.Location]

  init(_ plans: [CSVPlan], _ reading: CSVTableReading, _ judged: [JudgedColumn]) throws(DataError) {
    self.plans = plans
    (names, rules, facts) = (reading.names, reading.rules, reading.facts)
    self.judged = judged
    var requests: Set<CSVPlaces.Request> = []
    for (column, judged) in judged.enumerated() {
      let facts = reading.facts[column]
      let rows =
        judged.notes.map(\.row)
        + [judged.notNumeric?.row, judged.infinity?.row, facts.firstInfinity].compactMap(\.self)
        + [facts.odd.first?.row, facts.words.first?.row].compactMap(\.self)
      for row in rows { requests.insert(.init(row: row, column: column)) }
    }
    places = try CSVPlaces(plans: plans).locations(of: requests)
  }

  private func place(_ row: Int, _ column: Int) -> DataError.Location {
    places[.init(row: row, column: column)] ?? .init(file: plans[0].header.file.name, column: names[column])
  }

  /// - Throws: `DataError` for an infinity in a column of numbers, or a cell that is no number where a model needs one.
  func table() throws(DataError) -> Table {
    var columns: [Column] = []
    var notes: [ReadingNote] = plans.flatMap(\.header.notes) + blankLines
    for column in names.indices {
      try check(column)
      let judged = judged[column]
      if let note = leftOut(column) {
        notes.append(note)
        if note != .unnamed(column: names[column], isEmpty: false) { continue }
      }
      notes += judged.notes.map { $0.make(.init(count: $0.count, first: $0.text, place: place($0.row, column))) }
      notes += wordNotes(column)
      let notNumeric = judged.notNumeric.map {
        DataError(.invalid, $0.what, at: place($0.row, column), advice: $0.advice)
      }
      columns.append(
        Column(name: names[column], values: judged.values, notNumeric: notNumeric, reading: judged.reading))
    }
    guard !columns.isEmpty else { throw .noRows(plans[0].header.file.name) }
    return Table(columns: columns, notes: notes)
  }

  private func check(_ column: Int) throws(DataError) {
    if let odd = facts[column].odd.first {
      throw DataError(
        .invalid, "\(quoted(odd.text)) is not a number", at: place(odd.row, column),
        advice: "the model was fitted with numbers there: correct the cell, or leave it empty if the value is missing"
          + (NumberText(Array(odd.text.utf8).span) == nil ? "" : " (--decimal comma reads 1,5 as 1.5 in all columns)"))
    }
    guard case .numeric = judged[column].values else { return }
    guard let row = judged[column].infinity?.row ?? facts[column].firstInfinity else { return }
    let text = judged[column].infinity?.text ?? CSVPlaces(plans: plans).text(row, column) ?? "inf"
    throw DataError(
      .invalid, "\(quoted(text)) is not a finite number", at: place(row, column),
      advice: "leave the cell empty if the value is missing, or write a number of at most 1.7e308")
  }

  private func wordNotes(_ column: Int) -> [ReadingNote] {
    let words = facts[column].words
    return words.first.map {
      [
        .takenAsMissing(
          column: names[column], cells: .init(count: words.count, first: $0.text, place: place($0.row, column)))
      ]
    } ?? []
  }

  private var blankLines: [ReadingNote] {
    guard names.count == 1 else { return [] }
    let missing = facts[0].emptyCount
    return plans.enumerated().compactMap { index, plan in
      let inside = index == 0 ? missing : 0
      guard inside + plan.blankLinesAtEnd > 0 else { return nil }
      return .blankLines(file: plan.header.file.name, missing: inside, atEnd: plan.blankLinesAtEnd)
    }
  }

  /// Why a column is not taken, or the name that it was given; nil for any column that has one.
  private func leftOut(_ column: Int) -> ReadingNote? {
    let name = names[column]
    let isUnnamed = plans[0].header.unnamed.contains(column)
    guard isUnnamed || (column == 0 && name == "Unnamed: 0"), rules[column] == nil, names.count > 1 else { return nil }
    switch judged[column].values {
    case .numeric(let numbers):
      if numbers.allSatisfy(\.isNaN) { return .unnamed(column: name, isEmpty: true) }
      if column == 0 && Self.isIndex(numbers) { return .index(column: name) }
    case .categorical(let codes, _):
      if codes.allSatisfy({ $0 < 0 }) { return .unnamed(column: name, isEmpty: true) }
    }
    return isUnnamed ? .unnamed(column: name, isEmpty: false) : nil
  }

  /// Whole numbers from 0 that are all different.
  private static func isIndex(_ numbers: [Double]) -> Bool {
    guard numbers.allSatisfy({ $0 >= 0 && $0.rounded() == $0 }) else { return false }
    if zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) { return true }
    return Set(numbers).count == numbers.count
  }
}
