internal import Page

extension Section {
  /// Nil where the model has no ranges.
  static func ranges(_ words: Wording) -> Section? {
    guard let ranges = words.report.ranges else { return nil }
    let text =
      "How far off a prediction of \(ranges.model) may be: the range in which a share of rows like it has its true value. "
      + (ranges.followsRows
        ? "Ranges are wider for rows where errors were larger."
        : "All rows have the same width on the scale of fitting.")
      + " For this table they were made anew from some of the rows and tried on others."
    let points = ranges.levels.map { level in
      LineChart.Point(x: level.level, y: level.coverage, low: level.low, high: level.high)
    }
    let scale = LinearScale(
      from: min(0.4, points.map(\.low).min() ?? 0.4), to: 1)
    let axis = { (ticks: [Double]) in MarkedScale(base: scale, ticks: ticks) { words.percent($0) } }
    let chart = LineChart(
      name: "calibration", title: "What ranges hold and what they promise",
      description: ranges.levels.map { "\(words.percent($0.level)): \(words.percent($0.coverage, 1))" }
        .joined(separator: ", "),
      points: points, x: axis([0.5, 0.7, 0.9]), y: axis([0.5, 0.6, 0.7, 0.8, 0.9, 1]), xLabel: "promised",
      yLabel: "held", hasDiagonal: true)
    return Section(
      name: "ranges", title: "Ranges",
      blocks: [.text(text), .picture(figure(chart.html)), .table(table(ranges, words))] + tenths(ranges, words))
  }

  private static func table(_ ranges: RangeFigures, _ words: Wording) -> SectionTable {
    let isLogarithmic = words.report.scale.isLogarithmic
    return SectionTable(
      caption:
        "What ranges promise and what they held, with the 95 % interval of a share that was seen in so many rows; widths in "
        + "units of \(words.noun).",
      columns: [
        .init("Promised"), .init("Held"), .init("95 % interval"), .init("Rows"), .init("Middle width"),
        .init("Mean width"),
      ] + (isLogarithmic ? [.init("Upper end / lower")] : []) + [.init("", isNumber: false)],
      rows: ranges.levels.map { level in
        [
          words.percent(level.level), words.percent(level.coverage, 1),
          "\(words.percent(level.low, 1)) to \(words.percent(level.high, 1))", level.rows.groupedText,
          words.numbers.errorText(level.medianWidth), words.numbers.errorText(level.meanWidth),
        ] + (isLogarithmic ? [level.medianFactor.map { "× \($0.decimals($0 < 9.95 ? 1 : 0))" } ?? "–"] : [])
          + [RangeVerdict(level, words).text]
      })
  }

  /// Whether they hold for small and large predictions alike.
  private static func tenths(_ ranges: RangeFigures, _ words: Wording) -> [Block] {
    guard let level = ranges.levels.last(where: { $0.level <= 0.9 && $0.coverageByTenth != nil }),
      let tenths = level.coverageByTenth
    else { return [] }
    let least = min(0.5, ((tenths.min() ?? 0.5) * 10).rounded(.down) / 10)
    let scale = WhiskerScale(from: least, to: 1, texts: (words.percent(least), "100 %"))
    let rows = level.effectiveRows / 10
    let table = SectionTable(
      caption:
        "What the \(words.percent(level.level)) range held in ten parts of the rows by prediction, with the 95 % interval; the line "
        + "is what it promises.",
      columns: [.init("Tenth by prediction", isNumber: false), .init("Held")],
      rows: tenths.enumerated().map { place, share in
        ["\(place + 1)\(place == 0 ? ", the smallest" : place == 9 ? ", the largest" : "")", words.percent(share, 1)]
      },
      marks: .init(
        column: 2, axis: scale.axis,
        rows: tenths.map { share in
          let (low, high) = wilsonInterval(share, of: max(1, rows))
          return scale.mark(share, from: max(low, least), to: high, origin: level.level)
        }))
    return [.details("The same for small and large predictions", [.table(table)])]
  }

  internal static func figure(_ chart: HTML) -> HTML { "<figure>\(chart)</figure>" }
}
