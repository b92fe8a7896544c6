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

extension ServedModel {
  /// nil for a model that predicts one number a row, as most do.
  func quantiles(of instances: Instances) throws(Problem) -> RowQuantiles? {
    let levels = predictor.quantileLevels
    guard !levels.isEmpty else { return nil }
    guard instances.rowCount > 0 else {
      return RowQuantiles(levels: levels, values: Matrix(rows: 0, columns: levels.count))
    }
    do throws(PredictionError) {
      return RowQuantiles(levels: levels, values: try predictor.predictQuantiles(instances.values))
    } catch {
      throw Self.problem(of: error)
    }
  }

  /// As `quantiles(of:)` for instances.
  func quantiles(of data: FeatureColumns) throws(PredictionError) -> RowQuantiles? {
    let levels = predictor.quantileLevels
    return levels.isEmpty ? nil : RowQuantiles(levels: levels, values: try model.predictQuantiles(data))
  }
}
