public import Linalg

/// What a model predicts of some rows, on the target's own scale.
public struct Predictions: Sendable {
  /// One number a row: always finite.
  public let values: [Double]
  /// rows x levels; no columns for a model that predicts one number a row.
  public let quantiles: Matrix<Double>

  internal init(values: [Double], quantiles: Matrix<Double>) {
    self.values = values
    self.quantiles = quantiles
  }

  /// One that predicts several quantiles is asked for them.
  internal init(of x: Matrix<Double>, by learner: any Regressor, target: TargetTransform) throws(PredictionError) {
    let several = (learner as? any QuantileRegressor).flatMap { $0.quantileLevels.isEmpty ? nil : $0 }
    try self.init(of: x, by: learner, quantiles: several, target: target)
  }

  /// Asks the learner once, whether it predicts one number a row or several.
  ///
  /// The way back to the target's scale rises, and the quantile of a rising function is the function of the quantile.
  internal init(
    of x: Matrix<Double>, by learner: any Regressor, quantiles quantileLearner: (any QuantileRegressor)?,
    target: TargetTransform
  ) throws(PredictionError) {
    guard let quantileLearner else {
      values = target.inverse(try learner.predict(x))
      quantiles = Matrix(rows: x.rows, columns: 0)
      return
    }
    let found = try quantileLearner.predictQuantiles(x)
    quantiles = Matrix(rows: found.rows, columns: found.columns, elements: target.inverse(found.elements))
    values = quantiles.column(quantileLearner.predictedLevel)
  }
}

extension Model {
  /// The learner, where it predicts several quantiles.
  internal var quantileLearner: (any QuantileRegressor)? {
    guard let learner = learner as? any QuantileRegressor, !learner.quantileLevels.isEmpty else { return nil }
    return learner
  }

  /// Levels of the quantiles that the model predicts; empty for most.
  public var quantileLevels: [Double] { quantileLearner?.quantileLevels ?? [] }

  /// Predictions and, of a model of several, quantiles.
  public func predictions(of data: FeatureColumns) throws(PredictionError) -> Predictions {
    try Predictions(
      of: pipeline.matrix(of: Array(0..<data.rowCount), in: data), by: learner, quantiles: quantileLearner,
      target: pipeline.target)
  }

  /// Quantiles on the target's own scale, rows x levels; no columns for a model that predicts one number a row.
  public func predictQuantiles(_ data: FeatureColumns) throws(PredictionError) -> Matrix<Double> {
    guard quantileLearner != nil else { return Matrix(rows: data.rowCount, columns: 0) }
    return try predictions(of: data).quantiles
  }
}
