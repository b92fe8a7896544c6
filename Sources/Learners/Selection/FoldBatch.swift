internal import Linalg

/// Several candidates of one learner and one preparation in one fold: what their learners predict for the held-out rows.
internal struct FoldBatch: Sendable {
  let rows: [Int]
  /// One a candidate.
  let outcomes: [FoldOutcome]
  let distinctFits: Int
  /// A candidate's share of the time to fit them all.
  let fitDuration: Duration
  /// Time to make the fold's matrices, for all who read them.
  let preparation: (training: Duration, test: Duration)

  init(
    _ candidates: [Candidate], _ fold: PreparedFold, _ pipelines: FoldPipelines, _ experiment: Experiment,
    _ clock: ContinuousClock
  ) throws(CrossValidation.Failure) {
    let preparation = candidates[0].preparation
    let input: FoldInput
    var pipeline: Pipeline?
    do throws(FitError) {
      input = try FoldInput(fold, preparation, pipelines, experiment)
      if experiment.keepsFoldModels { pipeline = try pipelines.pipeline(preparation, fold: fold.fold) }
    } catch {
      throw .fit(error.counted(in: fold.trainingRows.rows), fold: fold.fold)
    }
    let target = experiment.dataset.schema.target
    self = try Self.run(
      candidates[0].learner, candidates, input, seed: experiment.seed, fold.durations(preparation.features), clock
    ) { learner in pipeline.map { Model(pipeline: $0, learner: learner, target: target) } }
  }

  /// By itself, of matrices that somebody else has made.
  init(
    _ candidates: [Candidate], _ input: FoldInput, seed: UInt64, _ clock: ContinuousClock
  ) throws(CrossValidation.Failure) {
    self = try Self.run(candidates[0].learner, candidates, input, seed: seed, (.zero, .zero), clock) { _ in nil }
  }

  private init(
    rows: [Int], outcomes: [FoldOutcome], distinctFits: Int, fitDuration: Duration,
    preparation: (training: Duration, test: Duration)
  ) {
    self.rows = rows
    self.outcomes = outcomes
    self.distinctFits = distinctFits
    self.fitDuration = fitDuration
    self.preparation = preparation
  }

  private static func run<Learner: Regressor>(
    _: Learner.Type, _ candidates: [Candidate], _ input: FoldInput, seed: UInt64,
    _ preparation: (training: Duration, test: Duration), _ clock: ContinuousClock,
    keeping kept: (Learner) -> Model?
  ) throws(CrossValidation.Failure) -> FoldBatch {
    let start = clock.now
    let path = try fit(Learner.self, candidates, input, seed: seed)
    let fitDuration = (clock.now - start) / candidates.count
    var outcomes: [FoldOutcome] = []
    do throws(PredictionError) {
      for learner in path.learners {
        let start = clock.now
        let predictions = try Predictions(of: input.test, by: learner, target: input.target)
        let duration = clock.now - start
        outcomes.append(
          FoldOutcome(
            predictions: predictions, duration: duration,
            tellsRowsApart: try tellsRowsApart(learner, predictions.values, input),
            convergence: learner.convergence, model: kept(learner)))
      }
    } catch {
      throw .prediction(error, fold: input.fold)
    }
    return FoldBatch(
      rows: input.testRows, outcomes: outcomes, distinctFits: path.distinctFits, fitDuration: fitDuration,
      preparation: preparation)
  }

  /// False for a learner that predicts one number whatever the row: on rows it has learned from as well, for a single row that
  /// is held out tells nothing.
  private static func tellsRowsApart(
    _ learner: some Regressor, _ predictions: [Double], _ input: FoldInput
  ) throws(PredictionError) -> Bool {
    guard let first = predictions.first, predictions.allSatisfy({ $0 == first }) else { return true }
    let known = try learner.predict(input.training[rows: 0..<min(input.training.rows, 256)])
    return !input.target.inverse(known).allSatisfy { $0 == first }
  }

  private static func fit<Learner: Regressor>(
    _: Learner.Type, _ candidates: [Candidate], _ input: FoldInput, seed: UInt64
  ) throws(CrossValidation.Failure) -> FittedPath<Learner> {
    do throws(FitError) {
      let training = try TrainingSet(
        x: input.training, y: input.target.forward(input.trainingTargets), weights: input.trainingRows.weights,
        groups: input.groups, kinds: input.kinds, names: input.names)
      let settings = try candidates.map { candidate throws(FitError) -> Learner.Parameters in
        try Candidate.parameters(candidate.settings)
      }
      return try Learner.fitPath(settings, on: training, seed: seed)
    } catch {
      throw .fit(error.counted(in: input.trainingRows.rows), fold: input.fold)
    }
  }
}

/// What one candidate came to in one fold.
internal struct FoldOutcome: Sendable {
  /// Of the held-out rows, on the target's own scale.
  let predictions: Predictions
  let duration: Duration
  let tellsRowsApart: Bool
  let convergence: Convergence?
  /// Nil where it is not kept.
  let model: Model?
}
