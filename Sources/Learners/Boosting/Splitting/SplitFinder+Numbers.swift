internal import CKernels

/// A cut between two bins of a numeric feature.
internal struct NumericCut {
  /// u²/(a b), see `NodeNumbers`.
  let score: Double
  let feature: Int
  /// The last bin on the left: half of the empty bins between the two sides go to either.
  let lastBin: Int
  /// Nil where the node has no missing values: they then follow the larger child.
  let missingGoesLeft: Bool?
  let leftSum: WordSum

  /// Nil where there is no cut.
  init?(_ cut: KernelsFeatureCut) {
    guard cut.cut.score > 0 else { return nil }
    score = cut.cut.score
    feature = Int(cut.feature)
    lastBin = Int((cut.cut.last + cut.next - 1) / 2)
    missingGoesLeft = cut.missing < 0 ? nil : cut.missing == 1
    leftSum = WordSum(first: cut.cut.left.0, second: cut.cut.left.1)
  }
}

extension SplitFinder {
  /// The best cut by one feature.
  internal func bestCut(
    _ feature: Int, _ histogram: UnsafePointer<UInt64>, _ node: KernelsNode
  ) -> NumericCut? {
    var bins = KernelsFeature(
      column: UInt32(binning.columns(of: feature).lowerBound), bins: UInt32(binning.features[feature].count))
    let cut = unsafe withUnsafePointer(to: 0) { offered in
      var leaf = unsafe KernelsLeaf(histogram: histogram, node: node, offered: offered, offered_count: 1)
      return unsafe kernels_best_feature(&leaf, &bins, binning.spacing, width, 0, 1)
    }
    var found = cut
    found.feature = Int64(feature)
    return NumericCut(found)
  }

  /// The cut as a split, if it saves enough.
  internal func split(_ cut: NumericCut, _ node: NodeNumbers) -> Split? {
    split(cut, gain: node.gain(score: cut.score, childL2: rules.l2, l2: rules.l2), node)
  }

  internal func split(_ cut: NumericCut, gain: Double, _ node: NodeNumbers) -> Split? {
    guard gain > rules.minSplitGain else { return nil }
    return Split(
      gain: gain, feature: cut.feature, lastBin: cut.lastBin,
      missingGoesLeft: cut.missingGoesLeft ?? (2 * node.format.count(cut.leftSum) >= node.count),
      leftSum: cut.leftSum)
  }
}
