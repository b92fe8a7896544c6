internal import CKernels

/// The search for the best cuts of leaves where all features are numbers.
///
/// What its parts do is done by kernels, on memory that was made ready before: threads that count references to the same
/// object, as Swift does for arrays, wait for each other each time, which for small nodes takes longer than the search.
internal final class NumericSearch: @unchecked Sendable {
  /// A leaf to be searched.
  struct Leaf {
    /// A slot of the pool.
    let slot: Int
    let node: NodeNumbers
    /// The features that it may be split by, in ascending order.
    let offered: [Int]
  }

  private let featureCount: Int
  private let spacing: Int
  /// And one more, that begins behind the last column.
  private let features: SharedScratch<KernelsFeature>
  /// Lists of two leaves.
  private let offered: SharedScratch<Int>

  /// Nil where there are categories.
  init?(_ binning: Binning) {
    guard !binning.features.contains(where: \.isCategorical) else { return nil }
    featureCount = binning.features.count
    spacing = binning.spacing
    features = SharedScratch(
      repeating: KernelsFeature(column: UInt32(binning.columnCount), bins: 0), count: featureCount + 1)
    for (index, feature) in binning.features.enumerated() {
      features[index] = KernelsFeature(
        column: UInt32(binning.columns(of: index).lowerBound), bins: UInt32(feature.count))
    }
    offered = SharedScratch(repeating: 0, count: 2 * featureCount)
  }

  /// Finishes outstanding sums and finds the best cut of each of one or two leaves.
  func best(
    _ leaves: [Leaf], after sums: KernelsSums?, _ finder: SplitFinder, _ pool: HistogramPool, parts: Int, _ team: Team
  ) -> [NumericCut?] {
    let tasks = unsafe leaves.indices.map { place in
      let leaf = leaves[place]
      for (index, feature) in leaf.offered.enumerated() { offered[place * featureCount + index] = feature }
      return unsafe KernelsLeaf(
        histogram: pool.words(leaf.slot), node: leaf.node.kernel(finder.rules, l2: finder.rules.l2),
        offered: offered.start + place * featureCount, offered_count: leaf.offered.count)
    }
    let none = KernelsFeatureCut(score: 0, feature: 0, last: 0, missing: -1)
    let cuts = SharedScratch(repeating: none, count: parts * leaves.count)
    unsafe tasks.withUnsafeBufferPointer { tasks in
      guard var sums = unsafe sums else {
        return unsafe search(tasks, nil, width: finder.width, into: cuts, team, parts)
      }
      unsafe search(tasks, &sums, width: finder.width, into: cuts, team, parts)
    }
    return leaves.indices.map { place in
      var best = none
      for part in 0..<parts where cuts[part * leaves.count + place].score > best.score {
        best = cuts[part * leaves.count + place]
      }
      guard best.score > 0 else { return nil }
      return NumericCut(
        score: best.score, feature: Int(best.feature), last: Int(best.last),
        missingGoesLeft: best.missing < 0 ? nil : best.missing == 1)
    }
  }

  private func search(
    _ tasks: UnsafeBufferPointer<KernelsLeaf>, _ sums: UnsafePointer<KernelsSums>?, width: Int,
    into cuts: SharedScratch<KernelsFeatureCut>, _ team: Team, _ parts: Int
  ) {
    let (count, spacing, leaves) = (featureCount, spacing, tasks.count)
    let (features, cuts, tasks) = unsafe (features.start, cuts.start, tasks.baseAddress!)
    team.run(parts: parts) { part in
      let (first, end) = (count * part / parts, count * (part + 1) / parts)
      if let sums = unsafe sums {
        unsafe kernels_finish_sums(sums, Int(features[first].column), Int(features[end].column))
      }
      for place in 0..<leaves {
        unsafe cuts[part * leaves + place] = kernels_best_feature(tasks + place, features, spacing, width, first, end)
      }
    }
  }
}
