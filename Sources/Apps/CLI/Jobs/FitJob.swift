import Learners
import Synchronization

/// The main job: cross-validate the candidates, refit the best of each model on all rows, write the models.
struct FitJob {
  let source: DataSource
  let experiment: Experiment
  let grids: [CandidateGrid]

  init(
    source: DataSource, dataset: Dataset, grids: [CandidateGrid], cv: Int, foldsFile: String?,
    targetTransform: TargetTransform.Choice, seed: UInt64
  ) throws {
    self.source = source
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
    let comparison = crossValidate(progress)
    var entries: [FitResult.Entry] = []
    for (grid, outcome) in zip(grids, comparison.outcomes) {
      do {
        progress.begin("\(grid.name) on all rows")
        let entry = try refit(grid, outcome)
        entries.append(entry)
        progress.advance()
        progress.finished("\(grid.name): R² \(entry.entry.scores.r2Transformed.fixed(4))")
      } catch let failure as Failure where grids.count > 1 {
        progress.note("learners: warning: \(failure.message)")
      }
    }
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
      if left == 0 { progress.finished("\(name): \(experiment.folds.count) folds done") }
    }
  }

  private func refit(
    _ grid: CandidateGrid, _ outcome: Result<Experiment.Entry, CrossValidation.Failure>
  ) throws -> FitResult.Entry {
    let entry: Experiment.Entry
    do throws(CrossValidation.Failure) { entry = try outcome.get() } catch { throw failure(grid, error) }
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
    } catch {
      throw Failure(.badData, "\(candidate.name): \(error): leave it out of --model, or change its data or settings")
    }
  }

  private func failure(_ grid: CandidateGrid, _ error: CrossValidation.Failure) -> Failure {
    let advice = "leave it out of --model, or change its data or settings"
    return switch error {
    case .fit(let error, let fold): Failure(.badData, "\(grid.name), fold \(fold): \(error): \(advice)")
    case .prediction(let error, let fold): Failure(.badData, "\(grid.name), fold \(fold): \(error): \(advice)")
    }
  }
}
