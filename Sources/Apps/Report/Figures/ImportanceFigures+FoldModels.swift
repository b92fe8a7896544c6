internal import Learners

extension FoldModels {
  private static let repeats = 5
  /// Predictions of single rows that all shuffles together may take, about.
  private static let mostPredictions = 2_000_000

  /// What is lost of R² on the scale of fitting when a feature is shuffled among the rows held out, the most important first.
  ///
  /// Each fold's model is asked about its own rows; the interval is that of the mean over folds. Of many features and rows
  /// some rows of each fold are taken.
  /// - Parameter onFold: called when a fold is done.
  package func importance(onFold: () -> Void) -> [ImportanceFigures] {
    let names = comparison.dataset.schema.features.map(\.name)
    let limit = max(200, Self.mostPredictions / (names.count * Self.repeats * max(1, models.count)))
    var losses: [[Double]] = []
    for (fold, model) in models.enumerated() {
      let rows = evenly(comparison.folds.testRows(fold), most: limit)
      let importance = try? PermutationImportance(
        of: model, on: comparison.features(rows), target: rows.map { comparison.dataset.target[$0] },
        weights: comparison.weights(of: rows), repeats: Self.repeats, seed: comparison.experiment.seed)
      losses.append(importance?.mean ?? names.map { _ in .nan })
      onFold()
    }
    let found = names.indices.compactMap { feature -> ImportanceFigures? in
      let values = losses.map { $0[feature] }
      return FoldMean(values, heldOutPerLearned: comparison.folds.heldOutPerLearned).map {
        ImportanceFigures(
          feature: names[feature], lost: Estimate($0), lostInFolds: values.map(\.finiteOrNil),
          chance: $0.chance(above: 0))
      }
    }
    return found.enumerated().sorted { (-$0.element.lost.mean, $0.offset) < (-$1.element.lost.mean, $1.offset) }
      .map(\.element)
  }
}
