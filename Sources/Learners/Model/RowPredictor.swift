internal import Linalg

/// A model made ready to predict a few rows at a time, again and again.
///
/// The predictions are those of the model, to the bit: what the pipeline works out for every table (where the columns of
/// a feature begin, whether anything is encoded at all) is worked out once.
public struct RowPredictor: Sendable {
  private let learner: any Regressor
  /// The same, where it predicts several quantiles.
  private let quantileLearner: (any QuantileRegressor)?
  private let target: TargetTransform
  private let intervals: Intervals?
  private let encoders: [FeatureEncoder]
  /// First column of each feature.
  private let starts: [Int]
  private let columnCount: Int
  /// Whether the matrix is the features as they are.
  private let isIdentity: Bool
  /// Levels of the quantiles that the model predicts beside its predictions, ascending; empty for most.
  public let quantileLevels: [Double]

  public init(_ model: Model) {
    learner = model.learner
    quantileLearner = model.quantileLearner
    target = model.pipeline.target
    intervals = model.intervals
    encoders = model.pipeline.encoders
    columnCount = model.pipeline.columnCount
    quantileLevels = model.quantileLevels
    starts = encoders.reduce(into: [0]) { $0.append($0.last! + $1.width) }
    isIdentity = encoders.allSatisfy { encoder in
      if case .native(let native) = encoder { return native.codes == nil }
      return false
    }
  }

  /// One prediction a row, on the target's own scale: always finite.
  /// - Parameter values: row by row, each with the values of all features in the order of the pipeline: a number or the
  ///   index of a level (the number of levels for an unknown one), NaN where it is missing. Traps on a part of a row.
  public func predict(_ values: [Double]) throws(PredictionError) -> [Double] { try predictions(of: values).values }

  /// Predictions and, of a model of several, quantiles: no columns for a model that predicts one number a row.
  /// - Parameter values: as for `predict`.
  public func predictions(of values: [Double]) throws(PredictionError) -> Predictions {
    try Predictions(of: matrix(of: values), by: learner, quantiles: quantileLearner, target: target)
  }

  /// For each row the range that holds a share of the targets of rows like it, as `Model.ranges`.
  /// - Parameters:
  ///   - values: as for `predict`.
  ///   - predictions: what `predict` gives for them.
  public func ranges(
    of values: [Double], predictions: [Double], level: Double
  ) throws(IntervalError) -> [ClosedRange<Double>] {
    guard let intervals else { throw .none }
    let width = encoders.count
    return try intervals.ranges(level, predictions: predictions, target: target) { values[$0 * width + $1] }
  }

  private func matrix(of values: [Double]) -> Matrix<Double> {
    precondition(
      values.count % encoders.count == 0, "RowPredictor: \(values.count) values for \(encoders.count) features")
    let rows = values.count / encoders.count
    guard !isIdentity else { return Matrix(rows: rows, columns: columnCount, elements: values) }
    var elements = [Double](repeating: 0, count: rows * columnCount)
    var span = elements.mutableSpan
    for feature in encoders.indices {
      let (encoder, start) = (encoders[feature], starts[feature])
      for row in 0..<rows {
        encoder.encode(values[row * encoders.count + feature], into: &span, at: row * columnCount + start)
      }
    }
    return Matrix(rows: rows, columns: columnCount, elements: elements)
  }
}
