internal import Page

extension Section {
  private static let mostColumns = 60

  static func data(_ words: Wording) -> Section {
    let data = words.report.data
    var blocks: [Block] = [.text(overview(words)), .heading("What was looked for"), .points(looked(words))]
    blocks.append(.table(columns(words)))
    if !data.notes.isEmpty {
      blocks += [.heading("What was done to the data"), .points(data.notes)]
    }
    return Section(name: "data", title: "The data", blocks: blocks)
  }

  private static func overview(_ words: Wording) -> String {
    let data = words.report.data
    let kinds = Dictionary(data.columns.map { ($0.kind, 1) }, uniquingKeysWith: +)
    let parts = [(ColumnSheet.Kind.number, "number"), (.text, "text"), (.date, "part of a date")].compactMap {
      kind, name in
      kinds[kind].map { name == "part of a date" ? "\($0) \($0 == 1 ? name : "parts of dates")" : $0.counted(name) }
    }
    let cells = data.rows * data.columns.count
    let missing = data.columns.reduce(0) { $0 + $1.missing }
    let groups = data.groups.map { " The rows belong to \($0.counted("group")), which are held out whole." } ?? ""
    let weights =
      data.isWeighted
      ? " In all that is said of models rows count by their weights; what is said of columns counts each row once." : ""
    return
      "\(words.report.origin.source): \(data.rows.counted("row")), \(data.columns.count.counted("column")) to learn from (\(words.list(parts))). "
      + "\(words.percent(Double(missing) / Double(max(1, cells)), 1)) of the cells are missing. \(words.noun), the target, goes from "
      + "\(words.numbers.exactText(data.target.least)) to \(words.numbers.exactText(data.target.most)), the middle row has "
      + "\(words.numbers.exactText(data.target.median)). Models are fitted on \(words.scaleName)"
      + "\(words.report.scale.isLogarithmic ? "" : " as it is"): \(words.report.scale.reason).\(groups)\(weights)"
  }

  /// What was looked for, and what came of it.
  private static func looked(_ words: Wording) -> [String] {
    let data = words.report.data
    let copies =
      data.duplicates == 0
      ? "Duplicates: no row is an exact copy of another."
      : "Duplicates: \(data.duplicates.counted("row")) could go as \(data.duplicates == 1 ? "a copy" : "copies") of an earlier one; "
        + "\(data.knownRows.counted("row")) \(data.knownRows == 1 ? "is" : "are") held out while a copy is learned from."
    let leaks =
      data.leaks.isEmpty
      ? "Leaks: no column equals the target (that would have been refused), puts the rows in its order, or has a value of its own for each "
        + "of the target's." : "Leaks: \(data.leaks.count.counted("column")) looked like one: see above."
    let kin =
      switch words.report.folds.kind {
      case .groups: "Rows that belong together are held out together."
      case .time: "Rows are predicted from earlier ones only."
      case .given: "The folds were given; whether rows in them know of each other was not looked for."
      case .rows:
        data.kin.isEmpty
          ? "Rows that belong together, or follow one another in time: none were found that are alike in the target."
          : "Rows that belong together: found, see above."
      }
    return [copies, leaks, kin]
  }

  private static func columns(_ words: Wording) -> SectionTable {
    let all = words.report.data.columns
    let shown = Array(all.prefix(Self.mostColumns))
    let rest = all.count - shown.count
    return SectionTable(
      caption:
        "The columns that models learn from\(rest > 0 ? ", the first \(shown.count) of \(all.count)" : ""); the rank correlation is "
        + "that with \(words.noun)",
      columns: [
        .init("Column", isNumber: false), .init("Kind", isNumber: false), .init("Missing"), .init("Distinct"),
        .init("Least, middle, most", isNumber: false, isLong: true), .init("Rank correlation"),
      ],
      rows: shown.map { column in
        [
          column.name.shortened, column.kind.rawValue + (column.unit.map { ", \($0)" } ?? ""),
          column.missing == 0 ? "0" : words.percent(Double(column.missing) / Double(max(1, words.report.data.rows)), 1),
          column.distinct.groupedText, values(column, words), column.rankCorrelation?.decimals(2) ?? "–",
        ]
      })
  }

  private static func values(_ column: ColumnSheet, _ words: Wording) -> String {
    if let spread = column.spread {
      return [spread.least, spread.median, spread.most].map(words.value).joined(separator: ", ")
    }
    return (column.levels ?? []).map { "\($0.text.shortened) (\($0.rows.groupedText))" }.joined(separator: ", ")
  }
}
