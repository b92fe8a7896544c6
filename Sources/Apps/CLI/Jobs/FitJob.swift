import Learners
import Synchronization

/// The main job: cross-validate the candidates, refit the best of each model on all rows, write the models.
struct FitJob {
  let source: DataSource
  let experiment: Experiment
  let grids: [CandidateGrid]
  let allowedLeaks: Set<String>
  /// How long all may take, from `start` on; nil for as long as it takes.
  let budget: TimeSpan?
  /// Models that a blend of them may have; nil for no blend.
  let blendSize: Int?
  let start = ContinuousClock.now
  /// What is done so far, also for who interrupts.
  let outcome = FitOutcome()

  init(
    source: DataSource, dataset: Dataset, grids: [CandidateGrid], cv: Int, repeats: Int = 1, foldsFile: String?,
    targetTransform: TargetTransform.Choice, options: PipelineOptions, seed: UInt64, allowedLeaks: Set<String> = [],
    budget: TimeSpan? = nil, blendSize: Int? = nil, bags: Bool = false
  ) throws {
    self.source = source
    self.blendSize = blendSize
    self.allowedLeaks = allowedLeaks
    self.grids = grids
    self.budget = budget
    let folds: [Folds]
    do {
      if let foldsFile {
        folds = [try FoldsFile.read(foldsFile, for: dataset, tableRows: source.rowCount)]
      } else if let times = dataset.times {
        folds = [try Folds(inOrderOf: times, into: cv)]
      } else {
        folds = try Folds.repeated(repeats, of: dataset, into: cv, seed: seed)
      }
    } catch let problem as Folds.Problem {
      throw Failure(.badData, "\(foldsFile ?? source.description): \(problem): change --cv or the folds")
    }
    experiment = Experiment(
      dataset: dataset, folds: folds[0], furtherFolds: Array(folds.dropFirst()), targetTransform: targetTransform,
      options: options, seed: seed, keepsFoldModels: bags)
  }

  /// Runs all grids, the cheap ones first; of several, one that cannot be fitted is left out with a warning, and one that does
  /// not fit in the budget, too.
  func run() throws -> FitResult {
    let progress = Progress(total: grids.reduce(grids.count) { $0 + experiment.foldSteps(of: $1) })
    defer { progress.end() }
    for note in notes { progress.note("learners: note: \(note)") }
    review(progress)
    let schedule = FitSchedule(experiment, grids, budget: budget?.seconds, progress)
    if let summary = schedule.summary { progress.note("learners: note: \(summary)") }
    var planner = Planner(experiment, grids)
    for stage in schedule.stages {
      let places = stage.filter { fits(schedule.forecasts[$0], progress) }
      guard !places.isEmpty else { continue }
      let outcomes = crossValidate(places, with: &planner, schedule, progress)
      outcome.counts = planner.counts
      for (place, outcome) in zip(places, outcomes) { try finish(place, outcome, schedule.forecasts[place], progress) }
    }
    try addBlend(progress)
    warnOfUnfit(progress)
    guard let result else { throw nothingFitted }
    return result
  }

  /// What was done to the data.
  private var notes: [String] { source.notes + experiment.dataset.notes + logarithmNotes }

  /// Says now, and in the report, what makes a result worth less than it seems.
  func warn(_ text: String, _ progress: Progress) {
    outcome.warn(text)
    progress.note("learners: warning: \(text)")
  }

  /// What is complete, in the order that was asked for; nil where nothing is.
  var result: FitResult? {
    let (entries, leftOut) = outcome.current
    guard !entries.isEmpty else { return nil }
    let ordered = grids.compactMap { grid in entries.first { $0.grid.name == grid.name } }
    let blend = entries.filter { $0.grid.name == Blend.name }
    return FitResult(
      source: source, experiment: experiment, entries: ordered + blend, leftOut: leftOut, notes: notes,
      warnings: outcome.warnings, counts: outcome.counts.adding(refits: ordered.count { $0.bagged == nil }))
  }

  private var nothingFitted: Failure {
    guard outcome.current.leftOut.contains(where: \.isForTime) else {
      return Failure(.badData, "\(source.description): no model could be fitted: the warnings say why: change the data")
    }
    return Failure(
      .usage,
      "--budget \(budget?.text ?? ""): no model fits in it: the warnings say what each would take: give more time, fewer rows or cheaper models"
    )
  }

  /// A loss that has a logarithm of its own is not put on another.
  private var logarithmNotes: [String] {
    guard experiment.isLogarithmic else { return [] }
    return grids.filter { $0.candidates.contains { $0.preparation.target == .untransformed } }.map { grid in
      let label = experiment.targetScale.scale.label(of: experiment.dataset.schema.target)
      return "\(grid.name): the loss has a logarithm of its own: the automatic \(printable(label)) is off for it"
    }
  }

  /// Models that could not be fitted for the same reason are named in one warning.
  private func warnOfUnfit(_ progress: Progress) {
    var names: [(reason: String, models: [String])] = []
    for model in outcome.current.leftOut where !model.isForTime {
      if let same = names.firstIndex(where: { $0.reason == model.reason }) {
        names[same].models.append(model.name)
      } else {
        names.append((model.reason, [model.name]))
      }
    }
    for (reason, models) in names { warn("\(models.joined(separator: ", ")), \(reason)", progress) }
  }

  // MARK: One grid

  /// Whether there is time for a grid; says so where there is not.
  private func fits(_ forecast: Forecast, _ progress: Progress) -> Bool {
    guard let budget else { return true }
    let left = max(0, budget.seconds - (ContinuousClock.now - start).seconds)
    guard forecast.seconds > left else { return true }
    leaveOut(
      forecast,
      "it would take \(TimeSpan(forecast.seconds).about), and of --budget \(budget.text) there are \(TimeSpan(left).text) left",
      progress)
    return false
  }

  private func leaveOut(_ forecast: Forecast, _ reason: String, _ progress: Progress) {
    outcome.leaveOut(.init(name: forecast.name, reason: reason, forecast: forecast, isForTime: true))
    progress.note("learners: warning: \(forecast.name) is left out: \(reason)")
  }

  private func crossValidate(
    _ places: [Int], with planner: inout Planner, _ schedule: FitSchedule, _ progress: Progress
  ) -> [Result<Experiment.Entry, CrossValidation.Failure>] {
    let stage = StageProgress(
      places.map { (grids[$0].name, experiment.foldSteps(of: grids[$0])) },
      forecast: places.count == 1 && schedule.isLong ? schedule.forecasts[places[0]] : nil,
      folds: experiment.foldCount, progress)
    let (budget, start) = (budget, start)
    return planner.run(places, onFold: { stage.foldIsDone(of: $0) }) {
      budget.map { (ContinuousClock.now - start).seconds > $0.seconds } ?? false
    }
  }

  /// Fits the best of a grid on all rows.
  private func finish(
    _ place: Int, _ result: Result<Experiment.Entry, CrossValidation.Failure>, _ forecast: Forecast,
    _ progress: Progress
  ) throws {
    let grid = grids[place]
    if case .failure(.stopped) = result {
      let spent = "it was not done when --budget \(budget?.text ?? "") was spent"
      return leaveOut(forecast, "\(spent): it was expected to take \(TimeSpan(forecast.seconds).about)", progress)
    }
    do {
      progress.begin(experiment.keepsFoldModels ? "\(grid.name), a bag" : "\(grid.name) on all rows")
      let entry = try refit(grid, result, forecast)
      outcome.add(entry)
      progress.advance()
      progress.finished("\(grid.name): \(entry.grid.ranking.figureText(entry.entry.scores))")
      if let warning = entry.convergenceWarning { warn(warning, progress) }
      if experiment.keepsFoldModels && entry.bagged == nil {
        warn(
          "\(grid.name) is fitted to all rows: there is no bag of more than 100 folds, nor of several quantiles",
          progress)
      }
    } catch let failure as FitFailure {
      guard grids.count > 1 else { throw Failure(.badData, "\(grid.name), \(failure.reason)") }
      outcome.leaveOut(.init(name: grid.name, reason: failure.reason, forecast: forecast, isForTime: false))
    }
  }

  private func refit(
    _ grid: CandidateGrid, _ outcome: Result<Experiment.Entry, CrossValidation.Failure>, _ forecast: Forecast
  ) throws -> FitResult.Entry {
    let entry: Experiment.Entry
    do throws(CrossValidation.Failure) { entry = try outcome.get() } catch { throw failure(error) }
    let (model, bytes) = try refit(entry)
    return FitResult.Entry(grid: grid, entry: entry, model: model, file: bytes, forecast: forecast)
  }

  /// The model of an entry, fitted on all rows or the mean of those of the folds, and its file.
  /// - Throws: `FitFailure`
  func refit(_ entry: Experiment.Entry) throws -> (Model, [UInt8]) {
    do {
      let model = try experiment.bag(entry) ?? experiment.refit(entry)
      return (model, try file(of: model, entry))
    } catch let error as FitError {
      throw FitFailure(reason: "on all rows: \(text(error)): \(Self.advice)")
    } catch {
      throw FitFailure(reason: "on all rows: \(error): \(Self.advice)")
    }
  }

  private func file(of model: Model, _ entry: Experiment.Entry) throws -> [UInt8] {
    let provenance = ModelFile.Provenance(
      dataSHA256: source.sha256, rows: experiment.dataset.rowCount, seed: experiment.seed,
      programVersion: programVersion)
    let file = try ModelFile(
      model, scores: entry.scores, provenance: provenance, trainingData: experiment.dataset.features)
    let bytes = file.bytes
    _ = try ModelFile(bytes: bytes)  // a file that could not be read back is no result
    return bytes
  }

  /// Blends the models that are there, without another fit, where they are ranked by what a blend is chosen by.
  private func addBlend(_ progress: Progress) throws {
    let entries = outcome.current.entries
    guard let blendSize, Experiment.ranking(of: entries.map(\.grid)) == .r2 else { return }
    let ordered = grids.compactMap { grid in entries.first { $0.grid.name == grid.name } }
    guard let (entry, model) = experiment.blend(ordered.map { ($0.entry, $0.model) }, size: blendSize) else {
      if experiment.keepsFoldModels && ordered.count * experiment.foldCount > 100 {
        warn("there is no blend of more than 100 models of folds: make it smaller with --blend-size or --cv", progress)
      }
      return
    }
    let grid = CandidateGrid(entry.candidate)
    outcome.add(
      FitResult.Entry(
        grid: grid, entry: entry, model: model, file: try file(of: model, entry), forecast: .none(of: Blend.name)))
    progress.finished("\(Blend.name): \(grid.ranking.figureText(entry.scores))")
  }

  /// What a learner could not be fitted for; of several learners it may be the same.
  struct FitFailure: Error { let reason: String }

  private static let advice = "leave it out of --model, or change its data or settings"

  private func failure(_ error: CrossValidation.Failure) -> FitFailure {
    switch error {
    case .fit(let error, let fold): FitFailure(reason: "fold \(fold): \(text(error)): \(Self.advice)")
    case .prediction(let error, let fold): FitFailure(reason: "fold \(fold): \(error): \(Self.advice)")
    case .stopped: FitFailure(reason: "it was stopped before it was done: \(Self.advice)")
    }
  }

  /// Says in which line of its file a row is that cannot be learned from.
  private func text(_ error: FitError) -> String {
    let place = { (row: Int) in source.place(ofRow: experiment.dataset.tableRows[row]) }
    return switch error {
    case .nonFiniteTarget(let row): "the target in \(place(row)) is not finite"
    case .invalidTarget(let row, let reason): "the target in \(place(row)) \(reason)"
    default: error.description
    }
  }
}

extension RankingFigure {
  /// "R² 0.8123", "pinball 0.412".
  fileprivate func figureText(_ scores: Scores) -> String {
    switch self {
    case .r2: "R² \(scores.r2Transformed.fixed(4))"
    default: "\(name) \(figure(of: scores).significant(4))"
    }
  }
}

extension FitResult.Entry {
  /// What a person should know where a search ended too early; nil where none did.
  fileprivate var convergenceWarning: String? {
    let folds = entry.unconvergedFolds
    let reason = model.learner.convergence?.reason
    guard folds > 0 || reason != nil else { return nil }
    let places = [
      folds > 0 ? "in \(folds) of \(entry.fitDurations.count) folds" : nil,
      reason != nil ? "on all rows" : nil,
    ].compactMap { $0 }.joined(separator: " and ")
    let why = (reason ?? entry.unconvergedReason).map { ": \($0)" } ?? ""
    return "\(entry.candidate.name) did not converge \(places)\(why)"
  }
}
