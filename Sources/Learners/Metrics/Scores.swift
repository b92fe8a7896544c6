public import Linalg

/// How good predictions are, over all rows that were predicted out of fold.
///
/// The deviations are over the folds, each scored by itself: how much a figure moves with the rows it is taken on. A fold whose
/// targets are all equal, such as one of a single row, has no R² and does not count; with fewer than two that have one
/// there is no deviation: it is NaN, as is every figure that is not defined.
public struct Scores: Sendable, Hashable, Codable {
  public let r2: Double
  public let r2Deviation: Double
  /// R² on the scale that all models are fitted on and ranked by. NaN where a target has no logarithm; a prediction that
  /// has none counts as the least target.
  public let r2Transformed: Double
  public let r2TransformedDeviation: Double
  public let rmse: Double
  public let mae: Double
  public let medianAbsoluteError: Double
  /// Of the order of all rows; NaN where the predictions or the targets have none.
  public let spearman: Double
  /// How good the predictions are as quantiles, one a level; nil where no quantile is asked for.
  public let quantiles: [QuantileScore]?
  /// Mean deviance, of a model that minimises it; nil for others.
  public let deviance: Double?

  /// - Parameters:
  ///   - weights: what each row counts; nil where each counts once.
  ///   - folds: fold of each row, -1 for a row that was not predicted; nil to score all rows at once.
  ///   - loss: what the model minimises.
  ///   - levels: what the predictions are also scored as; where there are none, the quantiles that the model estimates.
  ///   - quantiles: rows x those that the model estimates; nil where it predicts one number a row.
  ///   - tellsRowsApart: false where each fold's predictions are one number: then there is no order.
  public init(
    predictions: [Double], targets: [Double], weights: [Double]? = nil, folds: Folds? = nil, scale: TargetScale,
    loss: FittedLoss = .squared, levels: [Double] = [], quantiles: Matrix<Double>? = nil, tellsRowsApart: Bool = true
  ) {
    let scored =
      folds.map { folds in predictions.indices.filter { folds.assignments[$0] >= 0 } } ?? Array(predictions.indices)
    let overall = Part(rows: scored, predictions, targets, weights, scale)
    r2 = overall.r2
    r2Transformed = overall.r2Transformed
    rmse = overall.score(Metrics.rootMeanSquaredError)
    mae = overall.score(Metrics.meanAbsoluteError)
    medianAbsoluteError = overall.score(Metrics.medianAbsoluteError)
    spearman = tellsRowsApart ? overall.score(Metrics.spearman) : .nan
    self.quantiles = Self.quantileScores(overall, loss, levels: levels, quantiles: quantiles?.gathering(rows: scored))
    if case .deviance(let power) = loss, overall.targets.allSatisfy({ $0 > 0 || ($0 == 0 && power < 2) }) {
      deviance = Metrics.meanDeviance(
        predictions: overall.predictions, targets: overall.targets, power: power, weights: overall.weights)
    } else {
      deviance = nil
    }
    let parts =
      folds.map {
        Self.r2OfFolds(predictions: predictions, targets: targets, weights: weights, folds: $0, scale: scale)
      } ?? []
    r2Deviation = sampleDeviation(parts.map(\.r2).filter { !$0.isNaN })
    r2TransformedDeviation = sampleDeviation(parts.map(\.r2Transformed).filter { !$0.isNaN })
  }

  private static func quantileScores(
    _ part: Part, _ loss: FittedLoss, levels: [Double], quantiles: Matrix<Double>?
  ) -> [QuantileScore]? {
    var asked = levels
    if asked.isEmpty, case .quantiles(let own, _) = loss { asked = own }
    guard !asked.isEmpty else { return nil }
    // Columns are of the model's own levels.
    let own = quantiles.flatMap { $0.columns == asked.count ? $0 : nil }
    return QuantileScore.all(
      levels: asked, predictions: part.predictions, quantiles: own, targets: part.targets, weights: part.weights)
  }

  /// Means of the scores on several sets of folds; deviations are over the folds of all.
  /// - Parameter each: at least one, of the same model and rows.
  package init(averaging each: [Scores], r2OfFolds: [(r2: Double, r2Transformed: Double)]) {
    func mean(_ figure: (Scores) -> Double) -> Double { each.reduce(0) { $0 + figure($1) } / Double(each.count) }
    r2 = mean(\.r2)
    r2Transformed = mean(\.r2Transformed)
    rmse = mean(\.rmse)
    mae = mean(\.mae)
    medianAbsoluteError = mean(\.medianAbsoluteError)
    spearman = mean(\.spearman)
    quantiles = QuantileScore.means(of: each.compactMap(\.quantiles))
    let deviances = each.compactMap(\.deviance)
    deviance = deviances.count < each.count ? nil : deviances.reduce(0, +) / Double(each.count)
    r2Deviation = sampleDeviation(r2OfFolds.map(\.r2).filter { !$0.isNaN })
    r2TransformedDeviation = sampleDeviation(r2OfFolds.map(\.r2Transformed).filter { !$0.isNaN })
  }

  /// R² of each fold by itself, on both scales; NaN where its targets are all equal.
  package static func r2OfFolds(
    predictions: [Double], targets: [Double], weights: [Double]? = nil, folds: Folds, scale: TargetScale
  ) -> [(r2: Double, r2Transformed: Double)] {
    (0..<folds.count).map {
      let part = Part(rows: folds.testRows($0), predictions, targets, weights, scale)
      return (part.r2, part.r2Transformed)
    }
  }

  /// `r2Transformed` alone.
  public static func r2Transformed(
    predictions: [Double], targets: [Double], weights: [Double]? = nil, folds: Folds, scale: TargetScale
  ) -> Double {
    let scored = predictions.indices.filter { folds.assignments[$0] >= 0 }
    return Part(rows: scored, predictions, targets, weights, scale).r2Transformed
  }

  /// Some rows on both scales.
  private struct Part {
    let predictions: [Double]
    let targets: [Double]
    let weights: [Double]?
    let transformedPredictions: [Double]
    let transformedTargets: [Double]

    init(
      rows: [Int], _ allPredictions: [Double], _ allTargets: [Double], _ allWeights: [Double]?, _ scale: TargetScale
    ) {
      predictions = rows.map { allPredictions[$0] }
      targets = rows.map { allTargets[$0] }
      weights = allWeights.map { weights in rows.map { weights[$0] } }
      let least = targets.min() ?? 0
      transformedTargets = targets.map(scale.forward)
      transformedPredictions = predictions.map { prediction in
        let value = scale.forward(prediction)
        return value.isNaN && !prediction.isNaN ? scale.forward(least) : value
      }
    }

    func score(_ figure: (_ predictions: [Double], _ targets: [Double], _ weights: [Double]?) -> Double) -> Double {
      figure(predictions, targets, weights)
    }

    /// NaN where the targets do not vary.
    var r2: Double { isConstant ? .nan : score(Metrics.r2) }
    var r2Transformed: Double {
      isConstant
        ? .nan : Metrics.r2(predictions: transformedPredictions, targets: transformedTargets, weights: weights)
    }
    private var isConstant: Bool { targets.allSatisfy { $0 == targets[0] } }
  }
}

/// Sample standard deviation; NaN for fewer than two numbers.
private func sampleDeviation(_ numbers: [Double]) -> Double {
  guard numbers.count >= 2 else { return .nan }
  let mean = numbers.reduce(0, +) / Double(numbers.count)
  return (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count - 1)).squareRoot()
}
