package import Learners

/// A model of the comparison fitted in each fold again: what it does with rows that it has not seen.
package struct FoldModels {
  package let comparison: Comparison
  package let entry: Comparison.Entry
  /// One a fold; empty where one could not be fitted.
  package let models: [Model]

  package init(_ entry: Comparison.Entry, _ comparison: Comparison, onFold: () -> Void) {
    self.comparison = comparison
    self.entry = entry
    var models: [Model] = []
    for fold in 0..<comparison.folds.count {
      guard let model = try? comparison.fit(entry, rows: comparison.folds.trainingRows(fold)) else { break }
      models.append(model)
      onFold()
    }
    self.models = models.count == comparison.folds.count ? models : []
  }
}

extension Comparison {
  internal func fit(_ entry: Entry, rows: [Int]) throws(FitError) -> Model {
    try entry.entry.candidate.fit(
      dataset, rows: rows, scale: scale, options: experiment.options, seed: experiment.seed)
  }
}

/// So many of some rows at most, evenly spread.
internal func evenly(_ rows: [Int], most count: Int) -> [Int] {
  guard rows.count > count else { return rows }
  return (0..<count).map { rows[$0 * rows.count / count] }
}
