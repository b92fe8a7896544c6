internal import Page

extension Section {
  /// Predicted against true, errors by prediction, worst rows.
  static func errors(_ words: Wording) -> Section {
    let report = words.report
    var blocks: [Block] = [
      .text("Of \(report.residuals.model), for rows left out.")
    ]
    if let known = report.outOfFold {
      blocks.append(
        .picture(
          ScatterChart(
            known, of: words.noun, numbers: words.numbers, isStars: words.isStars && report.data.target.least < 10
          ).html))
    }
    if !report.residuals.parts.isEmpty { blocks += [.heading("Errors by prediction"), .table(parts(words))] }
    return Section(name: "errors", title: "Predicted and true", blocks: blocks)
  }

  private static func parts(_ words: Wording) -> SectionTable {
    let parts = words.report.residuals.parts
    let isLogarithmic = words.report.scale.isLogarithmic
    let scale = FactorAxis.scale(around: [0] + parts.flatMap { [$0.low, $0.high] }, isFactors: isLogarithmic)
    let what =
      isLogarithmic
      ? "what the truth is of the prediction, as a factor" : "truth less prediction, in units of \(words.noun)"
    return SectionTable(
      caption:
        "Errors in \(parts.count) parts of the rows by prediction, the smallest first: \(what). Mark and whisker: the middle "
        + "row, and the eight of ten rows around it. Where marks are beside the line, predictions are too low (right) or too high (left).",
      columns: [
        .init("Predicted", isNumber: false), .init("Rows"), .init("10 % are below"), .init("Middle"),
        .init("90 % are below"),
      ],
      rows: parts.map { part in
        [
          "\(words.numbers.text(part.from)) to \(words.numbers.text(part.to))", part.rows.groupedText,
          words.error(part.low), words.error(part.median), words.error(part.high),
        ]
      },
      marks: .init(
        column: 2, axis: scale.axis,
        rows: parts.map { scale.mark($0.median, from: $0.low, to: $0.high, origin: 0) }))
  }

  static func worstRows(_ words: Wording) -> Section {
    let worst = words.report.worstRows
    let isLogarithmic = words.report.scale.isLogarithmic
    let explained = worst.explainedBy.map { name in
      " The reasons are exact contributions (Shapley values) in \(name), fitted without the row: what each column "
        + (isLogarithmic ? "multiplied the prediction by." : "added to the prediction.")
    }
    let text =
      "The rows that \(worst.model) was farthest off for. Some are wrong in the table, some are of a kind that it has seen too little of: they "
      + "are worth a look.\(explained ?? "")"
    let rows = worst.rows.map { row in
      [
        row.place, words.numbers.exactText(row.actual), words.numbers.text(row.predicted), words.error(row.error),
        row.explanation.map { reasons($0, words) } ?? "–",
      ]
    }
    let table = SectionTable(
      caption: "The \(rows.count) largest errors",
      columns: [
        .init("Row", isNumber: false), .init("True"), .init("Predicted"),
        .init(isLogarithmic ? "True / predicted" : "Error"),
        .init("Why it was predicted so", isNumber: false, isLong: true),
      ], rows: rows)
    return Section(name: "worst", title: "Worst rows", blocks: [.text(text), .table(table)])
  }

  private static func reasons(_ explanation: WorstRows.Explanation, _ words: Wording) -> String {
    explanation.largest.map { contribution in
      let adds =
        explanation.isLogarithm
        ? words.factor(contribution.adds)
        : (contribution.adds < 0 ? "−" : "+") + words.numbers.errorText(contribution.adds.magnitude)
      return "\(contribution.feature) = \(contribution.value.shortened): \(adds)"
    }.joined(separator: "; ")
  }
}

extension String {
  /// Names and values of any length are shown.
  internal var shortened: String { count > 60 ? prefix(57) + "…" : self }
}
