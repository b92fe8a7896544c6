import ArgumentParser
import Learners

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict the target of every row of a table.",
    discussion: """
      The table needs the columns that the model was fitted on, in any order; others are ignored. Empty cells and texts \
      that the model has not seen are fine. The output is CSV: row (from 0) and prediction.

        learners predict --model models/best.safetensors --data new-houses.csv
        learners predict --model models/ridge.safetensors --data page-01.json --json
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var threading: ThreadOptions
  @Option(help: ArgumentHelp("Write to this file. (default: standard output)", valueName: "file")) var out: String?
  @Flag(help: "Write one JSON object.") var json = false

  private struct Report: Encodable {
    let model: String
    let target: String
    let predictions: [Double]
  }

  func run() throws {
    threading.apply()
    let file = try model.load()
    let prediction = try Prediction(of: file.model, for: try DataSource.load(data, for: file.model.pipeline.features))
    let target = file.model.target
    let text: String
    if json {
      text = jsonText(Report(model: file.model.name, target: target, predictions: prediction.values)) + "\n"
    } else {
      let rows = prediction.values.enumerated().map { "\($0),\($1.shortText)\n" }
      text = "row,\(target)\n" + rows.joined()
    }
    if let out { try OutputFile.write(Array(text.utf8), to: out) } else { try Terminal.writeOutput(text) }
  }
}
