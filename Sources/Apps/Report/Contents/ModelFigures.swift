/// How good a model is, and how sure that is.
package struct ModelFigures: Sendable, Encodable {
  package let name: String
  /// Over all rows left out, as `fit` tells them.
  package let scores: ScoreFigures
  /// The figure that models are ranked by, over all rows left out.
  package let figure: Double?
  /// The same, fold by fold: their mean and its interval.
  package let estimate: Estimate?
  package let figureOfFolds: [Double?]
  /// Nil for the last.
  package let againstNext: PairFigures?
  /// How the best compares with this one; nil for the best.
  package let bestAgainstIt: PairFigures?
  package let settings: [String: String]
  /// "mean", "median" or "quantile 0.95".
  package let predicts: String
  /// Of the model file.
  package let bytes: Int
  /// Nil where times are not wanted.
  package let times: Times?

  package struct Times: Sendable, Encodable {
    /// Mean over folds.
    package let fitSeconds: Double
    package let predictSecondsPerThousandRows: Double
  }

  /// One model less another, on the same folds. Positive: the first is better.
  package struct PairFigures: Sendable, Encodable {
    package let other: String
    package let difference: Estimate
    /// The probability that the first is better; nil for a single fold.
    package let chance: Double?
  }
}

/// Scores by the names that `fit --json` has for them.
package struct ScoreFigures: Sendable, Encodable {
  package let r2: Double?
  package let r2Deviation: Double?
  package let r2Transformed: Double?
  package let r2TransformedDeviation: Double?
  package let rmse: Double?
  package let mae: Double?
  package let medianAbsoluteError: Double?
  package let spearman: Double?

  private enum CodingKeys: String, CodingKey {
    case r2, rmse, mae, spearman
    case r2Deviation = "r2_sd"
    case r2Transformed = "r2_transformed"
    case r2TransformedDeviation = "r2_transformed_sd"
    case medianAbsoluteError = "median_absolute_error"
  }
}

/// What a blend is made of, and what it gains.
package struct BlendFigures: Sendable, Encodable {
  package struct Member: Sendable, Encodable {
    package let name: String
    package let weight: Double
  }

  /// The heaviest first.
  package let members: [Member]
  /// Over the best single model.
  package let gain: ModelFigures.PairFigures?
}
