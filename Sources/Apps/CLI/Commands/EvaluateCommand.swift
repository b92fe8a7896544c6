import ArgumentParser
import Learners
import Linalg

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score a model on rows whose target is known.",
    discussion: """
      Use rows that the model was not fitted on: on its own training rows every model looks better than it is.

        learners evaluate --model models/best.safetensors --data held-out.csv
        learners evaluate --model models/best.safetensors --data held-out.csv --interval 0.9
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var statistic: StatisticOption
  @OptionGroup var interval: IntervalOption
  @Option(
    help: ArgumentHelp(
      "A column that says what a row counts in the scores: 2 is two copies of it, 0 none.", valueName: "column"))
  var weights: String?
  @OptionGroup var threading: ThreadOptions
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    if weights == "" { throw ValidationError("--weights: the name of a column is empty") }
  }

  private struct Report: Encodable {
    let model: String
    let target: String
    let rows: Int
    /// The same as in `scores`, where one figure is wanted.
    let r2: Double?
    /// What was scored: "mean", "median" or "quantile 0.95".
    let predict: String
    /// Sum of the predictions divided by that of the targets; nil where that is 0.
    let totalRatio: Double?
    let scores: ScoresReport
    /// Nil where no ranges are asked for.
    let interval: IntervalReport?

    private enum CodingKeys: String, CodingKey {
      case model, target, rows, r2, predict, scores, interval
      case totalRatio = "total_ratio"
    }
  }

  func run() throws {
    threading.apply()
    var outputs = OutputGuard(keeping: data.paths + [model.path])
    try outputs.check(nil)
    let file = try model.load()
    let source = try DataSource.load(data, for: file.model.pipeline.features)
    let correction = try statistic.correction(for: file.model)
    let prediction = try Prediction(
      of: file.model, for: source, correction: correction, interval: interval, besides: weights)
    let known = try known(prediction, source, target: file.model.target)
    let scale = file.model.pipeline.target.targetScale
    let scores = Scores(
      predictions: known.predictions, targets: known.targets, weights: known.weights, scale: scale,
      loss: file.model.fittedLoss, quantiles: known.quantiles)
    let ranges = known.ranges.map {
      (
        $0,
        IntervalScores(
          level: interval.interval ?? 0, ranges: $0, targets: known.targets, weights: known.weights)
      )
    }
    let ratio = known.sum(known.predictions) / known.sum(known.targets)
    if scale.isLogarithmic, !scores.r2Transformed.isFinite, scores.r2.isFinite {
      Terminal.writeError(
        "learners: warning: a target is too negative for \(scale.label(of: file.model.target)): no R² on this scale")
    }
    if json {
      let report = Report(
        model: file.model.name, target: file.model.target, rows: known.targets.count, r2: scores.r2.finiteOrNull,
        predict: statistic.statistic(of: file.model), totalRatio: ratio.finiteOrNull, scores: ScoresReport(scores),
        interval: report(ranges, known, of: file.model))
      return try Terminal.writeOutput(jsonText(report) + "\n")
    }
    let title =
      "\(file.model.name) on \(printable(source.description)): \(known.targets.count) rows, target \(printable(file.model.target))"
    let rangeFigures: [(String, String)] = ranges.map { Self.figures($0.1) } ?? []
    let figures = figures(scores, of: file.model, ratio: ratio) + rangeFigures
    let table = TextTable(columns: [
      .init(title: "score", cells: figures.map(\.0), isRightAligned: false), .init(title: "", cells: figures.map(\.1)),
    ])
    try Terminal.writePage(([title, ""] + table.lines(width: Terminal.width())).joined(separator: "\n") + "\n")
  }

  private func figures(_ scores: Scores, of model: Model, ratio: Double) -> [(String, String)] {
    var figures = [("R²", scores.r2.fixed(4))]
    let scale = model.pipeline.target.targetScale
    if scale.isLogarithmic {
      figures.append(("R² of \(printable(scale.label(of: model.target)))", scores.r2Transformed.fixed(4)))
    }
    for quantile in scores.quantiles ?? [] {
      figures.append(("pinball loss of quantile \(quantile.level)", quantile.pinball.significant(5)))
      figures.append(("targets not above quantile \(quantile.level)", quantile.coverage.fixed(4)))
    }
    if let deviance = scores.deviance { figures.append(("mean deviance", deviance.significant(5))) }
    figures += [
      ("RMSE", scores.rmse.significant(5)), ("MAE", scores.mae.significant(5)),
      ("median absolute error", scores.medianAbsoluteError.significant(5)), ("Spearman", scores.spearman.fixed(4)),
    ]
    // A quantile is not meant to add up to anything.
    if statistic.statistic(of: model) == "mean" || model.statistic == .median {
      figures.append(("sum of \(statistic.statistic(of: model))s / sum of targets", ratio.fixed(4)))
    }
    return figures
  }

  private func report(
    _ ranges: ([ClosedRange<Double>], IntervalScores)?, _ known: Known, of model: Model
  ) -> IntervalReport? {
    guard let (ranges, scores) = ranges, let intervals = model.intervals else { return nil }
    let tenths = IntervalReport.coverageByTenth(
      ranges, predictions: known.predictions, targets: known.targets, weights: known.weights)
    return IntervalReport(scores, of: intervals, coverageByTenth: tenths)
  }

  private static func figures(_ scores: IntervalScores) -> [(String, String)] {
    let range = "range of \(scores.level.shortText)"
    return [
      ("targets inside the \(range)", scores.coverage.fixed(4)),
      ("mean width of the \(range)", scores.meanWidth.significant(5)),
      ("interval score of the \(range)", scores.score.significant(5)),
    ]
  }

  /// The rows that have a target.
  private struct Known {
    let predictions: [Double]
    let targets: [Double]
    /// What each row counts; nil where each counts once.
    let weights: [Double]?
    let quantiles: Matrix<Double>?
    let ranges: [ClosedRange<Double>]?

    func sum(_ numbers: [Double]) -> Double {
      numbers.indices.reduce(0) { $0 + (weights?[$1] ?? 1) * numbers[$1] }
    }
  }

  private func known(_ prediction: Prediction, _ source: DataSource, target: String) throws -> Known {
    guard let column = prediction.target else {
      throw DataError(
        .invalid, "there is no column \(target) to compare with",
        advice: "give rows whose \(target) is known, or use predict")
    }
    guard case .numeric(let numbers) = column.values, column.notNumeric == nil else {
      throw column.notNumeric
        ?? DataError(
          .invalid, "it holds texts, not numbers", at: .init(column: column.name),
          advice: "correct or empty these cells")
    }
    let withTarget = numbers.indices.filter { !numbers[$0].isNaN }
    let rowWeights = try weights.map { name in
      guard let column = source.raw[name] else {
        throw DataError(
          .invalid, "--weights: there is no column \(name)",
          advice: "the columns are \(listed(source.raw.columns.map(\.name)))")
      }
      return try source.placed { () throws(DataError) in try RowWeights(column, rows: withTarget) }
    }
    let rows = rowWeights.map { $0.places.map { withTarget[$0] } } ?? withTarget
    guard rows.count >= 2 else {
      throw DataError(
        .invalid, "\(rows.count) rows have a target", at: .init(column: column.name),
        advice: "at least two are needed to score a model")
    }
    let dropped = numbers.count - withTarget.count
    if dropped > 0 {
      let verb = dropped == 1 ? "has" : "have"
      Terminal.writeError(
        "learners: note: \(dropped) of \(counted(numbers.count, "row")) \(verb) no \(target): left out of the comparison"
      )
    }
    let quantiles = prediction.quantiles.columns == 0 ? nil : prediction.quantiles.gathering(rows: rows)
    return Known(
      predictions: rows.map { prediction.values[$0] }, targets: rows.map { numbers[$0] }, weights: rowWeights?.values,
      quantiles: quantiles,
      ranges: prediction.ranges.map { ranges in rows.map { ranges[$0] } })
  }
}
