internal import Learners
internal import Linalg

/// The figure that models are ranked by, fold by fold: pairs of models are compared on the same folds.
internal struct FoldFigures {
  let comparison: Comparison
  /// One a fold, NaN where it is not defined; where rows were dealt into folds several times, those of all.
  let values: [Double]

  /// - Parameter isOfAll: whether of all times that rows were dealt into folds, or of the first.
  init(_ entry: Experiment.Entry, _ comparison: Comparison, ofAllRepeats isOfAll: Bool = true) {
    self.comparison = comparison
    let sets = zip(entry.validations, comparison.experiment.repeats).prefix(isOfAll ? .max : 1)
    values = sets.flatMap { validation, folds in
      (0..<folds.count).map { fold in
        let rows = folds.testRows(fold).filter { validation.predictions[$0].isFinite }
        return Self.figure(
          rows.map { validation.predictions[$0] }, quantiles: validation.quantiles?.gathering(rows: rows),
          of: rows, by: entry.candidate.fittedLoss, comparison)
      }
    }
  }

  init(values: [Double], _ comparison: Comparison) { (self.values, self.comparison) = (values, comparison) }

  /// That of some rows.
  static func figure(
    _ predictions: [Double], quantiles: Matrix<Double>? = nil, of rows: [Int], by loss: FittedLoss,
    _ comparison: Comparison
  ) -> Double {
    guard rows.count > 1 else { return .nan }
    let scores = Scores(
      predictions: predictions, targets: rows.map { comparison.dataset.target[$0] },
      weights: comparison.weights(of: rows), scale: comparison.scale, loss: loss, levels: comparison.ranking.levels,
      quantiles: quantiles)
    return comparison.ranking.figure(of: scores)
  }

  var mean: FoldMean? { FoldMean(values, heldOutPerLearned: comparison.folds.heldOutPerLearned) }

  /// How much better than others, fold by fold.
  func better(than other: FoldFigures) -> FoldMean? {
    let sign = comparison.ranking.moreIsBetter ? 1.0 : -1
    return FoldMean(
      zip(values, other.values).map { sign * ($0 - $1) }, heldOutPerLearned: comparison.folds.heldOutPerLearned)
  }

  func against(_ other: FoldFigures, named name: String) -> ModelFigures.PairFigures? {
    better(than: other).map { .init(other: name, difference: Estimate($0), chance: $0.chance(above: 0)) }
  }
}

extension RankingFigure {
  internal var moreIsBetter: Bool { self == .r2 }

  /// What is left to be explained, of which a share is taken away: 1 - R², or the loss itself.
  internal func remainder(_ figure: Double) -> Double { self == .r2 ? 1 - figure : figure }
}
