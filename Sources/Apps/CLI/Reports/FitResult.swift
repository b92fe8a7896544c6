import Learners

/// What `fit` found, as a table, as JSON and as a file of out-of-fold predictions.
struct FitResult {
  struct Entry: Sendable {
    let grid: CandidateGrid
    /// Its best candidate.
    let entry: Experiment.Entry
    /// Fitted on all rows, or the mean of those of the folds.
    let model: Model
    /// The bytes of its model file.
    let file: [UInt8]
    let forecast: Forecast

    /// The models of the folds; nil for a model that was fitted on all rows.
    var bagged: [Model]? {
      grid.name == Blend.name ? nil : (model.learner as? Blend)?.members.map(\.model)
    }
  }

  /// A model that was asked for and is not there, and why.
  struct LeftOut: Sendable {
    let name: String
    let reason: String
    let forecast: Forecast
    /// Whether there was no time for it.
    let isForTime: Bool
  }

  let source: DataSource
  let experiment: Experiment
  /// At least one.
  let entries: [Entry]
  let leftOut: [LeftOut]
  /// What was done to the data, and what makes results worth less than they seem.
  let notes: [String]
  let warnings: [String]
  let counts: FitCounts
  let ranking: RankingFigure
  let bestIndex: Int

  init(
    source: DataSource, experiment: Experiment, entries: [Entry], leftOut: [LeftOut], notes: [String],
    warnings: [String], counts: FitCounts
  ) {
    self.source = source
    self.experiment = experiment
    self.entries = entries
    self.leftOut = leftOut
    self.notes = notes
    self.warnings = warnings
    self.counts = counts
    ranking = Experiment.ranking(of: entries.map(\.grid))
    let best = Experiment.best(of: entries.map(\.entry), by: ranking)
    bestIndex = entries.firstIndex { $0.entry.candidate.name == best?.candidate.name } ?? 0
  }

  /// What has to be in the output folder before its best has a second name: all models, by name.
  var models: [(name: String, bytes: [UInt8])] {
    entries.map { ("\($0.entry.candidate.name).safetensors", $0.file) }
  }

  /// The file that names the models.
  var leaderboard: [UInt8] { Array((jsonText(report(timed: false)) + "\n").utf8) }

  var bestName: String { entries[bestIndex].entry.candidate.name }

  var bestFile: [UInt8] { entries[bestIndex].file }

  /// `row,fold,target,MODEL…`, rows of the table counted from 0; where rows were dealt into folds several times `repeat` before
  /// them, and each row in each repeat.
  var outOfFoldCSV: String {
    let repeats = experiment.repeats
    let isRepeated = repeats.count > 1
    let names = (isRepeated ? ["repeat"] : []) + ["row", "fold", "target"] + entries.map(\.entry.candidate.name)
    var lines = CSVWriter.header(names.map { ($0, true) })
    let dataset = experiment.dataset
    for (repetition, folds) in repeats.enumerated() {
      for row in 0..<dataset.rowCount where folds.assignments[row] >= 0 {
        let predictions = entries.map { $0.entry.validations[repetition].predictions[row].shortText }
        let cells = [
          String(dataset.tableRows[row]), String(folds.assignments[row]), dataset.target[row].shortText,
        ]
        lines += CSVWriter.line((isRepeated ? [String(repetition)] : []) + cells + predictions)
      }
    }
    return lines
  }

  /// - Parameter timed: without times the same job gives the same bytes, so files hold none.
  func report(timed: Bool) -> FitReport {
    let dataset = experiment.dataset
    return FitReport(
      data: .init(
        rows: dataset.rowCount, features: dataset.schema.features.count, target: dataset.schema.target,
        sha256: source.sha256, targetScale: TargetScaleReport(experiment.targetScale),
        bounds: experiment.options.margin),
      cv: experiment.folds.count, repeats: experiment.furtherFolds.isEmpty ? nil : experiment.repeats.count,
      seed: experiment.seed, best: bestName, rankedBy: ranking.name,
      fits: .init(asked: counts.asked, done: counts.done),
      models: entries.map { FitReport.Model($0, timed: timed) },
      leftOut: leftOut.isEmpty
        ? nil
        : leftOut.map {
          .init(name: $0.name, reason: $0.reason, estimatedSeconds: timed ? $0.forecast.seconds : nil)
        }, notes: notes, warnings: warnings)
  }

  /// The leaderboard for a person, best first.
  /// - Parameter countsFits: whether it ends with how many fits there were.
  func table(width: Int, folder: String, countsFits: Bool = true) -> String {
    let ranked = entries.sorted { ranking.cost(of: $0.entry.scores) < ranking.cost(of: $1.entry.scores) }
    let dataset = experiment.dataset
    let target = printable(dataset.schema.target)
    let isLogarithmic = experiment.isLogarithmic
    let label = printable(experiment.targetScale.scale.label(of: dataset.schema.target))
    let title =
      "\(printable(source.description)): \(counted(dataset.rowCount, "row")), \(counted(dataset.schema.features.count, "feature")), target "
      + "\(target), \(counted(experiment.folds.count, "fold"))\(kindOfFolds)\(timesOfFolds)"
    let unit =
      "RMSE and MAE are in units of \(target); ± is the deviation between folds."
      + (experiment.furtherFolds.isEmpty ? "" : " Scores are means over the \(experiment.repeats.count) times.")
    let ending =
      "Best: \(bestName) (\(ranking.reason(scale: isLogarithmic ? " of \(label)" : ""))). Models are in \(folder)/, the best is \(folder)/best.safetensors."
    let fits = "fits asked \(counts.asked) · distinct fits done \(counts.done)"
    let lines = LeaderboardTable(ranked, isLogarithmic: isLogarithmic, ranking: ranking).lines(width: width)
    let scale =
      "Scale of all fits and of R²: \(label)\(isLogarithmic ? "" : " as it is"): \(experiment.targetScale.reason)."
    return
      ([title, ""] + lines + [""] + choices + blends + [scale] + bounds + preparations + [unit] + statistics + missing
      + [ending] + (countsFits ? [fits] : [])).joined(separator: "\n")
  }

  /// What a blend is made of.
  private var blends: [String] {
    let bags = entries.filter { $0.bagged != nil }.map(\.grid.name)
    let ofBags =
      bags.isEmpty
      ? []
      : ["\(bags.joined(separator: ", ")): means of the models of the folds (--bag); figures are of one of them each."]
    return ofBags
      + entries.filter { $0.grid.name == Blend.name }.compactMap { BlendMember.all(of: $0.model) }.map { members in
        "blend: \(BlendMember.text(members)); its figures are those of weights that were chosen without the fold."
      }
  }

  private var kindOfFolds: String {
    if experiment.folds.trainsOnThePast { return " of later rows each" }
    return experiment.dataset.groups == nil ? "" : " of whole groups"
  }

  private var timesOfFolds: String {
    experiment.furtherFolds.isEmpty ? "" : ", dealt \(experiment.repeats.count) times"
  }

  /// What was done to the features of each model.
  private var preparations: [String] {
    let lines = entries.compactMap { entry in
      PreparationReport(entry.model.pipeline).text.map { "\(entry.grid.name): \($0)." }
    }
    return lines.isEmpty ? [] : lines + ["learners inspect shows the features one by one."]
  }

  private var bounds: [String] {
    guard let margin = experiment.options.margin else { return [] }
    return [
      "Predictions are kept within \(margin.significant(6)) of the training targets' range beyond its ends (--bounds)."
    ]
  }

  /// What the numbers are that models predict, where they are no means.
  private var statistics: [String] {
    let medians = entries.filter { $0.model.statistic == .median }.map(\.entry.candidate.name)
    guard !medians.isEmpty else { return [] }
    let all = medians.count == entries.count ? "All models" : medians.joined(separator: ", ")
    let verb = medians.count == 1 && entries.count > 1 ? "predicts" : "predict"
    return [
      "\(all) \(verb) medians: their sum is below that of a skewed target. For means and totals: predict --predict mean."
    ]
  }

  private var missing: [String] { leftOut.map { "Not there: \($0.name): \($0.reason)." } }

  /// What was chosen from each grid.
  private var choices: [String] {
    let grids = entries.filter { $0.entry.trials.count > 1 }
    guard !grids.isEmpty else { return [] }
    let lines = grids.map { entry in
      let values = (entry.bagged?.first ?? entry.model).parameterValues
      let measure = entry.grid.ranking == .r2 ? "" : " by \(entry.grid.ranking.words)"
      let chosen = entry.grid.varied.compactMap { name in values[name].map { "\(name)=\($0)" } }
      return
        "\(entry.grid.name): \(chosen.joined(separator: ", ")) is the best of \(entry.entry.trials.count) settings\(measure)."
    }
    return lines + ["The best of several settings looks slightly better than it is on new rows."]
  }
}

extension RankingFigure {
  /// What models are ranked by, in words.
  var words: String {
    switch self {
    case .r2: "R²"
    case .meanAbsoluteError: "mean absolute error"
    case .deviance: "deviance"
    case .pinball(let levels):
      levels.count == 1 ? "pinball loss of quantile \(levels[0])" : "mean pinball loss of \(levels.count) quantiles"
    }
  }

  func reason(scale: String) -> String { self == .r2 ? "highest R²\(scale)" : "lowest \(words)" }
}
