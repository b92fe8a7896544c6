import ArgumentParser
import Learners
import Linalg

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict the target of every row of a table.",
    discussion: """
      The table needs the columns that the model was fitted on, in any order; others are ignored. Empty cells and texts \
      that the model has not seen are fine, and told. The output is CSV: row (from 0), prediction and, for a model of \
      several quantiles, a column for each; with --interval the columns low and high (low_ where the target is called low).

        learners predict --model models/best.safetensors --data new-houses.csv
        learners predict --model models/best.safetensors --data new-houses.csv --predict mean
        learners predict --model models/best.safetensors --data new-houses.csv --interval 0.9
        learners predict --model models/ridge.safetensors --data page-01.json --json
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var statistic: StatisticOption
  @OptionGroup var interval: IntervalOption
  @OptionGroup var threading: ThreadOptions
  @Option(help: ArgumentHelp("Write to this file. (default: standard output)", valueName: "file")) var out: String?
  @Flag(help: "Write one JSON object.") var json = false

  private struct Report: Encodable {
    struct Quantiles: Encodable {
      let levels: [Double]
      /// A list of one number a level for each row.
      let values: [[Double]]
    }

    struct Interval: Encodable {
      let level: Double
      /// One number a row.
      let low: [Double]
      let high: [Double]
    }

    let model: String
    let target: String
    /// What the predictions are: "mean", "median" or "quantile 0.95".
    let predict: String
    let predictions: [Double]
    /// Nil for a model that predicts one number a row.
    let quantiles: Quantiles?
    /// Nil where none is asked for.
    let interval: Interval?
  }

  func run() throws {
    threading.apply()
    var outputs = OutputGuard(keeping: data.paths + [model.path])
    try outputs.check(out)
    let file = try model.load()
    let correction = try statistic.correction(for: file.model)
    let prediction = try Prediction(
      of: file.model, for: try DataSource.load(data, for: file.model.pipeline.features), correction: correction,
      interval: interval)
    let text = json ? jsonText(report(file.model, prediction)) + "\n" : csv(file.model, prediction)
    if let out { try OutputFile.write(Array(text.utf8), to: out) } else { try Terminal.writeOutput(text) }
  }

  private func report(_ model: Model, _ prediction: Prediction) -> Report {
    let quantiles = prediction.quantiles
    let values = (0..<quantiles.rows).map { Array(quantiles.row($0)) }
    return Report(
      model: model.name, target: model.target, predict: statistic.statistic(of: model), predictions: prediction.values,
      quantiles: model.quantileLevels.isEmpty ? nil : .init(levels: model.quantileLevels, values: values),
      interval: prediction.ranges.map {
        .init(level: interval.interval ?? 0, low: $0.map(\.lowerBound), high: $0.map(\.upperBound))
      })
  }

  /// `row,TARGET`, for several quantiles a column `TARGET_qLEVEL` for each, and with ranges `low,high`.
  private func csv(_ model: Model, _ prediction: Prediction) -> String {
    let names = [model.target] + model.quantileLevels.map { "\(model.target)_q\($0)" }
    let rows = prediction.values.enumerated().map { row, value in
      let ends = prediction.ranges.map { [$0[row].lowerBound, $0[row].upperBound] } ?? []
      return CSVWriter.line([String(row)] + ([value] + prediction.quantiles.row(row) + ends).map(\.shortText))
    }
    let ends = prediction.ranges == nil ? [] : [("low", true), ("high", true)]
    return CSVWriter.header([("row", true)] + names.map { ($0, false) } + ends) + rows.joined()
  }
}
