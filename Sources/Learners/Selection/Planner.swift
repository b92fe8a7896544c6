internal import Linalg

/// Carries out an experiment with as few fits as its candidates need.
///
/// - The encoders of a fold are fitted once for each form of features, and its matrices made once, for all learners.
/// - Candidates of one learner in one fold go through `fitPath` together, equal ones only once.
/// - A family that is `FoldSharing` gets all folds at once where their encodings agree (`FoldPipelines.foldedRows`).
///
/// Memory does not grow with the grid: candidates go in batches of at most 32, and of those before only the best keeps
/// its predictions. The matrices of all folds stay in memory up to a gigabyte; beyond, they are made for as many folds at
/// a time as that holds, and again for every batch. None of this changes a result.
internal struct Planner {
  private let experiment: Experiment
  private let clock = ContinuousClock()
  private let pipelines: FoldPipelines
  /// How many candidates share a form of features.
  private let users: [Preparation.Features: Int]
  private var grids: [GridProgress]
  private var counts = FitCounts()

  private static let batchSize = 32
  private static let matrixBytes = 1 << 30

  init(_ experiment: Experiment, _ grids: [CandidateGrid]) {
    self.experiment = experiment
    self.grids = grids.map { GridProgress(grid: $0, batches: Self.batches(of: $0)) }
    pipelines = FoldPipelines(
      experiment.dataset, experiment.folds, for: Set(grids.map(\.preparation)),
      targetTransform: experiment.targetTransform, clock: clock)
    users = Dictionary(
      grids.map { ($0.preparation.features, $0.candidates.count) }, uniquingKeysWith: +)
    counts.asked = grids.reduce(0) { $0 + $1.askedCount } * experiment.folds.count
  }

  static func batches(of grid: CandidateGrid) -> [[Candidate]] {
    stride(from: 0, to: grid.candidates.count, by: batchSize).map {
      Array(grid.candidates[$0..<min($0 + batchSize, grid.candidates.count)])
    }
  }

  mutating func run(onFold: @Sendable (String) -> Void) -> Experiment.Comparison {
    var kept: PreparedFolds?
    for round in 0..<(grids.map(\.batches.count).max() ?? 0) {
      let running = grids.indices.filter { grids[$0].failure == nil && round < grids[$0].batches.count }
      let jobs = running.filter { !runSharingFolds(grid: $0, round: round, onFold: onFold) }
      runByFold(jobs, round: round, kept: &kept, onFold: onFold)
    }
    return Experiment.Comparison(outcomes: grids.map { $0.outcome(in: experiment) }, counts: counts)
  }

  // MARK: All folds at once

  /// - Returns: whether the batch could be done so.
  private mutating func runSharingFolds(grid index: Int, round: Int, onFold: @Sendable (String) -> Void) -> Bool {
    let grid = grids[index].grid
    guard let family = grid.learner as? any FoldSharing.Type,
      let fits = foldedFits(family, grids[index].batches[round])
    else { return false }
    let (form, batch) = (grid.preparation.features, grids[index].batches[round])
    let folds = experiment.folds
    let durations = fits.durations.enumerated().map { fold, duration in
      (
        fit: pipelines.duration(form, fold: fold) / users[form, default: 1] + duration.fit / batch.count,
        predict: duration.predict / batch.count
      )
    }
    // Ridge predicts on the target's scale of fitting; the way back is the same for all folds but for its bounds.
    var predictions = batch.map { _ in [Double](repeating: .nan, count: folds.assignments.count) }
    for fold in 0..<folds.count {
      guard let pipeline = try? pipelines.pipeline(grid.preparation, fold: fold) else { return false }
      let rows = folds.testRows(fold)
      for candidate in batch.indices {
        let values = pipeline.target.inverse(rows.map { fits.predictions[$0, candidate] })
        for (row, value) in zip(rows, values) { predictions[candidate][row] = value }
      }
      onFold(grid.name)
    }
    counts.done += fits.distinctFits
    for candidate in batch.indices {
      let validation = CrossValidation(
        predictions: predictions[candidate], fitDurations: durations.map(\.fit),
        predictDurations: durations.map(\.predict))
      grids[index].consider(batch[candidate], validation, in: experiment)
    }
    return true
  }

  /// Nil where the family or the data do not allow it, and where it fails: fold by fold the reason has a place.
  private func foldedFits<Family: FoldSharing>(_: Family.Type, _ batch: [Candidate]) -> FoldedFits? {
    let settings = batch.compactMap { try? Candidate.parameters($0.settings) as Family.Parameters }
    guard Family.canFitFolds(settings), let rows = pipelines.foldedRows(Family.preparation) else { return nil }
    return try? Family.fitFolds(settings, of: rows)
  }

  // MARK: Fold by fold

  /// Runs the round's batch of some grids.
  private mutating func runByFold(
    _ jobs: [Int], round: Int, kept: inout PreparedFolds?, onFold: @Sendable (String) -> Void
  ) {
    guard !jobs.isEmpty else { return }
    var results: [[Result<FoldBatch, CrossValidation.Failure>]] = jobs.map { _ in [] }
    let batches = jobs.map { (learner: grids[$0].grid.learner, candidates: grids[$0].batches[round]) }
    let preparations = Set(jobs.map { grids[$0].grid.preparation })
    let waves = waves(for: preparations)
    for wave in waves {
      let prepared: [PreparedFold]
      if let kept, waves.count == 1, kept.forms.isSuperset(of: preparations.map(\.features)) {
        prepared = kept.folds
      } else {
        prepared = prepare(wave, for: preparations)
        kept = waves.count == 1 ? (Set(preparations.map(\.features)), prepared) : nil
      }
      let (experiment, pipelines, clock) = (experiment, pipelines, clock)
      let ofWave = Parallel.map(jobs.count * wave.count) { index in
        let (job, fold) = (index / wave.count, prepared[index % wave.count])
        let result = Result { () throws(CrossValidation.Failure) -> FoldBatch in
          try FoldBatch(batches[job].learner, batches[job].candidates, fold, pipelines, experiment, clock)
        }
        if case .success = result { onFold(batches[job].learner.name) }
        return result
      }
      for (index, result) in ofWave.enumerated() { results[index / wave.count].append(result) }
    }
    for (job, results) in zip(jobs, results) { take(results, of: job, round: round) }
  }

  /// Folds whose matrices are in memory together.
  private func waves(for preparations: Set<Preparation>) -> [Range<Int>] {
    let folds = experiment.folds.count
    var columns: [Preparation.Features: Int] = [:]
    for preparation in preparations {
      for fold in 0..<folds {
        let count = (try? pipelines.pipeline(preparation, fold: fold).columnCount) ?? 0
        columns[preparation.features] = max(columns[preparation.features] ?? 0, count)
      }
    }
    let bytes = experiment.dataset.rowCount * columns.values.reduce(0, +) * MemoryLayout<Double>.stride
    let size = max(1, Self.matrixBytes / max(1, bytes))
    return stride(from: 0, to: folds, by: size).map { $0..<min($0 + size, folds) }
  }

  private func prepare(_ wave: Range<Int>, for preparations: Set<Preparation>) -> [PreparedFold] {
    Parallel.map(wave.count) { index in
      PreparedFold(
        wave.lowerBound + index, of: experiment.folds, experiment.dataset, pipelines, for: preparations, clock: clock)
    }
  }

  /// Puts the folds of a batch together.
  private mutating func take(
    _ results: [Result<FoldBatch, CrossValidation.Failure>], of index: Int, round: Int
  ) {
    let form = grids[index].grid.preparation.features
    let users = users[form, default: 1]
    do throws(CrossValidation.Failure) {
      let folds = try results.map { result throws(CrossValidation.Failure) in try result.get() }
      counts.done += folds.reduce(0) { $0 + $1.distinctFits }
      for (place, candidate) in grids[index].batches[round].enumerated() {
        var predictions = [Double](repeating: .nan, count: experiment.dataset.rowCount)
        for fold in folds {
          for (row, value) in zip(fold.rows, fold.predictions[place]) { predictions[row] = value }
        }
        let validation = CrossValidation(
          predictions: predictions,
          fitDurations: folds.enumerated().map { fold, result in
            (pipelines.duration(form, fold: fold) + result.preparation.training) / users + result.fitDuration
          },
          predictDurations: folds.map { $0.preparation.test / users + $0.predictDurations[place] })
        grids[index].consider(candidate, validation, in: experiment)
      }
    } catch {
      grids[index].failure = error
    }
  }
}

/// The matrices of all folds in some forms.
private typealias PreparedFolds = (forms: Set<Preparation.Features>, folds: [PreparedFold])

/// How far a grid is: the best candidate so far, and the figures of all.
private struct GridProgress {
  let grid: CandidateGrid
  let batches: [[Candidate]]
  var failure: CrossValidation.Failure?
  private var best: (candidate: Candidate, validation: CrossValidation, r2: Double)?
  private var trials: [Experiment.Trial] = []

  init(grid: CandidateGrid, batches: [[Candidate]]) {
    self.grid = grid
    self.batches = batches
  }

  mutating func consider(_ candidate: Candidate, _ validation: CrossValidation, in experiment: Experiment) {
    let r2 = Scores.r2Transformed(
      predictions: validation.predictions, targets: experiment.dataset.target, folds: experiment.folds,
      isLogarithmic: experiment.isLogarithmic)
    trials.append(Experiment.Trial(candidate: candidate, r2Transformed: r2))
    if best.map({ r2 > $0.r2 }) ?? true { best = (candidate, validation, r2) }
  }

  func outcome(in experiment: Experiment) -> Result<Experiment.Entry, CrossValidation.Failure> {
    if let failure { return .failure(failure) }
    guard let best else { preconditionFailure("GridProgress: a grid without candidates") }
    let scores = Scores(
      predictions: best.validation.predictions, targets: experiment.dataset.target, folds: experiment.folds,
      isLogarithmic: experiment.isLogarithmic)
    return .success(
      Experiment.Entry(candidate: best.candidate, validation: best.validation, scores: scores, trials: trials))
  }
}
