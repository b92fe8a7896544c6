internal import Learners
internal import Page

/// Makes a report of a comparison: figures of its out-of-fold predictions, and some more fits of its best model.
package struct ReportJob {
  package let comparison: Comparison
  package let origin: Report.Origin
  package let leftOut: [Report.LeftOut]
  /// Columns that may tell the target.
  package let allowedLeaks: Set<String>
  package let notes: [String]
  package let warnings: [String]
  /// Whether it tells how long things took: without, the same job gives the same bytes.
  package let isTimed: Bool

  private static let mainFeatures = 10

  package init(
    _ comparison: Comparison, origin: Report.Origin, leftOut: [Report.LeftOut], allowedLeaks: Set<String>,
    notes: [String], warnings: [String], isTimed: Bool
  ) {
    self.comparison = comparison
    self.origin = origin
    self.leftOut = leftOut
    self.allowedLeaks = allowedLeaks
    self.notes = notes
    self.warnings = warnings
    self.isTimed = isTimed
  }

  /// Calls of `onStep` at most.
  package var steps: Int {
    let folds = comparison.folds.count
    let explains = comparison.explainable.map { $0.name == comparison.studied.name ? 0 : folds } ?? 0
    return folds * Comparison.learningShares.count + 2 * folds + Self.mainFeatures
      + min(folds, Comparison.mostRangeParts) + explains
  }

  /// - Parameters:
  ///   - place: where a row of the table is, for a person.
  ///   - onStep: called with what is being done, when a step of it is done.
  package func run(place: (_ tableRow: Int) -> String, onStep: (_ label: String) -> Void) -> Report {
    let studied = comparison.studied
    let learning = comparison.learning(of: studied) { onStep("\(studied.name) with fewer rows") }
    let models = FoldModels(studied, comparison) { onStep("\(studied.name) in each fold") }
    let importance = models.importance { onStep("importance of the columns") }
    let main = importance.prefix(Self.mainFeatures).filter { $0.lost.mean > 0 }.map(\.feature)
    let effects = models.effects(of: main) { onStep("effects of the main columns") }
    let ranges = comparison.ranges { onStep("ranges") }
    let worst = comparison.worstRows(explainers(models, onStep), place: place)
    return report(
      StudiedModel(name: studied.name, learning: learning, importance: importance, effects: effects), ranges, worst)
  }

  private func explainers(_ models: FoldModels, _ onStep: (String) -> Void) -> FoldModels? {
    guard let entry = comparison.explainable else { return nil }
    guard entry.name != models.entry.name else { return models }
    return FoldModels(entry, comparison) { onStep("\(entry.name) in each fold") }
  }

  private func report(_ studied: StudiedModel, _ ranges: RangeFigures?, _ worst: WorstRows) -> Report {
    let (experiment, dataset, folds) = (comparison.experiment, comparison.dataset, comparison.folds)
    let predictions = comparison.entries[0].entry.validation.predictions
    return Report(
      target: dataset.schema.target,
      scale: .init(
        label: comparison.scale.label(of: dataset.schema.target), isLogarithmic: comparison.scale.isLogarithmic,
        unit: comparison.scale.unit, reason: experiment.targetScale.reason),
      folds: .init(
        count: folds.count, repeats: experiment.repeats.count, kind: comparison.foldKind, seed: experiment.seed,
        heldOutPerLearned: folds.heldOutPerLearned),
      data: comparison.dataSheet(allowed: allowedLeaks, notes: notes, warnings: warnings),
      rankedBy: comparison.ranking.name, moreIsBetter: comparison.ranking.moreIsBetter,
      models: comparison.models(timed: isTimed), leftOut: leftOut, residuals: comparison.residuals, ranges: ranges,
      worstRows: worst, bags: comparison.entries.filter(\.isBag).map(\.name), blend: comparison.blend, studied: studied,
      origin: origin,
      outOfFold: OutOfFold(
        predicted: predictions, actual: dataset.target, isLogarithmic: comparison.scale.isLogarithmic,
        unit: comparison.scale.unit ?? 1, weights: dataset.weights))
  }
}
