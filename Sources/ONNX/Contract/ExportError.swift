/// Why a model has no ONNX form.
public enum ExportError: Error, Equatable, Sendable {
  /// It predicts several quantiles at once.
  case quantiles
  /// A learner that is not known here.
  case learner(String)
  /// A protobuf message has at most 2 GiB.
  case tooLarge(bytes: Int)
  /// Columns of a matrix were named for a model that has categories.
  case matrixOfCategories(feature: String)
  /// The columns of the matrix that are named are not there, or not one a feature.
  case columns(String)
}

extension ExportError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .quantiles: "several quantiles at once have no ONNX form: fit one level (loss=quantile), a model for each"
    case .learner(let name): "the learner \(name) has no ONNX form: export another model"
    case .tooLarge(let bytes):
      "an ONNX file has at most 2 GiB, and this model would take \(bytes) bytes: fit fewer or smaller trees"
    case .matrixOfCategories(let feature):
      "\(feature) is a category, which is no column of a matrix of numbers: leave out the places of columns"
    case .columns(let reason): "places of columns: \(reason)"
    }
  }
}
