/// How good predictions are, over all rows that were predicted out of fold.
///
/// The deviations are over the folds, each scored by itself: how much a figure moves with the rows it is taken on.
public struct Scores: Sendable, Hashable, Codable {
  public let r2: Double
  public let r2Deviation: Double
  /// R² on the scale that the learner was fitted on: ln(1 + target) where the target transform is on.
  public let r2Transformed: Double
  public let r2TransformedDeviation: Double
  public let rmse: Double
  public let mae: Double
  public let medianAbsoluteError: Double
  public let spearman: Double

  /// - Parameter folds: fold of each row, -1 for a row that was not predicted; nil to score all rows at once.
  public init(predictions: [Double], targets: [Double], folds: Folds? = nil, isLogarithmic: Bool) {
    let scored =
      folds.map { folds in predictions.indices.filter { folds.assignments[$0] >= 0 } } ?? Array(predictions.indices)
    let overall = Part(rows: scored, predictions, targets, isLogarithmic)
    r2 = Metrics.r2(predictions: overall.predictions, targets: overall.targets)
    r2Transformed = Metrics.r2(predictions: overall.transformedPredictions, targets: overall.transformedTargets)
    rmse = Metrics.rootMeanSquaredError(predictions: overall.predictions, targets: overall.targets)
    mae = Metrics.meanAbsoluteError(predictions: overall.predictions, targets: overall.targets)
    medianAbsoluteError = Metrics.medianAbsoluteError(predictions: overall.predictions, targets: overall.targets)
    spearman = Metrics.spearman(predictions: overall.predictions, targets: overall.targets)
    let parts =
      folds.map { folds in
        (0..<folds.count).map { Part(rows: folds.testRows($0), predictions, targets, isLogarithmic) }
      } ?? []
    r2Deviation = sampleDeviation(parts.map { Metrics.r2(predictions: $0.predictions, targets: $0.targets) })
    r2TransformedDeviation = sampleDeviation(
      parts.map { Metrics.r2(predictions: $0.transformedPredictions, targets: $0.transformedTargets) })
  }

  /// `r2Transformed` alone.
  public static func r2Transformed(
    predictions: [Double], targets: [Double], folds: Folds, isLogarithmic: Bool
  ) -> Double {
    let scored = predictions.indices.filter { folds.assignments[$0] >= 0 }
    let part = Part(rows: scored, predictions, targets, isLogarithmic)
    return Metrics.r2(predictions: part.transformedPredictions, targets: part.transformedTargets)
  }

  /// Some rows on both scales.
  private struct Part {
    let predictions: [Double]
    let targets: [Double]
    let transformedPredictions: [Double]
    let transformedTargets: [Double]

    init(rows: [Int], _ allPredictions: [Double], _ allTargets: [Double], _ isLogarithmic: Bool) {
      predictions = rows.map { allPredictions[$0] }
      targets = rows.map { allTargets[$0] }
      // A prediction may be below -1 only where a fold did without the logarithm.
      transformedPredictions = isLogarithmic ? predictions.map { signedLog1p($0) } : predictions
      transformedTargets = isLogarithmic ? targets.map { signedLog1p($0) } : targets
    }
  }
}

/// Sample standard deviation; 0 for fewer than two numbers.
private func sampleDeviation(_ numbers: [Double]) -> Double {
  guard numbers.count >= 2 else { return 0 }
  let mean = numbers.reduce(0, +) / Double(numbers.count)
  return (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count - 1)).squareRoot()
}
