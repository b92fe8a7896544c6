/// How one feature becomes columns of a matrix: learned from the training rows, applied to all.
public enum FeatureEncoder: Sendable, Hashable {
  /// The feature as it is; missing values stay missing.
  case native(NativeEncoder)
  /// A number, imputed, shaped, scaled.
  case numeric(NumericEncoder)
  /// A text, one column a level.
  case oneHot(OneHotEncoder)

  /// Number of columns that the feature becomes; 0 for a feature that does not vary in the training rows.
  public var width: Int {
    switch self {
    case .native: 1
    case .numeric(let encoder): encoder.width
    case .oneHot(let encoder): encoder.width
    }
  }

  /// Writes the columns of one value to `row[start..<start + width]`.
  @inline(__always)
  internal func encode(_ value: Double, into row: inout MutableSpan<Double>, at start: Int) {
    switch self {
    case .native(let encoder): row[start] = encoder.encode(value)
    case .numeric(let encoder): encoder.encode(value, into: &row, at: start)
    case .oneHot(let encoder): encoder.encode(value, into: &row, at: start)
    }
  }
}
