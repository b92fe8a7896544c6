public import Linalg

/// Out-of-fold predictions of one candidate: every row predicted by a model that has not seen its fold.
///
/// Everything that learns (imputation, scaling, encoding, target transform, early stopping) learns inside the training
/// part. Folds run side by side where threads are free; the result does not depend on it.
public struct CrossValidation: Sendable {
  /// On the target's own scale, NaN for a row of no fold.
  public let predictions: [Double]
  /// rows x levels, of a candidate that predicts several quantiles; nil for one number a row.
  public let quantiles: Matrix<Double>?
  /// False where every fold's learner predicts one number for all rows: their order is then undefined. That the numbers of
  /// several folds differ tells nothing, or the wrong: a fold of small targets leaves a training part of large ones.
  public let tellsRowsApart: Bool
  /// Folds whose learner ended before it had converged.
  public let unconvergedFolds: Int
  /// Why the first of them did; nil where there is none.
  public let unconvergedReason: String?
  /// The models of the folds; none where the experiment does not keep them.
  public let foldModels: [Model]
  /// Time to fit pipeline and learner, one a fold. What several fits share is divided equally among them, so that the sum
  /// over all fits is the time that was spent.
  public let fitDurations: [Duration]
  /// Time to predict the held-out rows, one a fold; shared time as above.
  public let predictDurations: [Duration]

  /// Why a fold failed.
  public enum Failure: Error, Sendable {
    case fit(FitError, fold: Int)
    case prediction(PredictionError, fold: Int)
    /// It was told to stop before it was done.
    case stopped
  }

  internal init(predictions: [Double], fitDurations: [Duration], predictDurations: [Duration]) {
    self.predictions = predictions
    quantiles = nil
    tellsRowsApart = true
    unconvergedFolds = 0
    unconvergedReason = nil
    foldModels = []
    self.fitDurations = fitDurations
    self.predictDurations = predictDurations
  }

  /// Puts the folds' held-out rows together.
  internal init(
    _ folds: [(rows: [Int], outcome: FoldOutcome)], rowCount: Int, fitDurations: [Duration],
    predictDurations: [Duration]
  ) {
    var predictions = [Double](repeating: .nan, count: rowCount)
    let levels = folds.first?.outcome.predictions.quantiles.columns ?? 0
    var quantiles = Matrix<Double>(rows: levels == 0 ? 0 : rowCount, columns: levels) { _, _ in .nan }
    for (rows, outcome) in folds {
      for (index, row) in rows.enumerated() {
        predictions[row] = outcome.predictions.values[index]
        for level in 0..<levels { quantiles[row, level] = outcome.predictions.quantiles[index, level] }
      }
    }
    self.predictions = predictions
    self.quantiles = levels == 0 ? nil : quantiles
    tellsRowsApart = folds.contains { $0.outcome.tellsRowsApart }
    let reasons = folds.compactMap { $0.outcome.convergence?.reason }
    unconvergedFolds = reasons.count
    unconvergedReason = reasons.first
    foldModels = folds.compactMap { $0.outcome.model }
    self.fitDurations = fitDurations
    self.predictDurations = predictDurations
  }

  /// Cross-validates one candidate by itself.
  public init(
    of candidate: Candidate, on dataset: Dataset, folds: Folds, targetTransform: TargetTransform.Choice, seed: UInt64
  ) throws(Failure) {
    let experiment = Experiment(dataset: dataset, folds: folds, targetTransform: targetTransform, seed: seed)
    self = try experiment.run(candidate).validation
  }
}
