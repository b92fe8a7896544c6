internal import Page

extension Section {
  static func learning(_ words: Wording) -> Section {
    let answer = Summary(words: words).learning
    guard let learning = words.report.studied.learning, learning.steps.count > 1 else {
      return Section(name: "learning", title: "Would more rows help?", blocks: [.text(answer)])
    }
    let method =
      "\(words.report.studied.name), fitted with fewer of the rows in each fold and asked about the same rows left out. The band is the 95 % "
      + "interval of the mean over folds; doublings are compared fold by fold, which is sharper than the bands are."
    return Section(
      name: "learning", title: "Would more rows help?",
      blocks: [
        .text(answer), .picture(figure(chart(learning, words).html)), .text(method), .table(table(learning, words)),
      ])
  }

  private static func chart(_ learning: LearningFigures, _ words: Wording) -> LineChart {
    let points = learning.steps.map { step in
      LineChart.Point(
        x: Double(step.rows), y: step.figure.mean, low: step.figure.low ?? .nan, high: step.figure.high ?? .nan)
    }
    // A wide band of few rows must not press the curve flat.
    let values = points.map(\.y)
    let spread = max((values.max() ?? 1) - (values.min() ?? 0), 1e-9)
    let (lowest, highest) = ((values.min() ?? 0) - spread, (values.max() ?? 1) + spread)
    let low = max(lowest, points.map { $0.low.isFinite ? $0.low : $0.y }.min() ?? lowest)
    let high = min(highest, points.map { $0.high.isFinite ? $0.high : $0.y }.max() ?? highest)
    let base = LogScale(from: points[0].x * 0.9, to: points[points.count - 1].x * 1.1)
    return LineChart(
      name: "learning-curve", title: "\(words.shortFigureName) with fewer and more rows",
      description: learning.steps.map { "\($0.rows.counted("row")): \(words.figure($0.figure.mean))" }
        .joined(separator: ", "),
      points: points, x: MarkedScale(base: base, ticks: points.map(\.x)) { $0.groupedText },
      y: LinearScale(from: low, to: high), xLabel: "rows learned from", yLabel: words.shortFigureName)
  }

  private static func table(_ learning: LearningFigures, _ words: Wording) -> SectionTable {
    SectionTable(
      caption: "\(words.figureName) with a share of the training rows, means over folds",
      columns: [.init("Rows learned from"), .init("Share"), .init(words.shortFigureName), .init("95 % interval")],
      rows: learning.steps.map { step in
        [
          step.rows.groupedText, words.percent(step.share, step.share < 0.2 ? 1 : 0), words.figure(step.figure.mean),
          words.figureRange(step.figure),
        ]
      })
  }
}
