extension SplitFinder {
  /// The best split of a categorical feature's levels into two sets.
  ///
  /// Levels, missing being one of them, are sorted by their mean gradient; an optimal split is then a cut of that order
  /// (Fisher, JASA 53, 1958, doi:10.1080/01621459.1958.10501479). Means of rare levels are pulled to the node's mean as
  /// if `categorySmoothing` rows more had it, and both sides pay `categoryL2` unless there are only two levels, because
  /// the best of many sets is a lucky one. Cost O(levels log levels).
  internal func bestCategorical(
    _ feature: Int, _ entries: UnsafeBufferPointer<UInt64>, _ node: NodeNumbers
  ) -> Split? {
    let order = unsafe sortedLevels(entries, node)
    guard order.count >= 2 else { return nil }
    let l2 = rules.l2 + (order.count > 2 ? rules.categoryL2 : 0)
    guard let cut = bestCut(order.map(\.sum), l2: l2, node) else { return nil }
    let gain = node.gain(score: cut.score, childL2: l2, l2: rules.l2)
    guard gain > rules.minSplitGain else { return nil }
    let missingBin = entries.count / layout.width - 1
    var left = BinSet(order[..<cut.levels].map(\.bin))
    if !order.contains(where: { $0.bin == missingBin }) && 2 * node.format.count(cut.left) >= node.count {
      left.insert(missingBin)
    }
    return Split(
      gain: gain, feature: feature, left: left, lastBin: 0, missingGoesLeft: left.contains(missingBin),
      leftSum: cut.left)
  }

  private struct Level {
    let bin: Int
    let sum: WordSum
    let mean: Double
  }

  private func sortedLevels(_ entries: UnsafeBufferPointer<UInt64>, _ node: NodeNumbers) -> [Level] {
    let smoothing = rules.categorySmoothing * node.format.hessianScale
    let nodeMean = node.gradient / node.hessian
    var levels: [Level] = []
    for bin in 0..<entries.count / layout.width {
      let sum = unsafe entry(entries, bin)
      guard node.format.count(sum) > 0 else { continue }
      let mean = (node.format.gradient(sum) + smoothing * nodeMean) / (node.format.hessian(sum) + smoothing)
      levels.append(Level(bin: bin, sum: sum, mean: mean))
    }
    return levels.sorted { ($0.mean, $0.bin) < ($1.mean, $1.bin) }
  }

  private func bestCut(_ sums: [WordSum], l2: Double, _ node: NodeNumbers) -> (
    score: Double, levels: Int, left: WordSum
  )? {
    let l2 = l2 * node.format.hessianScale
    let both = node.hessian + 2 * l2
    let mean = node.gradient / both
    var left = WordSum()
    var best: (score: Double, levels: Int, left: WordSum)?
    for (index, sum) in sums.dropLast().enumerated() {
      left = left + sum
      let count = node.format.count(left)
      guard count >= rules.minSamplesLeaf && node.count - count >= rules.minSamplesLeaf else { continue }
      let a = node.format.hessian(left) + l2
      let b = both - a
      let u = node.format.gradient(left) - mean * a
      guard a > 0 && b > 0 && u * u / (a * b) > best?.score ?? 0 else { continue }
      best = (u * u / (a * b), index + 1, left)
    }
    return best
  }
}
