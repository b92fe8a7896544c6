import ArgumentParser
import Learners

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score a model on rows whose target is known.",
    discussion: """
      Use rows that the model was not fitted on: on its own training rows every model looks better than it is.

        learners evaluate --model models/best.safetensors --data held-out.csv
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var threading: ThreadOptions
  @Flag(help: "Print one JSON object.") var json = false

  private struct Report: Encodable {
    let model: String
    let target: String
    let rows: Int
    /// The same as in `scores`, where one figure is wanted.
    let r2: Double?
    let scores: ScoresReport
  }

  func run() throws {
    threading.apply()
    var outputs = OutputGuard(keeping: data.paths + [model.path])
    try outputs.check(nil)
    let file = try model.load()
    let source = try DataSource.load(data, for: file.model.pipeline.features)
    let prediction = try Prediction(of: file.model, for: source)
    let (predictions, targets) = try known(prediction, target: file.model.target)
    let isLogarithmic = file.model.pipeline.target.isLogarithmic
    let scores = Scores(predictions: predictions, targets: targets, isLogarithmic: isLogarithmic)
    if json {
      let report = Report(
        model: file.model.name, target: file.model.target, rows: targets.count, r2: scores.r2.finiteOrNull,
        scores: ScoresReport(scores))
      return try Terminal.writeOutput(jsonText(report) + "\n")
    }
    let title = "\(file.model.name) on \(source.description): \(targets.count) rows, target \(file.model.target)"
    var figures = [
      ("R²", scores.r2.fixed(4)), ("RMSE", scores.rmse.significant(5)), ("MAE", scores.mae.significant(5)),
      ("median absolute error", scores.medianAbsoluteError.significant(5)), ("Spearman", scores.spearman.fixed(4)),
    ]
    if isLogarithmic { figures.insert(("R² of ln(1 + \(file.model.target))", scores.r2Transformed.fixed(4)), at: 1) }
    let table = TextTable(columns: [
      .init(title: "score", cells: figures.map(\.0), isRightAligned: false), .init(title: "", cells: figures.map(\.1)),
    ])
    try Terminal.writePage(([title, ""] + table.lines(width: Terminal.width())).joined(separator: "\n") + "\n")
  }

  /// The rows that have a target.
  private func known(_ prediction: Prediction, target: String) throws -> (predictions: [Double], targets: [Double]) {
    guard let column = prediction.target else {
      throw DataError(
        .invalid, "there is no column \(target) to compare with",
        advice: "give rows whose \(target) is known, or use predict")
    }
    guard case .numeric(let numbers) = column.values else {
      throw column.notNumeric
        ?? DataError(
          .invalid, "it holds texts, not numbers", at: .init(column: column.name),
          advice: "correct or empty these cells")
    }
    let rows = numbers.indices.filter { !numbers[$0].isNaN }
    guard rows.count >= 2 else {
      throw DataError(
        .invalid, "\(rows.count) rows have a target", at: .init(column: column.name),
        advice: "at least two are needed to score a model")
    }
    let dropped = numbers.count - rows.count
    if dropped > 0 {
      let verb = dropped == 1 ? "has" : "have"
      Terminal.writeError(
        "learners: note: \(dropped) of \(counted(numbers.count, "row")) \(verb) no \(target): left out of the comparison"
      )
    }
    return (rows.map { prediction.values[$0] }, rows.map { numbers[$0] })
  }
}
