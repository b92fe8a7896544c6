internal import CKernels

/// A cut between two bins of a numeric feature.
internal struct NumericCut {
  /// u²/(a b), see `NodeNumbers`.
  let score: Double
  let feature: Int
  /// The last bin in use on the left.
  let last: Int
  /// Nil where the node has no missing values: they then follow the larger child.
  let missingGoesLeft: Bool?
}

extension SplitFinder {
  /// - Parameter entries: the feature's histogram, the last bin being that of missing values.
  internal func bestCut(
    _ feature: Int, _ entries: UnsafePointer<UInt64>, _ node: NodeNumbers, _ kernel: KernelsNode
  ) -> NumericCut? {
    let count = binning.features[feature].count
    let missing = unsafe entry(entries, count)
    guard node.format.count(missing) > 0 else {
      let cut = unsafe scan(entries, count, start: WordSum(), kernel)
      guard cut.score > 0 else { return nil }
      return NumericCut(score: cut.score, feature: feature, last: Int(cut.last), missingGoesLeft: nil)
    }
    let right = unsafe scan(entries, count, start: WordSum(), kernel)
    let left = unsafe scan(entries, count, start: missing, kernel)
    let cut = left.score > right.score ? left : right
    guard cut.score > 0 else { return nil }
    return NumericCut(
      score: cut.score, feature: feature, last: Int(cut.last), missingGoesLeft: left.score > right.score)
  }

  internal func scan(
    _ entries: UnsafePointer<UInt64>, _ count: Int, start: WordSum, _ kernel: KernelsNode
  ) -> KernelsCut {
    unsafe withUnsafePointer(to: kernel) { kernel in
      unsafe kernels_best_cut(entries, count, width, start.first, start.second, kernel)
    }
  }

  /// The cut as a split, if it saves enough. Half of the empty bins between its two sides go to either.
  internal func split(_ cut: NumericCut, _ histogram: UnsafePointer<UInt64>, _ node: NodeNumbers) -> Split? {
    let gain = node.gain(score: cut.score, childL2: rules.l2, l2: rules.l2)
    return unsafe split(cut, gain: gain, histogram, node)
  }

  internal func split(
    _ cut: NumericCut, gain: Double, _ histogram: UnsafePointer<UInt64>, _ node: NodeNumbers
  ) -> Split? {
    guard gain > rules.minSplitGain else { return nil }
    let count = binning.features[cut.feature].count
    let entries = unsafe histogram + binning.columns(of: cut.feature).lowerBound * binning.spacing * width
    var left = cut.missingGoesLeft == true ? unsafe entry(entries, count) : WordSum()
    for bin in 0...cut.last { left = unsafe left + entry(entries, bin) }
    var next = cut.last + 1
    while next < count, node.format.count(unsafe entry(entries, next)) == 0 { next += 1 }
    if next == count { next = cut.last + 1 }
    return Split(
      gain: gain, feature: cut.feature, lastBin: (cut.last + next - 1) / 2,
      missingGoesLeft: cut.missingGoesLeft ?? (2 * node.format.count(left) >= node.count), leftSum: left)
  }
}
