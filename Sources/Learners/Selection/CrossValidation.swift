internal import Linalg

/// Out-of-fold predictions of one candidate: every row predicted by a model that has not seen its fold.
///
/// Everything that learns (imputation, scaling, encoding, target transform, early stopping) learns inside the training
/// part. Folds run side by side where threads are free; the result does not depend on it.
public struct CrossValidation: Sendable {
  /// On the target's own scale, NaN for a row of no fold.
  public let predictions: [Double]
  /// Time to fit pipeline and learner, one a fold.
  public let fitDurations: [Duration]
  /// Time to predict the held-out rows, one a fold.
  public let predictDurations: [Duration]

  /// Why a fold failed.
  public enum Failure: Error, Sendable {
    case fit(FitError, fold: Int)
    case prediction(PredictionError, fold: Int)
  }

  /// - Parameter onFold: called after each fold, from any thread.
  public init(
    of candidate: Candidate, on dataset: Dataset, folds: Folds, targetTransform: TargetTransform.Choice, seed: UInt64,
    clock: ContinuousClock = .init(), onFold: @Sendable (_ fold: Int) -> Void = { _ in }
  ) throws(Failure) {
    precondition(folds.assignments.count == dataset.rowCount, "CrossValidation: folds of other rows")
    let results = try Parallel.map(folds.count) { fold throws(Failure) in
      defer { onFold(fold) }
      return try Fold(fold, of: folds, candidate, dataset, targetTransform, seed: seed, clock: clock)
    }
    var predictions = [Double](repeating: .nan, count: dataset.rowCount)
    for result in results {
      for (row, prediction) in zip(result.rows, result.predictions) { predictions[row] = prediction }
    }
    self.predictions = predictions
    fitDurations = results.map(\.fitDuration)
    predictDurations = results.map(\.predictDuration)
  }

  /// What one fold gives.
  private struct Fold: Sendable {
    let rows: [Int]
    let predictions: [Double]
    let fitDuration: Duration
    let predictDuration: Duration

    init(
      _ fold: Int, of folds: Folds, _ candidate: Candidate, _ dataset: Dataset,
      _ targetTransform: TargetTransform.Choice, seed: UInt64, clock: ContinuousClock
    ) throws(Failure) {
      let start = clock.now
      let model: Model
      do throws(FitError) {
        model = try candidate.fit(
          dataset, rows: folds.trainingRows(fold), targetTransform: targetTransform, seed: seed)
      } catch {
        throw .fit(error, fold: fold)
      }
      let fitted = clock.now
      rows = folds.testRows(fold)
      do throws(PredictionError) {
        predictions = try model.predict(dataset.features, rows: rows)
      } catch {
        throw .prediction(error, fold: fold)
      }
      fitDuration = fitted - start
      predictDuration = clock.now - fitted
    }
  }
}
