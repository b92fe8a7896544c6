/// The rows that come to each node of a tree.
///
/// A tree is grown on a sample of the rows. What its leaves add is taken of all rows that the run learns from: that costs
/// little, for they go down the tree anyway, and is the better estimate, for they had no part in the choice of splits.
internal struct LeafRows {
  /// Those of the sample.
  let bag: RowPartition
  /// All others, and where those of each node are among them.
  let others: RowPartition
  let places: [Range<Int>]
  /// By row: whether it is learned from.
  let isLearned: [Bool]

  /// Rows of a node that are learned from but are not in the sample.
  func outOfSample(_ node: Int) -> [UInt32] {
    places[node].lazy.map { others.list[$0] }.filter { isLearned[Int($0)] }
  }
}

extension BoostedTree {
  /// The step of every leaf, shrunk by the learning rate.
  internal mutating func setLeafValues(
    _ objective: Objective, _ rows: LeafRows, scores: SharedScratch<Double>, _ gradients: QuantizedGradients,
    _ parameters: Boosting.Parameters
  ) {
    for index in nodes.indices where nodes[index].split == nil {
      let sample = nodes[index].rows.lazy.map { rows.bag.list[$0] }
      let more = rows.outOfSample(index)
      let step: Double
      if objective.renewsLeaves {
        let residuals = (sample + more).map { row in
          (value: objective.targets[Int(row)] - scores[Int(row)], weight: objective.weight(row))
        }
        step = weightedQuantile(residuals, level: objective.level)
      } else {
        let sum = nodes[index].sum + gradients.sum(of: more)
        let newton = NodeNumbers(sum, format: gradients.format).newton(l2: parameters.l2Regularization)
        step = objective.step(newton: nodes[index].limits?.clamped(newton) ?? newton)
      }
      nodes[index].value = TargetUnit.rounded(step: parameters.learningRate * step)
      nodes[index].cover = objective.mass(of: sample) + objective.mass(of: more)
    }
  }
}

extension SplitRules {
  internal init(_ parameters: Boosting.Parameters, _ constraints: SplitConstraints?) {
    self.init(
      minSamplesLeaf: parameters.leastRowsOfLeaf, minSplitGain: parameters.minSplitGain,
      l2: parameters.l2Regularization, categorySmoothing: parameters.categorySmoothing,
      categoryL2: parameters.categoryL2, constraints: constraints)
  }
}
