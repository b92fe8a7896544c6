internal import Linalg

/// Carries out an experiment with as few fits as its candidates need, all grids side by side or some after others.
///
/// - The encoders of a fold are fitted once for each form of features, and its matrices made once, for all learners.
/// - Candidates of one learner in one fold go through `fitPath` together, equal ones only once.
/// - A family that is `FoldSharing` gets all folds at once where their encodings agree (`FoldPipelines.foldedRows`).
///
/// Memory does not grow with the grid: candidates go in batches of at most 32, and of those before only the best keeps
/// its predictions. The matrices of all folds stay in memory up to a gigabyte; beyond, they are made for as many folds at
/// a time as that holds, and again for every batch. None of this changes a result.
public struct Planner: Sendable {
  private let experiment: Experiment
  private let clock = ContinuousClock()
  /// Of each time that rows are dealt into folds.
  private let pipelines: [FoldPipelines]
  /// How many candidates share a form of features.
  private let users: [Preparation.Features: Int]
  private var grids: [GridProgress]
  private var kept: PreparedFolds?
  /// Of all that was run so far.
  public private(set) var counts = FitCounts()

  private static let batchSize = 32
  private static let matrixBytes = 1 << 30

  public init(_ experiment: Experiment, _ grids: [CandidateGrid]) {
    self.experiment = experiment
    let levels = Experiment.ranking(of: grids).levels
    self.grids = grids.map { GridProgress(grid: $0, batches: Self.batches(of: $0), levels: levels) }
    let preparations = grids.flatMap { $0.candidates.map(\.preparation) }
    let clock = clock
    pipelines = experiment.repeats.map { folds in
      FoldPipelines(
        experiment.dataset, folds, for: Set(preparations), scale: experiment.targetScale.scale,
        options: experiment.options, clock: clock)
    }
    users = Dictionary(preparations.map { ($0.features, 1) }, uniquingKeysWith: +)
  }

  /// Places of the candidates that are fitted together: of one preparation.
  static func batches(of grid: CandidateGrid) -> [[Int]] {
    var groups: [(preparation: Preparation, places: [Int])] = []
    for (place, candidate) in grid.candidates.enumerated() {
      if let group = groups.firstIndex(where: { $0.preparation == candidate.preparation }) {
        groups[group].places.append(place)
      } else {
        groups.append((candidate.preparation, [place]))
      }
    }
    return groups.flatMap { group in
      stride(from: 0, to: group.places.count, by: batchSize).map {
        Array(group.places[$0..<min($0 + batchSize, group.places.count)])
      }
    }
  }

  /// Runs some of the grids side by side.
  ///
  /// - Parameters:
  ///   - places: of the grids among those of the planner.
  ///   - onFold: called with the name of a grid when a fold of some of its candidates is done, from any thread.
  ///   - shouldStop: asked before every fit, from any thread: a grid that has fits left then fails as `.stopped`.
  /// - Returns: an outcome for each place, in their order.
  public mutating func run(
    _ places: [Int], onFold: @Sendable (_ name: String) -> Void = { _ in },
    shouldStop: @Sendable () -> Bool = { false }
  ) -> [Result<Experiment.Entry, CrossValidation.Failure>] {
    counts.asked += places.reduce(0) { $0 + grids[$1].grid.askedCount } * experiment.foldCount
    for round in 0..<(places.map { grids[$0].batches.count }.max() ?? 0) {
      let running = places.filter { grids[$0].failure == nil && round < grids[$0].batches.count }
      for repetition in experiment.repeats.indices {
        let open = running.filter { grids[$0].failure == nil }
        let jobs = open.filter { shouldStop() || !runSharingFolds(grid: $0, round: round, repetition, onFold: onFold) }
        runByFold(jobs, round: round, repetition, onFold: onFold, shouldStop: shouldStop)
      }
      for index in running { grids[index].finish(round: round, in: experiment) }
    }
    return places.map { grids[$0].outcome(in: experiment) }
  }

  // MARK: All folds at once

  /// - Returns: whether the batch could be done so.
  private mutating func runSharingFolds(
    grid index: Int, round: Int, _ repetition: Int, onFold: @Sendable (String) -> Void
  ) -> Bool {
    let (grid, batch) = (grids[index].grid, grids[index].candidates(of: round))
    guard let family = grid.learner as? any FoldSharing.Type, let fits = foldedFits(family, batch, repetition) else {
      return false
    }
    let (preparation, folds, pipelines) = (batch[0].preparation, experiment.repeats[repetition], pipelines[repetition])
    let durations = fits.durations.enumerated().map { fold, duration in
      (
        fit: shared(preparation, repetition, fold: fold) + duration.fit / batch.count,
        predict: duration.predict / batch.count
      )
    }
    // Ridge predicts on the target's scale of fitting; the way back is the same for all folds but for its bounds.
    var predictions = batch.map { _ in [Double](repeating: .nan, count: folds.assignments.count) }
    for fold in 0..<folds.count {
      guard let pipeline = try? pipelines.pipeline(preparation, fold: fold) else { return false }
      let rows = folds.testRows(fold)
      for candidate in batch.indices {
        let values = pipeline.target.inverse(rows.map { fits.predictions[$0, candidate] })
        for (row, value) in zip(rows, values) { predictions[candidate][row] = value }
      }
      onFold(grid.name)
    }
    counts.done += fits.distinctFits
    grids[index].add(
      predictions.map {
        CrossValidation(
          predictions: $0, fitDurations: durations.map(\.fit), predictDurations: durations.map(\.predict))
      })
    return true
  }

  /// Nil where the family or the data do not allow it, and where it fails: fold by fold the reason has a place.
  private func foldedFits<Family: FoldSharing>(
    _: Family.Type, _ batch: [Candidate], _ repetition: Int
  ) -> FoldedFits? {
    let settings = batch.compactMap { try? Candidate.parameters($0.settings) as Family.Parameters }
    guard !experiment.folds.trainsOnThePast, !experiment.keepsFoldModels, Family.canFitFolds(settings),
      let rows = pipelines[repetition].foldedRows(batch[0].preparation)
    else { return nil }
    return try? Family.fitFolds(settings, of: rows)
  }

  /// A candidate's share of the time to fit the encoders of a fold.
  private func shared(_ preparation: Preparation, _ repetition: Int, fold: Int) -> Duration {
    pipelines[repetition].duration(preparation.features, fold: fold) / users[preparation.features, default: 1]
  }

  // MARK: Fold by fold

  /// Runs the round's batch of some grids.
  private mutating func runByFold(
    _ jobs: [Int], round: Int, _ repetition: Int, onFold: @Sendable (String) -> Void, shouldStop: @Sendable () -> Bool
  ) {
    guard !jobs.isEmpty else { return }
    var results: [[Result<FoldBatch, CrossValidation.Failure>]] = jobs.map { _ in [] }
    let batches = jobs.map { grids[$0].candidates(of: round) }
    let preparations = Set(batches.map { $0[0].preparation })
    let waves = waves(for: preparations, repetition)
    for wave in waves {
      let prepared: [PreparedFold]
      if let kept, waves.count == 1, kept.repetition == repetition,
        kept.forms.isSuperset(of: preparations.map(\.features))
      {
        prepared = kept.folds
      } else {
        kept = nil
        prepared = prepare(wave, for: preparations, repetition)
        kept = waves.count == 1 ? (repetition, Set(preparations.map(\.features)), prepared) : nil
      }
      let (experiment, pipelines, clock) = (experiment, pipelines[repetition], clock)
      let ofWave = Parallel.map(jobs.count * wave.count) { index in
        let (batch, fold) = (batches[index / wave.count], prepared[index % wave.count])
        let result = Result { () throws(CrossValidation.Failure) -> FoldBatch in
          if shouldStop() { throw .stopped }
          return try FoldBatch(batch, fold, pipelines, experiment, clock)
        }
        if case .success = result { onFold(batch[0].name) }
        return result
      }
      for (index, result) in ofWave.enumerated() { results[index / wave.count].append(result) }
    }
    for (job, results) in zip(jobs, results) { take(results, of: job, round: round, repetition) }
  }

  /// Folds whose matrices are in memory together.
  private func waves(for preparations: Set<Preparation>, _ repetition: Int) -> [Range<Int>] {
    let (folds, pipelines) = (experiment.repeats[repetition].count, pipelines[repetition])
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

  private func prepare(
    _ wave: Range<Int>, for preparations: Set<Preparation>, _ repetition: Int
  ) -> [PreparedFold] {
    Parallel.map(wave.count) { index in
      PreparedFold(
        wave.lowerBound + index, of: experiment.repeats[repetition], experiment.dataset, pipelines[repetition],
        for: preparations, clock: clock)
    }
  }

  /// Puts the folds of a batch together.
  private mutating func take(
    _ results: [Result<FoldBatch, CrossValidation.Failure>], of index: Int, round: Int, _ repetition: Int
  ) {
    let preparation = grids[index].candidates(of: round)[0].preparation
    let users = users[preparation.features, default: 1]
    do throws(CrossValidation.Failure) {
      let folds = try results.map { result throws(CrossValidation.Failure) in try result.get() }
      counts.done += folds.reduce(0) { $0 + $1.distinctFits }
      let validations = grids[index].batches[round].indices.map { candidate in
        CrossValidation(
          folds.map { ($0.rows, $0.outcomes[candidate]) }, rowCount: experiment.dataset.rowCount,
          fitDurations: folds.enumerated().map { fold, result in
            shared(preparation, repetition, fold: fold) + result.preparation.training / users + result.fitDuration
          },
          predictDurations: folds.map { $0.preparation.test / users + $0.outcomes[candidate].duration })
      }
      grids[index].add(validations)
    } catch {
      grids[index].failure = error
    }
  }
}

/// The matrices of all folds of one set in some forms.
private typealias PreparedFolds = (repetition: Int, forms: Set<Preparation.Features>, folds: [PreparedFold])
