/// Which number of each row's distribution is asked for.
public enum WantedStatistic: String, Sendable, Hashable, CaseIterable {
  case mean
  case median
}

/// Why a model cannot give the number that is asked for.
public enum StatisticError: Error, Equatable, Sendable {
  case onlyMeans
  case onlyQuantile(Double)
  /// It predicts medians, and nothing is known of what the means are.
  case noCorrection
}

extension StatisticError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .onlyMeans: "the model predicts means, and nothing in it tells the medians"
    case .onlyQuantile(let level): "the model predicts the quantile \(level), and nothing in it tells another number"
    case .noCorrection: "the model predicts medians, and has no residuals of rows that it was not fitted on"
    }
  }
}

extension Model {
  /// Which number of a row's distribution `predict` gives.
  ///
  /// A mean of logarithms, taken back, is no mean: it is the median where the logarithms are spread evenly to both sides.
  public var statistic: Statistic {
    let statistic = fittedLoss.statistic
    return statistic == .mean && pipeline.target.isLogarithmic ? .median : statistic
  }

  /// What its learner minimised.
  public var fittedLoss: FittedLoss { learner.fittedLoss }

  /// Whether means can be asked for.
  public var canPredictMeans: Bool { statistic == .mean || (statistic == .median && meanCorrection != nil) }

  /// What has to be done with predictions to get the number that is wanted; nil where they are it already.
  public func correction(to wanted: WantedStatistic?) throws(StatisticError) -> MeanCorrection? {
    switch (wanted, statistic) {
    case (nil, _), (.mean, .mean), (.median, .median): return nil
    case (_, .quantile(let level)): throw .onlyQuantile(level)
    case (.median, .mean): throw .onlyMeans
    case (.mean, .median):
      guard let meanCorrection else { throw .noCorrection }
      return meanCorrection
    }
  }

  /// The same model with a correction that was learned from out-of-fold predictions on the target's own scale; itself where it
  /// predicts no medians, or where there are too few rows.
  /// - Parameters:
  ///   - predictions: NaN for a row that was not predicted.
  ///   - weights: one a row; nil where each counts once.
  public func correctingMeans(predictions: [Double], targets: [Double], weights: [Double]? = nil) -> Model {
    guard statistic == .median else { return self }
    var model = self
    model.meanCorrection = MeanCorrection(
      predictions: predictions, targets: targets, weights: weights, offset: pipeline.target.targetScale.unit)
    return model
  }
}
