extension BoostedTree {
  /// The step of every leaf, shrunk by the learning rate.
  internal mutating func setLeafValues(
    _ objective: Objective, _ bag: RowPartition, scores: SharedScratch<Double>, format: WordFormat,
    _ parameters: Boosting.Parameters
  ) {
    for index in nodes.indices where nodes[index].split == nil {
      let step: Double
      if objective.renewsLeaves {
        let residuals = nodes[index].rows.map { place in
          let row = bag.list[place]
          return (value: objective.targets[Int(row)] - scores[Int(row)], weight: objective.weight(row))
        }
        step = weightedQuantile(residuals, level: objective.level)
      } else {
        let newton = NodeNumbers(nodes[index].sum, format: format).newton(l2: parameters.l2Regularization)
        step = objective.step(newton: nodes[index].limits?.clamped(newton) ?? newton)
      }
      nodes[index].value = parameters.learningRate * step
      nodes[index].cover = objective.mass(of: nodes[index].rows.lazy.map { bag.list[$0] })
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
