public import Linalg

/// A learner that predicts several quantiles of the target at once.
public protocol QuantileRegressor: Regressor {
  /// The levels, ascending; empty for a model that predicts one number a row.
  var quantileLevels: [Double] { get }

  /// samples x levels. In no row does a quantile lie below that of a lower level; `predict` gives one of the columns.
  func predictQuantiles(_ x: Matrix<Double>) throws(PredictionError) -> Matrix<Double>
}

extension Model {
  /// Levels of the quantiles that the model predicts; empty for most.
  public var quantileLevels: [Double] { (learner as? any QuantileRegressor)?.quantileLevels ?? [] }

  /// Quantiles on the target's own scale, rows x levels; no columns for a model that predicts one number a row.
  ///
  /// The way back to the target's scale rises, and the quantile of a rising function is the function of the quantile.
  public func predictQuantiles(_ data: FeatureColumns) throws(PredictionError) -> Matrix<Double> {
    guard let learner = learner as? any QuantileRegressor, !learner.quantileLevels.isEmpty else {
      return Matrix(rows: data.rowCount, columns: 0)
    }
    let found = try learner.predictQuantiles(pipeline.matrix(of: Array(0..<data.rowCount), in: data))
    return Matrix(rows: found.rows, columns: found.columns, elements: pipeline.target.inverse(found.elements))
  }
}
