internal import Learners
internal import Linalg
internal import NIOCore
internal import Page

/// What a model of several quantiles predicts of some rows, beside its predictions.
package struct RowQuantiles: Sendable {
  /// Ascending.
  let levels: [Double]
  /// rows x levels.
  let values: Matrix<Double>

  /// nil for a model that predicts one number a row, as most do.
  init?(_ predictions: Predictions, levels: [Double]) {
    guard !levels.isEmpty else { return nil }
    self.levels = levels
    values = predictions.quantiles
  }

  /// `,"quantiles":{"0.1":3.5,"0.9":17.0}`, as it stands behind a prediction.
  func write(row: Int, to buffer: inout ByteBuffer) {
    buffer.writeStaticString(",\"quantiles\":{")
    for (column, level) in levels.enumerated() {
      buffer.writeString("\(column == 0 ? "" : ",")\"\(level)\":")
      buffer.writeJSON(values[row, column])
    }
    buffer.writeStaticString("}")
  }

  /// By level; nil where a number is beyond all that JSON has.
  func named(row: Int) -> [String: Double?] {
    Dictionary(
      uniqueKeysWithValues: levels.indices.map { column in
        let value = values[row, column]
        return ("\(levels[column])", value.isFinite ? value : nil)
      })
  }

  /// From the lowest level to the highest; nil where there is only one.
  func interval(row: Int) -> PredictedInterval? {
    guard let first = levels.first, let last = levels.last, levels.count > 1 else { return nil }
    return PredictedInterval(low: values[row, 0], high: values[row, levels.count - 1], share: last - first)
  }
}
