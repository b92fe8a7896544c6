internal import Glibc
internal import Page

extension Section {
  private static let shown = 15

  static func importance(_ words: Wording) -> Section? {
    let importance = words.report.studied.importance
    guard !importance.isEmpty else { return nil }
    let text =
      "How much of R²\(words.report.scale.isLogarithmic ? " of \(words.scaleName)" : "") \(words.report.studied.name) loses for rows that it "
      + "had not seen when the values of one column are shuffled among them. Columns that say the same share their importance: each can do "
      + "without the other. It is no cause."
    let first = Array(importance.prefix(Self.shown))
    var blocks: [Block] = [.text(text), .table(table(first, "The most important columns", words))]
    let rest = Array(importance.dropFirst(Self.shown))
    if !rest.isEmpty {
      blocks.append(.details("\(rest.count.groupedText) more", [.table(table(rest, "All other columns", words))]))
    }
    return Section(name: "importance", title: "What it looks at", blocks: blocks)
  }

  private static func table(
    _ importance: [ImportanceFigures], _ caption: String, _ words: Wording
  ) -> SectionTable {
    let most = importance.reduce(0) { max($0, $1.lost.high ?? $1.lost.mean) }
    // What chance takes below 0 needs no half of the line.
    let below = importance.reduce(0) { min($0, $1.lost.low ?? $1.lost.mean) }
    let least = -below < 0.1 * most ? 0 : below
    let scale = WhiskerScale(around: [least, most])
    return SectionTable(
      caption: "\(caption), with the 95 % interval of the mean over folds",
      columns: [
        .init("Column", isNumber: false), .init("R² lost"), .init("95 % interval"), .init("P(it helps)"),
      ],
      rows: importance.map { column in
        [
          column.feature.shortened, column.lost.mean.decimals(4), words.range(column.lost) { $0.decimals(4) },
          words.chance(column.chance),
        ]
      },
      marks: .init(
        column: 2, axis: scale.axis,
        rows: importance.map {
          scale.mark(max($0.lost.mean, least), from: $0.lost.low ?? .nan, to: $0.lost.high ?? .nan, origin: 0)
        }))
  }

  static func effects(_ words: Wording) -> Section? {
    let effects = words.report.studied.effects
    guard !effects.isEmpty else { return nil }
    let unit =
      words.report.scale.isLogarithmic
      ? "as a factor of \(words.scaleName.dropFirst(3).dropLast())" : "in units of \(words.noun)"
    let text =
      "How the predictions of \(words.report.studied.name) follow one column while all others stay as they are, \(unit), around its mean: "
      + "accumulated local effects, which never ask about a row that could not be. The band is the 95 % interval over the models of all "
      + "folds. It shows what the model does, which is no cause."
    let gallery = effects.enumerated().map { place, effect in
      (title: effect.feature, picture: picture(effect, place, words), table: table(effect, words))
    }
    return Section(name: "effects", title: "How it follows the main columns", blocks: [.text(text), .gallery(gallery)])
  }

  private static func text(_ effect: Double, _ words: Wording) -> String {
    guard !words.report.scale.isLogarithmic else { return words.factor(effect) }
    return (effect < 0 ? "−" : "+") + words.numbers.errorText(effect.magnitude)
  }

  private static func picture(_ effect: EffectFigures, _ place: Int, _ words: Wording) -> HTML {
    guard let values = effect.values else { return "" }
    let points = zip(values, effect.effects).map {
      LineChart.Point(x: $0, y: $1.mean, low: $1.low ?? .nan, high: $1.high ?? .nan)
    }
    let all = points.flatMap { [$0.y, $0.low, $0.high] }.filter(\.isFinite)
    let (low, high) = (min(0, all.min() ?? 0), max(0, all.max() ?? 0))
    let y: any ChartScale =
      words.report.scale.isLogarithmic
      ? FactorAxis.chartScale(from: min(low, -0.02), to: max(high, 0.02)) : LinearScale(from: low, to: high)
    let (first, last) = (values[0], values[values.count - 1])
    // Numbers over several powers of ten have no room on a line of their own scale.
    let isWide = first >= 0 && last > 100 && last > 20 * values[values.count / 2]
    let line: any ChartScale = isWide ? LogScale(from: first, to: last) : LinearScale(from: first, to: last)
    let x: any ChartScale = values.count > 4 ? line : MarkedScale(base: line, ticks: values) { words.value($0) }
    let most = effect.effects.indices.max { effect.effects[$0].mean < effect.effects[$1].mean } ?? 0
    let least = effect.effects.indices.min { effect.effects[$0].mean < effect.effects[$1].mean } ?? 0
    return LineChart(
      name: "effect-\(place)", title: "Effect of \(effect.feature.shortened)",
      description: "lowest \(text(effect.effects[least].mean, words)) at \(words.value(values[least])), "
        + "highest \(text(effect.effects[most].mean, words)) at \(words.value(values[most]))",
      points: points, x: x, y: y, xLabel: effect.feature.shortened, yLabel: "effect",
      size: (width: 360, height: 240), origin: 0
    ).html
  }

  private static func table(_ effect: EffectFigures, _ words: Wording) -> SectionTable {
    let names = effect.levels?.map(\.shortened) ?? effect.values?.map(words.value) ?? []
    let left = effect.levelsLeftOut > 0 ? "; \(effect.levelsLeftOut.counted("rarer level")) not shown" : ""
    let scale = FactorAxis.scale(
      around: [0] + effect.effects.flatMap { [$0.low ?? $0.mean, $0.high ?? $0.mean] },
      isFactors: words.report.scale.isLogarithmic)
    return SectionTable(
      caption: "Effect of \(effect.feature.shortened)\(left)",
      columns: [
        .init(effect.levels == nil ? "Value" : "Level", isNumber: effect.levels == nil), .init("Effect"),
        .init("95 % interval"), .init("Rows"),
      ],
      rows: zip(names, zip(effect.effects, effect.rows)).map { name, figures in
        let (estimate, rows) = figures
        return [name, text(estimate.mean, words), words.range(estimate) { text($0, words) }, rows.groupedText]
      },
      marks: effect.levels == nil
        ? nil
        : .init(
          column: 2, axis: scale.axis,
          rows: effect.effects.map { scale.mark($0.mean, from: $0.low ?? .nan, to: $0.high ?? .nan, origin: 0) }))
  }
}
