public import Linalg

/// A learner that predicts several quantiles of the target at once.
public protocol QuantileRegressor: Regressor {
  /// The levels, ascending; empty for a model that predicts one number a row.
  var quantileLevels: [Double] { get }

  /// The column of `predictQuantiles` that `predict` gives; 0 where there are no levels.
  var predictedLevel: Int { get }

  /// samples x levels. In no row does a quantile lie below that of a lower level.
  func predictQuantiles(_ x: Matrix<Double>) throws(PredictionError) -> Matrix<Double>
}
