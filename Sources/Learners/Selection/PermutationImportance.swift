internal import Linalg

/// How much a fitted learner loses when the values of one feature are shuffled among the rows.
///
/// For feature j: R² of the predictions for `data` less the R² after column j was permuted, over `repeats`
/// permutations. Near 0, or below by chance: the learner does not need it. Unlike the importance that a learner counts
/// while it is fitted, this one does not favour features with many values when `data` are rows that it has not seen.
/// Cost: features x repeats predictions of all rows.
/// Source: Breiman, "Random forests", Machine Learning 45, 2001, doi:10.1023/A:1010933404324, section 10.
public struct PermutationImportance: Sendable {
  /// One a feature.
  public let mean: [Double]
  /// Over the repeats, one a feature; NaN for a single repeat.
  public let standardDeviation: [Double]

  /// - Parameters:
  ///   - data: rows prepared as the learner's training rows were; their weights count in R².
  ///   - repeats: at least 1.
  public init(
    of model: some Regressor, on data: TrainingSet, repeats: Int = 5, seed: UInt64 = 0
  ) throws(PredictionError) {
    precondition(repeats >= 1, "PermutationImportance: \(repeats) repeats")
    let score = SquaredErrorShare(targets: data.y, weights: data.weights)
    try self.init(features: data.x.columns, rows: data.x.rows, repeats: repeats, seed: seed) {
      feature, order throws(PredictionError) in
      var x = data.x
      if let feature { for row in order.indices { x[row, feature] = data.x[order[row], feature] } }
      return score.explained(by: try model.predict(x))
    }
  }

  /// The features of a table, before they become columns: R² is that on the scale which the model was fitted on.
  /// - Parameters:
  ///   - target: one a row, finite. Where one has no logarithm and the scale is logarithmic, all figures are NaN.
  ///   - weights: what each row counts; nil where each counts once.
  public init(
    of model: Model, on data: FeatureColumns, target: [Double], weights: [Double]? = nil, repeats: Int = 5,
    seed: UInt64 = 0
  ) throws(PredictionError) {
    precondition(repeats >= 1, "PermutationImportance: \(repeats) repeats")
    precondition(
      target.count == data.rowCount, "PermutationImportance: \(target.count) targets of \(data.rowCount) rows")
    let scale = model.pipeline.target.targetScale
    let score = SquaredErrorShare(targets: target.map(scale.forward), weights: weights)
    try self.init(features: data.features.count, rows: data.rowCount, repeats: repeats, seed: seed) {
      feature, order throws(PredictionError) in
      var columns = data.columns
      if let feature { columns[feature] = order.map { data.columns[feature][$0] } }
      let shuffled = FeatureColumns(features: data.features, columns: columns, rowCount: data.rowCount)
      return score.explained(by: try model.predict(shuffled).map(scale.forward))
    }
  }

  /// - Parameter explained: R² where the values of a feature are put in this order; nil for none.
  private init(
    features: Int, rows: Int, repeats: Int, seed: UInt64,
    explained: @Sendable (_ feature: Int?, _ order: [Int]) throws(PredictionError) -> Double
  ) throws(PredictionError) {
    let before = try explained(nil, [])
    let losses = try Parallel.map(features * repeats) { index throws(PredictionError) -> Double in
      var random = RandomStream(seed: seed, purpose: Self.purpose, index: UInt64(index))
      return before - (try explained(index / repeats, random.permutation(rows)))
    }
    let perFeature = (0..<features).map { losses[$0 * repeats..<($0 + 1) * repeats] }
    let means = perFeature.map { $0.reduce(0, +) / Double(repeats) }
    mean = means
    standardDeviation = zip(perFeature, means).map { losses, mean in
      repeats == 1
        ? .nan
        : (losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(repeats)).squareRoot()
    }
  }

  private static let purpose = RandomPurpose("permutation-importance")
}

/// Weighted R² against fixed targets, computed in units of the largest target so that no square overflows.
private struct SquaredErrorShare: Sendable {
  private let targets: [Double]
  private let weights: [Double]?
  private let unit: Double
  private let total: Double

  init(targets: [Double], weights: [Double]?) {
    let unit = targets.reduce(0) { max($0, abs($1)) }
    let targets = targets.map { unit > 0 ? $0 / unit : 0 }
    let weight = weights?.reduce(0, +) ?? Double(targets.count)
    let mean = targets.indices.reduce(0) { $0 + (weights?[$1] ?? 1) / weight * targets[$1] }
    total = targets.indices.reduce(0) { $0 + (weights?[$1] ?? 1) * (targets[$1] - mean) * (targets[$1] - mean) }
    self.targets = targets
    self.weights = weights
    self.unit = unit
  }

  /// 1 - Σ w (y - p)² / Σ w (y - ȳ)²; 0 where the targets do not vary, NaN where one is NaN.
  func explained(by predictions: [Double]) -> Double {
    guard total != 0 else { return 0 }
    let residual = targets.indices.reduce(0) { sum, row in
      let error = targets[row] - predictions[row] / unit
      return sum + (weights?[row] ?? 1) * error * error
    }
    return 1 - residual / total
  }
}
