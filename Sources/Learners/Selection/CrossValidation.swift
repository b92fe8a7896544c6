/// Out-of-fold predictions of one candidate: every row predicted by a model that has not seen its fold.
///
/// Everything that learns (imputation, scaling, encoding, target transform, early stopping) learns inside the training
/// part. Folds run side by side where threads are free; the result does not depend on it.
public struct CrossValidation: Sendable {
  /// On the target's own scale, NaN for a row of no fold.
  public let predictions: [Double]
  /// Time to fit pipeline and learner, one a fold. What several fits share is divided equally among them, so that the sum
  /// over all fits is the time that was spent.
  public let fitDurations: [Duration]
  /// Time to predict the held-out rows, one a fold; shared time as above.
  public let predictDurations: [Duration]

  /// Why a fold failed.
  public enum Failure: Error, Sendable {
    case fit(FitError, fold: Int)
    case prediction(PredictionError, fold: Int)
  }

  internal init(predictions: [Double], fitDurations: [Duration], predictDurations: [Duration]) {
    self.predictions = predictions
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
