internal import CKernels

extension SplitFinder {
  /// The best split of a categorical feature's levels into two sets.
  ///
  /// Levels, missing being one of them, are sorted by their mean gradient; an optimal split is then a cut of that order
  /// (Fisher, JASA 53, 1958, doi:10.1080/01621459.1958.10501479). Means of rare levels are pulled to the node's mean as
  /// if `categorySmoothing` rows more had it, and both sides pay `categoryL2` unless there are only two levels, because
  /// the best of many sets is a lucky one. Cost O(levels log levels).
  ///
  /// - Parameter entries: the feature's histogram, all its columns.
  internal func bestCategorical(
    _ feature: Int, _ entries: UnsafePointer<UInt64>, _ node: NodeNumbers
  ) -> Split? {
    let bins = binning.features[feature]
    let order = unsafe sortedLevels(bins, entries, node)
    guard order.count >= 2 else { return nil }
    let l2 = rules.l2 + (order.count > 2 ? rules.categoryL2 : 0)
    // One word or two a level, and eight entries to spare for the kernel.
    var sums = [UInt64](repeating: 0, count: (order.count + 8) * width)
    for (place, level) in order.enumerated() {
      sums[place * width] = level.sum.first
      if width == 2 { sums[place * width + 1] = level.sum.second }
    }
    let cut = unsafe sums.withUnsafeBufferPointer { sums in
      unsafe scan(sums.baseAddress!, order.count, start: WordSum(), node.kernel(rules, l2: l2))
    }
    guard cut.score > 0 else { return nil }
    let gain = node.gain(score: cut.score, childL2: l2, l2: rules.l2)
    guard gain > rules.minSplitGain else { return nil }
    let left = order[...Int(cut.last)]
    let leftSum = left.reduce(WordSum()) { $0 + $1.sum }
    var levels = left.map(\.bin)
    if !order.contains(where: { $0.bin == bins.missingBin }) && 2 * node.format.count(leftSum) >= node.count {
      levels.append(bins.missingBin)
    }
    return Split(
      gain: gain, feature: feature, missingGoesLeft: levels.contains(bins.missingBin), levels: levels,
      leftSum: leftSum)
  }

  private struct Level {
    let bin: Int
    let sum: WordSum
    let mean: Double
  }

  private func sortedLevels(
    _ bins: FeatureBins, _ entries: UnsafePointer<UInt64>, _ node: NodeNumbers
  ) -> [Level] {
    let smoothing = rules.categorySmoothing * node.format.hessianScale
    let pull = smoothing * node.gradient / node.hessian
    var levels: [Level] = []
    levels.reserveCapacity(bins.count + 1)
    for bin in 0...bins.count {
      let place = bins.place(ofBin: bin)
      let sum = unsafe entry(entries, place.column * binning.spacing + place.code)
      guard node.format.count(sum) > 0 else { continue }
      let mean = (node.format.gradient(sum) + pull) / (node.format.hessian(sum) + smoothing)
      levels.append(Level(bin: bin, sum: sum, mean: mean))
    }
    levels.sort { $0.mean != $1.mean ? $0.mean < $1.mean : $0.bin < $1.bin }
    return levels
  }
}
