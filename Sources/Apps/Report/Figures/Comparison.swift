package import Learners

/// The comparison that a report is about.
package struct Comparison: Sendable {
  /// A model of it.
  package struct Entry: Sendable {
    package let entry: Experiment.Entry
    /// Fitted to all rows.
    package let model: Model
    /// Of its file.
    package let bytes: Int

    package init(_ entry: Experiment.Entry, model: Model, bytes: Int) {
      (self.entry, self.model, self.bytes) = (entry, model, bytes)
    }

    package var name: String { entry.candidate.name }
    internal var isBlend: Bool { name == Blend.name }
    /// Whether the model is the mean of those of the folds.
    internal var isBag: Bool { !isBlend && model.learner is Blend }
  }

  package let experiment: Experiment
  /// Best first.
  package let entries: [Entry]
  package let ranking: RankingFigure
  package let foldKind: Report.FoldSheet.Kind

  /// - Parameters:
  ///   - entries: at least one.
  ///   - foldsAreGiven: whether somebody else has chosen the folds.
  package init(_ experiment: Experiment, _ entries: [Entry], ranking: RankingFigure, foldsAreGiven: Bool) {
    precondition(!entries.isEmpty, "Comparison: no models")
    self.experiment = experiment
    self.ranking = ranking
    // What ranks equal stays in the order that it came in.
    let order = entries.indices.sorted { a, b in
      let (first, second) = (ranking.cost(of: entries[a].entry.scores), ranking.cost(of: entries[b].entry.scores))
      return first == second ? a < b : first < second
    }
    self.entries = order.map { entries[$0] }
    foldKind =
      foldsAreGiven
      ? .given
      : experiment.folds.trainsOnThePast ? .time : experiment.dataset.groups == nil ? .rows : .groups
  }

  internal var dataset: Dataset { experiment.dataset }
  internal var folds: Folds { experiment.folds }
  internal var scale: TargetScale { experiment.targetScale.scale }

  /// The best that is fitted to rows; the baseline only where there is nothing else.
  package var studied: Entry {
    let fitted = entries.filter { !$0.isBlend }
    return fitted.first ?? entries[0]
  }

  /// Targets, and predictions of a model, on the scale of fitting.
  internal func errors(of entry: Entry) -> [(row: Int, predicted: Double, error: Double)] {
    let predictions = entry.entry.validation.predictions
    return predictions.indices.compactMap { row in
      guard folds.assignments[row] >= 0, predictions[row].isFinite else { return nil }
      let predicted = scale.location(of: predictions[row])
      let error = scale.forward(dataset.target[row]) - predicted
      return error.isFinite ? (row, predicted, error) : nil
    }
  }

  /// What some rows count; nil where each counts once.
  internal func weights(of rows: [Int]) -> [Double]? { dataset.weights(of: rows) }

  /// Some rows of the features.
  package func features(_ rows: [Int]) -> FeatureColumns {
    let all = dataset.features
    return FeatureColumns(
      features: all.features, columns: all.columns.map { column in rows.map { column[$0] } }, rowCount: rows.count)
  }
}

extension Estimate {
  internal init(_ mean: FoldMean) {
    let interval = mean.interval()
    self.init(mean: mean.mean, low: interval?.lowerBound, high: interval?.upperBound)
  }
}

extension Double {
  internal var finiteOrNil: Double? { isFinite ? self : nil }
}
