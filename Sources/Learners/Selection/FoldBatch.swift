/// Several candidates of one learner in one fold: what their learners predict for the held-out rows.
internal struct FoldBatch: Sendable {
  let rows: [Int]
  /// One list a candidate, on the target's own scale.
  let predictions: [[Double]]
  let distinctFits: Int
  /// A candidate's share of the time to fit them all.
  let fitDuration: Duration
  /// One a candidate.
  let predictDurations: [Duration]
  /// Time to make the fold's matrices, for all who read them.
  let preparation: (training: Duration, test: Duration)

  init(
    _ learner: any Regressor.Type, _ candidates: [Candidate], _ fold: PreparedFold, _ pipelines: FoldPipelines,
    _ experiment: Experiment, _ clock: ContinuousClock
  ) throws(CrossValidation.Failure) {
    self = try Self.run(learner, candidates, fold, pipelines, experiment, clock)
  }

  private init(
    rows: [Int], predictions: [[Double]], distinctFits: Int, fitDuration: Duration, predictDurations: [Duration],
    preparation: (training: Duration, test: Duration)
  ) {
    self.rows = rows
    self.predictions = predictions
    self.distinctFits = distinctFits
    self.fitDuration = fitDuration
    self.predictDurations = predictDurations
    self.preparation = preparation
  }

  private static func run<Learner: Regressor>(
    _: Learner.Type, _ candidates: [Candidate], _ fold: PreparedFold, _ pipelines: FoldPipelines,
    _ experiment: Experiment, _ clock: ContinuousClock
  ) throws(CrossValidation.Failure) -> FoldBatch {
    let start = clock.now
    let (pipeline, path) = try fit(Learner.self, candidates, fold, pipelines, experiment)
    let fitDuration = (clock.now - start) / candidates.count
    let test = fold.matrices(Learner.preparation.features).test
    var (predictions, durations): ([[Double]], [Duration]) = ([], [])
    do throws(PredictionError) {
      for learner in path.learners {
        let start = clock.now
        predictions.append(pipeline.target.inverse(try learner.predict(test)))
        durations.append(clock.now - start)
      }
    } catch {
      throw .prediction(error, fold: fold.fold)
    }
    return FoldBatch(
      rows: fold.testRows, predictions: predictions, distinctFits: path.distinctFits, fitDuration: fitDuration,
      predictDurations: durations, preparation: fold.durations(Learner.preparation.features))
  }

  private static func fit<Learner: Regressor>(
    _: Learner.Type, _ candidates: [Candidate], _ fold: PreparedFold, _ pipelines: FoldPipelines,
    _ experiment: Experiment
  ) throws(CrossValidation.Failure) -> (Pipeline, FittedPath<Learner>) {
    do throws(FitError) {
      let pipeline = try pipelines.pipeline(Learner.preparation, fold: fold.fold)
      let target = fold.trainingRows.map { experiment.dataset.target[$0] }
      let training = try TrainingSet(
        x: fold.matrices(Learner.preparation.features).training, y: pipeline.target.forward(target),
        kinds: pipeline.kinds, names: pipeline.columnNames)
      let settings = try candidates.map { candidate throws(FitError) -> Learner.Parameters in
        try Candidate.parameters(candidate.settings)
      }
      return (pipeline, try Learner.fitPath(settings, on: training, seed: experiment.seed))
    } catch {
      throw .fit(error.counted(in: fold.trainingRows), fold: fold.fold)
    }
  }
}
