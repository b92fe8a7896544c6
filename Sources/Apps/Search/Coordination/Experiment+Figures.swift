internal import Learners
internal import Linalg

extension Experiment {
  /// Puts the folds of a trial together.
  /// - Returns: nil where one of them is missing or does not fit.
  internal func validation(of outcomes: [UnitResult.Outcome]) -> CrossValidation? {
    guard outcomes.count == folds.count else { return nil }
    let folded = outcomes.enumerated().compactMap { fold, outcome in
      FoldInput.Outcome(outcome, rows: folds.testRows(fold).count)
    }
    guard folded.count == folds.count, Set(folded.map { $0.quantiles.columns }).count <= 1 else { return nil }
    return CrossValidation(folded, of: folds)
  }

  internal func figures(of outcomes: [UnitResult.Outcome], by ranking: RankingFigure) -> TrialFigures? {
    guard let validation = validation(of: outcomes) else { return nil }
    func figure(_ parts: Folds?) -> Double {
      guard let parts else { return .nan }
      return self.figure(of: validation.predictions, quantiles: validation.quantiles, by: ranking, over: parts)
    }
    return TrialFigures(
      overall: figure(folds),
      r2Transformed: self.figure(of: validation.predictions, quantiles: nil, by: .r2, over: folds),
      folds: (0..<folds.count).map { figure(folds.alone($0)) },
      without: (0..<folds.count).map { figure(folds.without($0)) })
  }

  /// The cost of one fold by itself; infinity for one that failed.
  internal func cost(of outcome: UnitResult.Outcome, fold: Int, by ranking: RankingFigure) -> Double {
    let rows = folds.testRows(fold)
    guard let outcome = FoldInput.Outcome(outcome, rows: rows.count), let alone = folds.alone(fold) else {
      return .infinity
    }
    var predictions = [Double](repeating: .nan, count: folds.assignments.count)
    let levels = outcome.quantiles.columns
    var quantiles = Matrix<Double>(rows: levels == 0 ? 0 : predictions.count, columns: levels, repeating: .nan)
    for (index, row) in rows.enumerated() {
      predictions[row] = outcome.predictions[index]
      for level in 0..<levels { quantiles[row, level] = outcome.quantiles[index, level] }
    }
    return ranking.cost(figure(of: predictions, quantiles: levels == 0 ? nil : quantiles, by: ranking, over: alone))
  }
}

extension Folds {
  /// The rows of one fold.
  fileprivate func alone(_ fold: Int) -> Folds? {
    try? Folds(assignments: assignments.map { $0 == fold ? 0 : -1 }, rows: assignments.count)
  }

  /// The rows of all other folds.
  internal func without(_ fold: Int) -> Folds? {
    try? Folds(
      assignments: assignments.map { $0 == fold ? -1 : $0 > fold ? $0 - 1 : $0 }, rows: assignments.count)
  }
}
