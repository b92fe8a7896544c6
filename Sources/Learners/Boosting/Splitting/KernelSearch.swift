internal import CKernels

/// The search for the best cuts of leaves where all features are numbers.
///
/// What its parts do is done by kernels, on memory that was made ready before: threads that count references to the same
/// object, as Swift does for arrays, wait for each other each time, which for small nodes takes longer than the search.
@safe internal final class KernelSearch: @unchecked Sendable {
  private let featureCount: Int
  private let spacing: Int
  /// And one more, that begins behind the last column.
  private let features: SharedScratch<KernelsFeature>
  /// Of two leaves, and of each the features that are offered.
  private let tasks: SharedScratch<KernelsLeaf>
  private let offered: SharedScratch<Int>
  /// What each part has found for each of two leaves.
  private let cuts: SharedScratch<KernelsFeatureCut>

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
    unsafe tasks = SharedScratch(repeating: KernelsLeaf(), count: 2)
    cuts = SharedScratch(repeating: KernelsFeatureCut(), count: 2 * Grower.mostParts)
  }

  /// Finishes outstanding sums and looks for the best cut of each of one or two leaves.
  func run(
    _ leaves: [SearchedLeaf], after sums: KernelsSums?, _ finder: SplitFinder, _ pool: HistogramPool, parts: Int,
    _ team: Team
  ) {
    for (place, leaf) in leaves.enumerated() {
      // Mostly the same as before: what is not written stays in the other threads' caches.
      for (index, feature) in leaf.offered.enumerated() where offered[place * featureCount + index] != feature {
        offered[place * featureCount + index] = feature
      }
      unsafe tasks[place] = KernelsLeaf(
        histogram: pool.words(leaf.slot), node: leaf.numbers.kernel(finder.rules, l2: finder.rules.l2),
        offered: offered.start + place * featureCount, offered_count: leaf.offered.count)
    }
    if var sums = unsafe sums {
      unsafe search(leaves.count, &sums, width: finder.width, team, parts)
    } else {
      unsafe search(leaves.count, nil, width: finder.width, team, parts)
    }
  }

  /// The best cut that the parts have found for one of the leaves; nil where there is none.
  func cut(_ place: Int, parts: Int) -> NumericCut? {
    var best = cuts[place]
    for part in 1..<parts where cuts[2 * part + place].cut.score > best.cut.score { best = cuts[2 * part + place] }
    return NumericCut(best)
  }

  private func search(
    _ leaves: Int, _ sums: UnsafePointer<KernelsSums>?, width: Int, _ team: Team, _ parts: Int
  ) {
    let (count, spacing) = (featureCount, spacing)
    let (features, cuts, tasks) = unsafe (features.start, cuts.start, tasks.start)
    team.run(parts: parts) { part in
      let (first, end) = (count * part / parts, count * (part + 1) / parts)
      if let sums = unsafe sums {
        unsafe kernels_finish_sums(sums, Int(features[first].column), Int(features[end].column))
      }
      for place in 0..<leaves {
        unsafe cuts[2 * part + place] = kernels_best_feature(
          tasks + place, features, spacing, width, first, end)
      }
    }
  }
}
