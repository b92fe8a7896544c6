import Glibc
import Learners
import Linalg

/// The slow, plain twin of `Boosting`: sums in Double over the rows themselves, every cut, every way of the missing
/// values and every set of categories tried. No bins, no histograms, no fixed point. All rows, no sampling.
struct NaiveBooster {
  struct Settings {
    var iterations = 5
    var learningRate = 0.3
    var maxLeaves = 8
    var minSamplesLeaf = 3
    var l2 = 1.0
  }

  private struct Leaf {
    var rows: [Int]
    var best: (gain: Double, left: [Int], right: [Int])?
  }

  /// The scores of the training rows after all trees.
  private(set) var scores: [Double]
  private let x: Matrix<Double>
  private let kinds: [FeatureKind]
  private let settings: Settings
  /// λ: of a loss with a logarithm in units of its usual second derivative.
  private let penalty: Double
  private var gradients: [Double] = []
  private var hessians: [Double] = []

  init(_ training: TrainingSet, loss: Boosting.Loss, settings: Settings) {
    x = training.x
    kinds = training.kinds
    self.settings = settings
    let weights = training.weights ?? Array(repeating: 1, count: training.y.count)
    let objective = Objective(loss: loss, quantile: 0.5, targets: training.y, weights: training.weights)
    penalty = settings.l2 * (loss.isLogarithmic ? objective.usualHessian : 1)
    scores = Array(repeating: objective.bestConstant(rows: training.y.indices.map { UInt32($0) }), count: x.rows)
    for _ in 0..<settings.iterations {
      gradients = scores.indices.map {
        objective.gradient(target: training.y[$0], score: scores[$0], weight: weights[$0])
      }
      hessians = scores.indices.map {
        objective.hessian(target: training.y[$0], score: scores[$0], weight: weights[$0])
      }
      for leaf in grow() {
        let step = objective.step(
          gradient: sum(gradients, leaf.rows), hessian: sum(hessians, leaf.rows), l2: penalty)
        for row in leaf.rows { scores[row] += settings.learningRate * step }
      }
    }
    guard loss.isLogarithmic else { return }
    // Predictions add up to the targets.
    let predicted = scores.indices.reduce(0) { $0 + weights[$1] * exp(scores[$1]) }
    let balance = log(scores.indices.reduce(0) { $0 + weights[$1] * training.y[$1] } / predicted)
    for row in scores.indices { scores[row] += balance }
  }

  private func grow() -> [Leaf] {
    var leaves = [leaf(Array(0..<x.rows))]
    while leaves.count < settings.maxLeaves {
      let candidates = leaves.indices.filter { leaves[$0].best != nil }
      guard let index = candidates.max(by: { leaves[$0].best!.gain < leaves[$1].best!.gain }) else { break }
      let best = leaves[index].best!
      leaves[index] = leaf(best.left)
      leaves.append(leaf(best.right))
    }
    return leaves
  }

  private func leaf(_ rows: [Int]) -> Leaf {
    var leaf = Leaf(rows: rows)
    for feature in kinds.indices {
      for left in leftSides(rows, feature) {
        let isLeft = Set(left)
        let right = rows.filter { !isLeft.contains($0) }
        guard min(left.count, right.count) >= settings.minSamplesLeaf else { continue }
        let gain = 0.5 * (score(left) + score(right) - score(rows))
        if gain > max(leaf.best?.gain ?? 0, 1e-12) { leaf.best = (gain, left, right) }
      }
    }
    return leaf
  }

  /// All ways to part the rows by a feature.
  private func leftSides(_ rows: [Int], _ feature: Int) -> [[Int]] {
    let missing = rows.filter { x[$0, feature].isNaN }
    let values = Set(rows.map { x[$0, feature] }.filter { !$0.isNaN }).sorted()
    switch kinds[feature] {
    case .numeric:
      return values.flatMap { value -> [[Int]] in
        let left = rows.filter { x[$0, feature] <= value }
        return missing.isEmpty ? [left] : [left, left + missing]
      }
    case .categorical:
      // Missing is one more level.
      return (1..<1 << values.count).flatMap { set -> [[Int]] in
        let levels = Set(values.indices.filter { set >> $0 & 1 == 1 }.map { values[$0] })
        let left = rows.filter { levels.contains(x[$0, feature]) }
        return missing.isEmpty ? [left] : [left, left + missing]
      }
    }
  }

  private func score(_ rows: [Int]) -> Double {
    let gradient = sum(gradients, rows)
    return gradient * gradient / (sum(hessians, rows) + penalty)
  }

  private func sum(_ numbers: [Double], _ rows: [Int]) -> Double { rows.reduce(0) { $0 + numbers[$1] } }
}
