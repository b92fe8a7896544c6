/// What a learner minimises, as far as it decides which number of the target's distribution is predicted and what
/// settings are judged by.
public enum FittedLoss: Sendable, Hashable {
  /// Squared errors: the mean.
  case squared
  /// Absolute errors: the median.
  case absolute
  /// Absolute errors beyond some size: what is near the median.
  case insensitive
  /// Pinball losses of these levels, ascending; `predicted` is the one of `predict`.
  case quantiles([Double], predicted: Double)
  /// The deviance of a distribution whose variance grows as this power of the mean: the mean of amounts that are not
  /// negative. The learner puts the target on a logarithmic scale itself.
  case deviance(power: Double)

  /// The number of a row's distribution that minimises it.
  public var statistic: Statistic {
    switch self {
    case .squared, .deviance: .mean
    case .absolute, .insensitive: .median
    case .quantiles(_, let level): level == 0.5 ? .median : .quantile(level)
    }
  }
}

/// Which number of the distribution of a row's target is predicted.
public enum Statistic: Sendable, Hashable {
  case mean
  case median
  case quantile(Double)
}

extension Statistic: CustomStringConvertible {
  /// "mean", "median" or "quantile 0.95".
  public var description: String {
    switch self {
    case .mean: "mean"
    case .median: "median"
    case .quantile(let level): "quantile \(level)"
    }
  }
}
