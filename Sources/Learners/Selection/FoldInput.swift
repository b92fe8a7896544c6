package import Linalg

/// All that fits in one fold read, for one preparation: what a process needs that does not have the data.
package struct FoldInput: Sendable {
  package let fold: Int
  package let trainingRows: TrainingRows
  package let testRows: [Int]
  /// Rows x columns as the learner sees them.
  package let training: Matrix<Double>
  package let test: Matrix<Double>
  /// Of the training rows, on the target's own scale.
  package let trainingTargets: [Double]
  package let target: TargetTransform
  /// The group of each training row; nil where each is its own.
  package let groups: [Int]?
  /// One a column.
  package let kinds: [FeatureKind]
  package let names: [String]

  package init(
    fold: Int, trainingRows: TrainingRows, testRows: [Int], training: Matrix<Double>, test: Matrix<Double>,
    trainingTargets: [Double], target: TargetTransform, groups: [Int]? = nil, kinds: [FeatureKind], names: [String]
  ) {
    precondition(
      trainingRows.rows.count == training.rows && testRows.count == test.rows
        && trainingTargets.count == training.rows,
      "FoldInput: \(training.rows) and \(test.rows) rows for \(trainingRows.rows.count) and \(testRows.count)")
    precondition(
      kinds.count == training.columns && names.count == training.columns && test.columns == training.columns,
      "FoldInput: \(kinds.count) kinds for \(training.columns) columns")
    self.fold = fold
    self.trainingRows = trainingRows
    self.testRows = testRows
    self.training = training
    self.test = test
    self.trainingTargets = trainingTargets
    self.target = target
    self.groups = groups
    self.kinds = kinds
    self.names = names
  }

  internal init(
    _ prepared: PreparedFold, _ preparation: Preparation, _ pipelines: FoldPipelines, _ experiment: Experiment
  ) throws(FitError) {
    let pipeline = try pipelines.pipeline(preparation, fold: prepared.fold)
    let matrices = prepared.matrices(preparation.features)
    self.init(
      fold: prepared.fold, trainingRows: prepared.trainingRows, testRows: prepared.testRows,
      training: matrices.training, test: matrices.test,
      trainingTargets: prepared.trainingRows.rows.map { experiment.dataset.target[$0] }, target: pipeline.target,
      groups: experiment.dataset.kin(among: prepared.trainingRows.rows), kinds: pipeline.kinds,
      names: pipeline.columnNames)
  }
}

extension FoldInput {
  /// What one setting came to in the fold.
  package struct Outcome: Sendable {
    /// Of the held-out rows, on the target's own scale.
    package let predictions: [Double]
    /// Rows x levels; no columns for a learner that predicts one number a row.
    package let quantiles: Matrix<Double>
    package let tellsRowsApart: Bool
    /// Why the search of the learner ended too early; nil where it did not.
    package let unconvergedReason: String?
    package let fitDuration: Duration
    package let predictDuration: Duration
  }

  /// Fits candidates of one learner and of the preparation that this was made for.
  package func fit(
    _ candidates: [Candidate], seed: UInt64
  ) throws(CrossValidation.Failure) -> (outcomes: [Outcome], distinctFits: Int) {
    let batch = try FoldBatch(candidates, self, seed: seed, ContinuousClock())
    let outcomes = batch.outcomes.map { outcome in
      Outcome(
        predictions: outcome.predictions.values, quantiles: outcome.predictions.quantiles,
        tellsRowsApart: outcome.tellsRowsApart, unconvergedReason: outcome.convergence?.reason,
        fitDuration: batch.fitDuration, predictDuration: outcome.duration)
    }
    return (outcomes, batch.distinctFits)
  }
}
