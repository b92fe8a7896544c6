/// What was done on all folds, where rows were dealt into folds several times.
extension Experiment.Entry {
  /// One for each time.
  public var validations: [CrossValidation] { [validation] + furtherValidations }

  public var fitDurations: [Duration] { validations.flatMap(\.fitDurations) }
  public var predictDurations: [Duration] { validations.flatMap(\.predictDurations) }
  public var unconvergedFolds: Int { validations.reduce(0) { $0 + $1.unconvergedFolds } }
  public var unconvergedReason: String? { validations.lazy.compactMap(\.unconvergedReason).first }

  /// The mean of what was predicted for each row, on the target's own scale: less off than a model is, for it is a mean of
  /// several. NaN where a row was not predicted each time.
  public var averagedPredictions: [Double] {
    let all = validations.map(\.predictions)
    guard all.count > 1 else { return all[0] }
    return all[0].indices.map { row in all.reduce(0) { $0 + $1[row] } / Double(all.count) }
  }
}

extension Experiment {
  /// The scores of what one of this loss predicted on each set of folds, and their means, which are those of one fit and not
  /// flattered by averaging predictions.
  /// - Parameters:
  ///   - folds: those that are scored, where not all are.
  ///   - levels: what predictions are also scored as.
  internal func scores(
    of validations: [CrossValidation], on folds: [Folds]? = nil, loss: FittedLoss, levels: [Double] = []
  ) -> (mean: Scores, each: [Scores]) {
    let pairs = Array(zip(validations, folds ?? repeats))
    let (target, weights, scale) = (dataset.target, dataset.weights, targetScale.scale)
    let each = pairs.map { validation, folds in
      Scores(
        predictions: validation.predictions, targets: target, weights: weights, folds: folds, scale: scale, loss: loss,
        levels: levels, quantiles: validation.quantiles, tellsRowsApart: validation.tellsRowsApart)
    }
    guard each.count > 1 else { return (each[0], each) }
    let r2OfFolds = pairs.flatMap { validation, folds in
      Scores.r2OfFolds(
        predictions: validation.predictions, targets: target, weights: weights, folds: folds, scale: scale)
    }
    return (Scores(averaging: each, r2OfFolds: r2OfFolds), each)
  }
}
