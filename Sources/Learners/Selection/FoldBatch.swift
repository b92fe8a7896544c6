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
    self = try Self.run(candidates[0].learner, candidates, fold, pipelines, experiment, clock)
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
    _: Learner.Type, _ candidates: [Candidate], _ fold: PreparedFold, _ pipelines: FoldPipelines,
    _ experiment: Experiment, _ clock: ContinuousClock
  ) throws(CrossValidation.Failure) -> FoldBatch {
    let start = clock.now
    let form = candidates[0].preparation.features
    let (pipeline, path) = try fit(Learner.self, candidates, fold, pipelines, experiment)
    let fitDuration = (clock.now - start) / candidates.count
    let matrices = fold.matrices(form)
    var outcomes: [FoldOutcome] = []
    do throws(PredictionError) {
      for learner in path.learners {
        let start = clock.now
        let predictions = try Predictions(of: matrices.test, by: learner, target: pipeline.target)
        let duration = clock.now - start
        outcomes.append(
          FoldOutcome(
            predictions: predictions, duration: duration,
            tellsRowsApart: try tellsRowsApart(learner, predictions.values, matrices.training, pipeline),
            convergence: learner.convergence))
      }
    } catch {
      throw .prediction(error, fold: fold.fold)
    }
    return FoldBatch(
      rows: fold.testRows, outcomes: outcomes, distinctFits: path.distinctFits, fitDuration: fitDuration,
      preparation: fold.durations(form))
  }

  /// False for a learner that predicts one number whatever the row: on rows it has learned from as well, for a single row that
  /// is held out tells nothing.
  private static func tellsRowsApart(
    _ learner: some Regressor, _ predictions: [Double], _ training: Matrix<Double>, _ pipeline: Pipeline
  ) throws(PredictionError) -> Bool {
    guard let first = predictions.first, predictions.allSatisfy({ $0 == first }) else { return true }
    let known = try learner.predict(training[rows: 0..<min(training.rows, 256)])
    return !pipeline.target.inverse(known).allSatisfy { $0 == first }
  }

  private static func fit<Learner: Regressor>(
    _: Learner.Type, _ candidates: [Candidate], _ fold: PreparedFold, _ pipelines: FoldPipelines,
    _ experiment: Experiment
  ) throws(CrossValidation.Failure) -> (Pipeline, FittedPath<Learner>) {
    do throws(FitError) {
      let preparation = candidates[0].preparation
      let pipeline = try pipelines.pipeline(preparation, fold: fold.fold)
      let target = fold.trainingRows.map { experiment.dataset.target[$0] }
      let training = try TrainingSet(
        x: fold.matrices(preparation.features).training, y: pipeline.target.forward(target),
        groups: experiment.dataset.kin(among: fold.trainingRows), kinds: pipeline.kinds, names: pipeline.columnNames)
      let settings = try candidates.map { candidate throws(FitError) -> Learner.Parameters in
        try Candidate.parameters(candidate.settings)
      }
      return (pipeline, try Learner.fitPath(settings, on: training, seed: experiment.seed))
    } catch {
      throw .fit(error.counted(in: fold.trainingRows), fold: fold.fold)
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
}
