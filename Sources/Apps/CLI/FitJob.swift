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

  func run(writingModelsTo folder: String) throws -> FitResult {
    let progress = Progress(total: candidates.count * (experiment.folds.count + 1))
    defer { progress.end() }
    for note in source.notes + experiment.dataset.notes { progress.note("learners: note: \(note)") }
    var entries: [FitResult.Entry] = []
    var files: [[UInt8]] = []
    for candidate in candidates {
      progress.begin(candidate.name)
      let entry: Experiment.Entry
      do throws(CrossValidation.Failure) {
        entry = try experiment.run(candidate) { _ in progress.advance() }
      } catch {
        throw failure(candidate, error)
      }
      let (model, bytes) = try refit(candidate, scores: entry.scores)
      try OutputFile.write(bytes, to: "\(folder)/\(candidate.name).safetensors")
      progress.advance()
      entries.append(.init(entry: entry, model: model))
      files.append(bytes)
      progress.finished("\(candidate.name): R² \(entry.scores.r2Transformed.fixed(4))")
    }
    let result = FitResult(source: source, experiment: experiment, entries: entries)
    try OutputFile.write(files[result.bestIndex], to: "\(folder)/best.safetensors")
    return result
  }

  private func refit(_ candidate: Candidate, scores: Scores) throws -> (Model, [UInt8]) {
    let provenance = ModelFile.Provenance(
      dataSHA256: source.sha256, rows: experiment.dataset.rowCount, seed: experiment.seed,
      programVersion: programVersion)
    do {
      let model = try experiment.refit(candidate)
      let file = try ModelFile(
        model, scores: scores, provenance: provenance, trainingData: experiment.dataset.features)
      return (model, file.bytes)
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
