import ArgumentParser
import Learners

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show what each column adds to the predictions of a model.",
    discussion: """
      For every row, base value plus contributions of the columns make the prediction (exact Shapley values: TreeSHAP for \
      forest, extra-trees and boosting). They are on the scale that the learner sums on, which the output names. \
      Importance is given three ways: the learner's own (for trees the share of the error that splits by a column saved in \
      training), the mean size of the contributions, and, where the target is in the table, how much R² is lost when a \
      column is shuffled.

        learners explain --model models/best.safetensors --data houses.csv
        learners explain --model models/boosting.safetensors --data houses.csv --row 0
        learners explain --model models/boosting.safetensors --data houses.csv --out contributions.csv
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var threading: ThreadOptions
  @Option(help: "Show the contributions to the prediction of this row, counted from 0.") var row: Int?
  @Option(help: "How often each column is shuffled; 0: not at all.") var repeats = 5
  @Option(help: "Seed of the shuffles.") var seed: UInt64 = 0
  @Option(
    help: ArgumentHelp(
      "Write the contributions to every row as CSV, or with --json everything, to this file.", valueName: "file"))
  var out: String?
  @Flag(help: "Write one JSON object.") var json = false

  func validate() throws {
    if repeats < 0 || repeats > 1000 { throw ValidationError("--repeats \(repeats): must be 0 ... 1000") }
    if out == "" { throw ValidationError("--out: the path is empty") }
    if let row, row < 0 { throw ValidationError("--row \(row): rows count from 0") }
    if row != nil && (json || out != nil) {
      throw ValidationError("--row is for the terminal: leave out --json and --out")
    }
  }

  func run() throws {
    threading.apply()
    var outputs = OutputGuard(keeping: data.paths + [model.path])
    try outputs.check(out)
    let file = try model.load()
    let source = try DataSource.load(data, for: file.model.pipeline.features)
    let rows = try ModelRows(of: file.model, from: source)
    if let row, row >= rows.features.rowCount {
      throw Failure(.usage, "--row \(row): the table has \(rows.features.rowCount) rows: choose one of them")
    }
    let needsImportance = row == nil && (json || out == nil)
    let report = try ExplainReport(
      of: file.model, rows, repeats: needsImportance ? repeats : 0, seed: seed,
      needsContributions: out != nil || row != nil)
    for note in report.notes { Terminal.writeError("learners: note: \(note)") }
    let text: String
    if json {
      text = jsonText(report) + "\n"
    } else if out != nil {
      text = report.csv
    } else {
      text = report.text(row: row, width: Terminal.width()) + "\n"
    }
    if let out {
      try OutputFile.write(Array(text.utf8), to: out)
    } else if json {
      try Terminal.writeOutput(text)
    } else {
      try Terminal.writePage(text)
    }
  }
}
