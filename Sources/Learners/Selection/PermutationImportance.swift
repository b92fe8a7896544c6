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
  /// Over the repeats, one a feature; 0 for a single repeat.
  public let standardDeviation: [Double]

  /// - Parameters:
  ///   - data: rows prepared as the learner's training rows were; their weights count in R².
  ///   - repeats: at least 1.
  public init(
    of model: some Regressor, on data: TrainingSet, repeats: Int = 5, seed: UInt64 = 0
  ) throws(PredictionError) {
    precondition(repeats >= 1, "PermutationImportance: \(repeats) repeats")
    let score = SquaredErrorShare(data)
    let before = score.explained(by: try model.predict(data.x))
    let losses = try Parallel.map(data.x.columns * repeats) { index throws(PredictionError) -> Double in
      let feature = index / repeats
      var random = RandomStream(seed: seed, purpose: Self.purpose, index: UInt64(index))
      let order = random.permutation(data.x.rows)
      var x = data.x
      for row in order.indices { x[row, feature] = data.x[order[row], feature] }
      return before - score.explained(by: try model.predict(x))
    }
    let perFeature = (0..<data.x.columns).map { losses[$0 * repeats..<($0 + 1) * repeats] }
    let means = perFeature.map { $0.reduce(0, +) / Double(repeats) }
    mean = means
    standardDeviation = zip(perFeature, means).map { losses, mean in
      (losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(repeats)).squareRoot()
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

  init(_ data: TrainingSet) {
    let unit = data.y.reduce(0) { max($0, abs($1)) }
    let targets = data.y.map { unit > 0 ? $0 / unit : 0 }
    let weights = data.weights
    let weight = data.totalWeight
    let mean = targets.indices.reduce(0) { $0 + (weights?[$1] ?? 1) / weight * targets[$1] }
    total = targets.indices.reduce(0) { $0 + (weights?[$1] ?? 1) * (targets[$1] - mean) * (targets[$1] - mean) }
    self.targets = targets
    self.weights = weights
    self.unit = unit
  }

  /// 1 - Σ w (y - p)² / Σ w (y - ȳ)²; 0 where the targets do not vary.
  func explained(by predictions: [Double]) -> Double {
    guard total > 0 else { return 0 }
    let residual = targets.indices.reduce(0) { sum, row in
      let error = targets[row] - predictions[row] / unit
      return sum + (weights?[row] ?? 1) * error * error
    }
    return 1 - residual / total
  }
}
