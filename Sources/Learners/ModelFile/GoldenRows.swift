internal import Linalg

/// A few training rows with what the model predicted for them when it was saved.
///
/// They are predicted again whenever the file is loaded: a program that computes something else must not serve it.
public struct GoldenRows: Sendable {
  /// At most this many rows are kept, evenly spread over the training rows.
  public static let count = 8

  public let rows: FeatureColumns
  public let predictions: [Double]

  internal init(of model: Model, from data: FeatureColumns) throws(PredictionError) {
    let kept = min(Self.count, data.rowCount)
    let chosen = (0..<kept).map { $0 * data.rowCount / kept }
    rows = FeatureColumns(
      features: data.features, columns: data.columns.map { column in chosen.map { column[$0] } }, rowCount: kept)
    predictions = try model.predict(rows)
  }

  internal func encode(into tensors: inout TensorStore) {
    let inputs = Matrix(rows: rows.rowCount, columns: rows.columns.count) { rows.columns[$1][$0] }
    tensors.set("golden.inputs", shape: [inputs.rows, inputs.columns], .float64(inputs.elements))
    tensors.set("golden.predictions", shape: [predictions.count], .float64(predictions))
  }

  internal init(decoding tensors: TensorStore, features: [Feature]) throws(ModelFileError) {
    predictions = try tensors.float64("golden.predictions", shape: [nil])
    guard !predictions.isEmpty else { throw .missingTensor("golden.predictions") }
    let inputs = try tensors.float64("golden.inputs", shape: [predictions.count, features.count], finite: false)
    let matrix = Matrix(rows: predictions.count, columns: features.count, elements: inputs)
    let columns = features.indices.map { matrix.column($0) }
    for (index, feature) in features.enumerated() {
      guard columns[index].allSatisfy({ feature.accepts($0) }) else {
        throw .invalidValue(tensor: "golden.inputs", index: index, reason: "is no value of feature \(feature.name)")
      }
    }
    rows = FeatureColumns(features: features, columns: columns, rowCount: predictions.count)
  }

  /// Throws `.goldenRowMismatch` where the model predicts something else now.
  ///
  /// Another CPU may round differently: double-precision learners have to agree to 1e-9 of the largest golden
  /// prediction, single-precision ones to 1e-4.
  internal func check(_ model: Model) throws(ModelFileError) {
    let found: [Double]
    do throws(PredictionError) { found = try model.predict(rows) } catch {
      throw .invalidMetadata(key: "pipeline", reason: "the golden rows cannot be predicted: \(error)")
    }
    let scale = predictions.reduce(0) { max($0, abs($1)) }
    let tolerance = type(of: model.learner).computesInSinglePrecision ? 1e-4 : 1e-9
    for row in predictions.indices where !(abs(found[row] - predictions[row]) <= tolerance * scale) {
      throw .goldenRowMismatch(row: row, expected: predictions[row], found: found[row])
    }
  }
}

extension Feature {
  /// True for what a column of this feature can hold: a finite number, or the index of a level, or NaN where missing.
  internal func accepts(_ value: Double) -> Bool {
    guard !value.isNaN else { return true }
    guard let levels else { return value.isFinite }
    return value >= 0 && value <= Double(levels.count) && value == value.rounded()
  }
}
