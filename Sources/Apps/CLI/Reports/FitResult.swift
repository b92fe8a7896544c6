import Learners

/// What `fit` found, as a table, as JSON and as a file of out-of-fold predictions.
struct FitResult {
  struct Entry {
    let grid: CandidateGrid
    /// Its best candidate.
    let entry: Experiment.Entry
    /// Fitted on all rows.
    let model: Model
    /// The bytes of its model file.
    let file: [UInt8]
  }

  let source: DataSource
  let experiment: Experiment
  let entries: [Entry]
  let counts: FitCounts
  let bestIndex: Int

  init(source: DataSource, experiment: Experiment, entries: [Entry], counts: FitCounts) {
    self.source = source
    self.experiment = experiment
    self.entries = entries
    self.counts = counts
    let best = Experiment.best(of: entries.map(\.entry))
    bestIndex = entries.firstIndex { $0.entry.candidate.name == best?.candidate.name } ?? 0
  }

  /// Puts the models into a folder: the best has a second name, and the file that names others comes last.
  func write(to folder: String) throws {
    for entry in entries { try OutputFile.write(entry.file, to: "\(folder)/\(entry.entry.candidate.name).safetensors") }
    try OutputFile.link(
      "\(folder)/\(bestName).safetensors", holding: entries[bestIndex].file, to: "\(folder)/best.safetensors")
    try OutputFile.write(Array((jsonText(report(timed: false)) + "\n").utf8), to: "\(folder)/leaderboard.json")
  }

  private var bestName: String { entries[bestIndex].entry.candidate.name }

  /// `row,fold,target,MODEL…`, rows of the table counted from 0.
  var outOfFoldCSV: String {
    let names = ["row", "fold", "target"] + entries.map(\.entry.candidate.name)
    var lines = CSVWriter.header(names.map { ($0, true) })
    let (dataset, folds) = (experiment.dataset, experiment.folds)
    for row in 0..<dataset.rowCount where folds.assignments[row] >= 0 {
      let predictions = entries.map { $0.entry.validation.predictions[row].shortText }
      let cells = [
        String(dataset.tableRows[row]), String(folds.assignments[row]), dataset.target[row].shortText,
      ]
      lines += CSVWriter.line(cells + predictions)
    }
    return lines
  }

  /// - Parameter timed: without times the same job gives the same bytes, so files hold none.
  func report(timed: Bool) -> FitReport {
    let dataset = experiment.dataset
    return FitReport(
      data: .init(
        rows: dataset.rowCount, features: dataset.schema.features.count, target: dataset.schema.target,
        sha256: source.sha256),
      cv: experiment.folds.count, seed: experiment.seed, best: bestName,
      fits: .init(asked: counts.asked, done: counts.done),
      models: entries.map { FitReport.Model($0, timed: timed) })
  }

  /// The leaderboard for a person, best first.
  func table(width: Int, folder: String) -> String {
    let ranked = entries.sorted { $0.entry.scores.r2Transformed > $1.entry.scores.r2Transformed }
    let dataset = experiment.dataset
    let scale = experiment.isLogarithmic ? " of ln(1 + \(dataset.schema.target))" : ""
    let title =
      "\(printable(source.description)): \(dataset.rowCount) rows, \(dataset.schema.features.count) features, target "
      + "\(dataset.schema.target), \(counted(experiment.folds.count, "fold"))"
    let unit = "RMSE and MAE are in units of \(dataset.schema.target); ± is the deviation between folds."
    let ending =
      "Best: \(bestName) (highest R²\(scale)). Models are in \(folder)/, the best is \(folder)/best.safetensors."
    let fits = "fits asked \(counts.asked) · distinct fits done \(counts.done)"
    let lines = LeaderboardTable(ranked, isLogarithmic: experiment.isLogarithmic).lines(width: width)
    return ([title, ""] + lines + [""] + choices + [unit, ending, fits]).joined(separator: "\n")
  }

  /// What was chosen from each grid.
  private var choices: [String] {
    let grids = entries.filter { $0.entry.trials.count > 1 }
    guard !grids.isEmpty else { return [] }
    let lines = grids.map { entry in
      let values = entry.model.parameterValues
      let chosen = entry.grid.varied.compactMap { name in values[name].map { "\(name)=\($0)" } }
      return
        "\(entry.grid.name): \(chosen.joined(separator: ", ")) is the best of \(entry.entry.trials.count) settings."
    }
    return lines + ["The best of several settings looks slightly better than it is on new rows."]
  }
}
