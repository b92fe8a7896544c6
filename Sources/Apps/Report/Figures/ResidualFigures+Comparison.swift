internal import Learners

extension Comparison {
  /// Errors of the best model in ten parts of its predictions, fewer where there are few rows.
  package var residuals: ResidualFigures {
    let entry = entries[0]
    let errors = errors(of: entry).sorted { ($0.predicted, $0.row) < ($1.predicted, $1.row) }
    let count = min(10, max(1, errors.count / 10))
    let parts =
      errors.isEmpty
      ? []
      : (0..<count).map { part in
        self.part(Array(errors[errors.count * part / count..<errors.count * (part + 1) / count]), of: entry)
      }
    return ResidualFigures(model: entry.name, parts: parts)
  }

  private func part(
    _ rows: [(row: Int, predicted: Double, error: Double)], of entry: Entry
  ) -> ResidualFigures.Part {
    let predictions = rows.map { entry.entry.validation.predictions[$0.row] }
    let errors = rows.map(\.error)
    let counted = RowCounts(weights(of: rows.map(\.row)), count: rows.count)
    return ResidualFigures.Part(
      rows: rows.count, from: predictions.min() ?? .nan, to: predictions.max() ?? .nan,
      mean: counted.mean(of: errors), low: counted.quantile(of: errors, 0.1),
      median: counted.quantile(of: errors, 0.5), high: counted.quantile(of: errors, 0.9),
      rmse: counted.mean(of: errors.map { $0 * $0 }).squareRoot())
  }
}

/// Between neighbours in proportion, as NumPy does it at its defaults.
/// - Parameter sorted: at least one.
package func interpolated(_ sorted: [Double], at share: Double) -> Double {
  let place = share * Double(sorted.count - 1)
  let below = min(Int(place), sorted.count - 1)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
}
