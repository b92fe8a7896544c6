internal import Linalg

/// One course of boosting: trees that each correct what those before have left.
///
/// It learns from the `training` rows alone. Where there are `validation` rows, the loss on them is followed, and the
/// trees are cut off where it was smallest.
internal struct BoostingRun: Sendable {
  /// The best constant score of the training rows.
  let base: Double
  private(set) var trees: [BoostedTree] = []
  /// Mean loss of the validation rows after 0, 1, … trees; empty without such rows.
  private(set) var validationLoss: [Double] = []

  /// What the trees so far add up to, for every row.
  private var scores: [Double]
  /// The rows that the next tree is grown on, and all others.
  private var bag = RowPartition()
  private var others = RowPartition()

  /// Trees without a split, one after the other, that end the run: sampling finds nothing any more.
  private static let patienceForStumps = 10

  /// - Parameter index: tells runs of one fit apart, so that their random numbers differ.
  init(
    on rows: BinnedRows, objective: Objective, training: [UInt32], validation: [UInt32],
    parameters: Boosting.Parameters, seed: UInt64, index: Int
  ) {
    base = objective.bestConstant(rows: training)
    scores = Array(repeating: base, count: rows.count)
    var gradients = QuantizedGradients(rows: rows.count, hasUnitHessian: objective.hasUnitHessian)
    var grower = Grower(
      rows, rules: SplitRules(parameters), maxLeaves: parameters.maxLeaves, maxDepth: parameters.maxDepth,
      width: gradients.width)
    let sampler = Sampler(parameters, featureCount: rows.binning.features.count, seed: seed, run: index)
    var stopping = EarlyStopping(rounds: parameters.earlyStoppingRounds)
    follow(validation, objective)
    var stumps = 0
    for iteration in 0..<parameters.maxIterations where stumps < (sampler.isSampling ? Self.patienceForStumps : 1) {
      guard gradients.update(objective, scores: scores) else { break }
      draw(training, validation, sampler, iteration: iteration)
      let features = sampler.features(iteration: iteration)
      var tree = grower.grow(&bag, gradients: gradients, features: features) { node in
        sampler.offered(of: features, iteration: iteration, node: node)
      }
      stumps = tree.nodes.count > 1 ? 0 : stumps + 1
      guard stumps == 0 else { continue }
      tree.setLeafValues(objective, bag, scores: scores, format: gradients.format, parameters)
      addLeaves(of: tree, rows)
      trees.append(tree)
      follow(validation, objective)
      if stopping.shouldStop(validationLoss) { break }
    }
    if !validation.isEmpty { trees.removeSubrange(EarlyStopping.best(validationLoss)...) }
  }

  private mutating func follow(_ validation: [UInt32], _ objective: Objective) {
    guard !validation.isEmpty else { return }
    validationLoss.append(objective.meanLoss(rows: validation, scores: scores))
  }

  private mutating func draw(_ training: [UInt32], _ validation: [UInt32], _ sampler: Sampler, iteration: Int) {
    var drawn: [UInt32] = []
    var rest = validation
    sampler.draw(training, iteration: iteration, bag: &drawn, rest: &rest)
    bag.reset(drawn)
    others.reset(rest)
  }

  /// Adds the new tree to the scores of all rows. Those that it did not grow on are parted at its splits first.
  private mutating func addLeaves(of tree: BoostedTree, _ rows: BinnedRows) {
    var places = [Range<Int>](repeating: 0..<0, count: tree.nodes.count)
    places[0] = others.list.indices
    for (index, node) in tree.nodes.enumerated() {
      guard let split = node.split else {
        for row in bag.list[node.rows] { scores[Int(row)] += node.value }
        for row in others.list[places[index]] { scores[Int(row)] += node.value }
        continue
      }
      let middle = others.split(places[index], bins: rows.bins(ofFeature: split.feature), by: split.left)
      places[node.left] = places[index].lowerBound..<middle
      places[node.right] = middle..<places[index].upperBound
    }
  }
}

extension BoostedTree {
  /// The step of every leaf, shrunk by the learning rate.
  fileprivate mutating func setLeafValues(
    _ objective: Objective, _ bag: RowPartition, scores: [Double], format: WordFormat,
    _ parameters: Boosting.Parameters
  ) {
    for index in nodes.indices where nodes[index].split == nil {
      let step: Double
      if objective.renewsLeaves {
        let residuals = bag.list[nodes[index].rows].map { row in
          (value: objective.targets[Int(row)] - scores[Int(row)], weight: objective.weight(row))
        }
        step = weightedQuantile(residuals, level: objective.level)
      } else {
        step = objective.step(
          gradient: format.gradient(nodes[index].sum) / format.gradientScale,
          hessian: format.hessian(nodes[index].sum) / format.hessianScale, l2: parameters.l2Regularization)
      }
      nodes[index].value = parameters.learningRate * step
    }
  }
}

extension SplitRules {
  fileprivate init(_ parameters: Boosting.Parameters) {
    self.init(
      minSamplesLeaf: parameters.leastRowsOfLeaf, minSplitGain: parameters.minSplitGain,
      l2: parameters.l2Regularization, categorySmoothing: parameters.categorySmoothing,
      categoryL2: parameters.categoryL2)
  }
}

/// Watches a curve of losses for its lowest point.
internal struct EarlyStopping: Sendable {
  private let rounds: Int
  private var bestAt = 0

  /// - Parameter rounds: losses in a row that are no better than the best before, at which to stop.
  init(rounds: Int) { self.rounds = rounds }

  /// To be called after each new element of `curve`.
  mutating func shouldStop(_ curve: [Double]) -> Bool {
    guard let latest = curve.indices.last else { return false }
    if curve[latest] < curve[bestAt] { bestAt = latest }
    return latest - bestAt >= rounds
  }

  /// The first index of the lowest loss.
  static func best(_ curve: [Double]) -> Int {
    curve.indices.min { curve[$0] < curve[$1] } ?? 0
  }
}
