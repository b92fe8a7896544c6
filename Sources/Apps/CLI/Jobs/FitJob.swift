import Learners
import Synchronization

/// The main job: cross-validate the candidates, refit the best of each model on all rows, write the models.
struct FitJob {
  let source: DataSource
  let experiment: Experiment
  let grids: [CandidateGrid]
  private let allowedLeaks: Set<String>

  init(
    source: DataSource, dataset: Dataset, grids: [CandidateGrid], cv: Int, foldsFile: String?,
    targetTransform: TargetTransform.Choice, seed: UInt64, allowedLeaks: Set<String> = []
  ) throws {
    self.source = source
    self.allowedLeaks = allowedLeaks
    self.grids = grids
    let folds: Folds
    do {
      folds =
        try foldsFile.map { try FoldsFile.read($0, for: dataset, tableRows: source.rowCount) }
        ?? Folds(shuffling: dataset.rowCount, into: cv, seed: seed)
    } catch let problem as Folds.Problem {
      throw Failure(.badData, "\(foldsFile ?? source.description): \(problem): change --cv or the folds")
    }
    experiment = Experiment(dataset: dataset, folds: folds, targetTransform: targetTransform, seed: seed)
  }

  /// Runs all grids; of several, one that cannot be fitted is left out with a warning.
  func run() throws -> FitResult {
    let progress = Progress(total: grids.reduce(grids.count) { $0 + experiment.foldSteps(of: $1) })
    defer { progress.end() }
    for note in source.notes + experiment.dataset.notes { progress.note("learners: note: \(note)") }
    review(progress)
    let comparison = crossValidate(progress)
    var entries: [FitResult.Entry] = []
    var unfit: [(names: [String], reason: String)] = []
    for (grid, outcome) in zip(grids, comparison.outcomes) {
      do {
        progress.begin("\(grid.name) on all rows")
        let entry = try refit(grid, outcome)
        entries.append(entry)
        progress.advance()
        progress.finished("\(grid.name): R² \(entry.entry.scores.r2Transformed.fixed(4))")
      } catch let failure as FitFailure {
        if let same = unfit.firstIndex(where: { $0.reason == failure.reason }) {
          unfit[same].names.append(grid.name)
        } else {
          unfit.append(([grid.name], failure.reason))
        }
      }
    }
    if grids.count == 1, let (names, reason) = unfit.first { throw Failure(.badData, "\(names[0]), \(reason)") }
    for (names, reason) in unfit { progress.note("learners: warning: \(names.joined(separator: ", ")), \(reason)") }
    guard !entries.isEmpty else {
      throw Failure(.badData, "\(source.description): no model could be fitted: the warnings say why: change the data")
    }
    return FitResult(
      source: source, experiment: experiment, entries: entries,
      counts: comparison.counts.adding(refits: entries.count))
  }

  private func crossValidate(_ progress: Progress) -> Experiment.Comparison {
    let remaining = Mutex(Dictionary(uniqueKeysWithValues: grids.map { ($0.name, experiment.foldSteps(of: $0)) }))
    progress.begin(grids.map(\.name).joined(separator: ", "))
    return experiment.run(grids) { name in
      progress.advance()
      let left = remaining.withLock { remaining in
        remaining[name, default: 0] -= 1
        return remaining[name, default: 0]
      }
      if left == 0 { progress.finished("\(name): \(counted(experiment.folds.count, "fold")) done") }
    }
  }

  private func refit(
    _ grid: CandidateGrid, _ outcome: Result<Experiment.Entry, CrossValidation.Failure>
  ) throws -> FitResult.Entry {
    let entry: Experiment.Entry
    do throws(CrossValidation.Failure) { entry = try outcome.get() } catch { throw failure(error) }
    let (model, bytes) = try refit(entry.candidate, scores: entry.scores)
    return FitResult.Entry(grid: grid, entry: entry, model: model, file: bytes)
  }

  private func refit(_ candidate: Candidate, scores: Scores) throws -> (Model, [UInt8]) {
    let provenance = ModelFile.Provenance(
      dataSHA256: source.sha256, rows: experiment.dataset.rowCount, seed: experiment.seed,
      programVersion: programVersion)
    do {
      let model = try experiment.refit(candidate)
      let file = try ModelFile(
        model, scores: scores, provenance: provenance, trainingData: experiment.dataset.features)
      let bytes = file.bytes
      _ = try ModelFile(bytes: bytes)  // a file that could not be read back is no result
      return (model, bytes)
    } catch let error as FitError {
      throw FitFailure(reason: "on all rows: \(text(error)): \(Self.advice)")
    } catch {
      throw FitFailure(reason: "on all rows: \(error): \(Self.advice)")
    }
  }

  /// What a learner could not be fitted for; of several learners it may be the same.
  private struct FitFailure: Error { let reason: String }

  private static let advice = "leave it out of --model, or change its data or settings"

  private func failure(_ error: CrossValidation.Failure) -> FitFailure {
    switch error {
    case .fit(let error, let fold): FitFailure(reason: "fold \(fold): \(text(error)): \(Self.advice)")
    case .prediction(let error, let fold): FitFailure(reason: "fold \(fold): \(error): \(Self.advice)")
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

  /// Tells what makes the scores look better than they are.
  private func review(_ progress: Progress) {
    let review = DatasetReview(experiment.dataset, allowed: allowedLeaks)
    for warning in review.warnings { progress.note("learners: warning: \(warning)") }
    let known = experiment.folds.countOfKnownRows(review.duplicates)
    guard known > 0 else { return }
    progress.note(
      "learners: warning: \(known) of \(counted(experiment.dataset.rowCount, "row")) "
        + "\(known == 1 ? "is an exact copy" : "are exact copies") of a row in another fold (\(review.duplicates.copyCount) "
        + "could go): what is held out is known from training, so that scores are too good: remove the copies, or keep "
        + "them in one fold with --folds")
  }
}
