import ArgumentParser
import Learners
import Search

struct TrialsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trials",
    abstract: "Show everything that a search has tried, also while it goes on.",
    discussion: """
      Each setting with its score, its scores fold by fold, the time of its fits and, where it failed, why.

        learners trials --store models/tune.sqlite
        learners trials --store models/tune.sqlite --csv > trials.csv
      """)

  @Option(help: ArgumentHelp("The store of a search.", valueName: "file.sqlite")) var store: String
  @Flag(help: "Print CSV: trial,model,state,…, a setting a row.") var csv = false
  @Flag(help: "Print one JSON object a setting and line.") var json = false

  func validate() throws {
    if csv && json { throw ValidationError("--csv and --json exclude each other") }
    if store.isEmpty { throw ValidationError("--store: the path is empty") }
  }

  func run() throws {
    let store = try SearchStore(reading: store)
    let report = TrialsReport(trials: try store.trials(), seconds: try store.seconds())
    if csv {
      try Terminal.writeOutput(report.csv)
    } else if json {
      try Terminal.writeOutput(report.json)
    } else {
      try Terminal.writePage(report.table(width: Terminal.width()) + "\n")
    }
  }
}
