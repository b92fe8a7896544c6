import Learners

/// The main job: cross-validate the candidates, refit each on all rows, write the models.
struct FitJob {
  let source: DataSource
  let experiment: Experiment
  let candidates: [Candidate]

  init(
    source: DataSource, dataset: Dataset, candidates: [Candidate], cv: Int, foldsFile: String?,
    targetTransform: TargetTransform.Choice, seed: UInt64
  ) throws {
    self.source = source
    self.candidates = candidates
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

  /// Runs all candidates; of several, one that cannot be fitted is left out with a warning.
  func run() throws -> FitResult {
    let progress = Progress(total: candidates.count * (experiment.folds.count + 1))
    defer { progress.end() }
    for note in source.notes + experiment.dataset.notes { progress.note("learners: note: \(note)") }
    var entries: [FitResult.Entry] = []
    for candidate in candidates {
      progress.begin(candidate.name)
      do {
        let entry = try fit(candidate, progress)
        entries.append(entry)
        progress.finished("\(candidate.name): R² \(entry.entry.scores.r2Transformed.fixed(4))")
      } catch let failure as Failure where candidates.count > 1 {
        progress.note("learners: warning: \(failure.message)")
      }
    }
    guard !entries.isEmpty else {
      throw Failure(.badData, "\(source.description): no model could be fitted: the warnings say why: change the data")
    }
    return FitResult(source: source, experiment: experiment, entries: entries)
  }

  private func fit(_ candidate: Candidate, _ progress: Progress) throws -> FitResult.Entry {
    let entry: Experiment.Entry
    do throws(CrossValidation.Failure) {
      entry = try experiment.run(candidate) { _ in progress.advance() }
    } catch {
      throw failure(candidate, error)
    }
    defer { progress.advance() }
    let (model, bytes) = try refit(candidate, scores: entry.scores)
    return FitResult.Entry(entry: entry, model: model, file: bytes)
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

  private func failure(_ candidate: Candidate, _ error: CrossValidation.Failure) -> Failure {
    let advice = "leave it out of --model, or change its data or settings"
    return switch error {
    case .fit(let error, let fold): Failure(.badData, "\(candidate.name), fold \(fold): \(error): \(advice)")
    case .prediction(let error, let fold): Failure(.badData, "\(candidate.name), fold \(fold): \(error): \(advice)")
    }
  }
}
