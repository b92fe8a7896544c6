internal import Linalg

/// Settings of which some share their trees: those that differ in depth and number of trees only.
internal struct SharedGrowths<Parameters: AveragedTreesParameters>: Sendable {
  /// The most trees and the greatest depth of each kind of settings.
  internal private(set) var largest: [Parameters] = []
  /// By setting, which of these its trees are of.
  internal let growths: [Int]

  internal init(_ settings: [Parameters]) {
    var largest: [Parameters] = []
    growths = settings.map { parameters in
      guard let known = largest.firstIndex(where: { $0.isLike(parameters) }) else {
        largest.append(parameters)
        return largest.count - 1
      }
      largest[known].estimators = max(largest[known].estimators, parameters.estimators)
      if let depth = largest[known].maxDepth { largest[known].maxDepth = parameters.maxDepth.map { max($0, depth) } }
      return known
    }
    self.largest = largest
  }
}

extension AveragedTreesParameters {
  /// Whether only depth and number of trees differ.
  fileprivate func isLike(_ other: Self) -> Bool {
    var copy = self
    copy.estimators = other.estimators
    copy.maxDepth = other.maxDepth
    return copy == other
  }

  internal var growthLimits: GrowthLimits {
    GrowthLimits(maxDepth: maxDepth ?? .max, minSamplesSplit: minSamplesSplit, minSamplesLeaf: minSamplesLeaf)
  }

  /// What a fit with these settings alone would have grown, of trees grown with the settings `largest`, which differ in
  /// depth and number of trees only.
  internal func part(of trees: [GrownTree], grownWith largest: Self) -> [GrownTree] {
    let few = trees.prefix(estimators)
    guard let depth = maxDepth, depth < largest.maxDepth ?? .max else { return Array(few) }
    return Parallel.map(few.count) { few[$0].top(depth: depth) }
  }
}

/// Fits several settings, those that can share trees by one growth of them.
///
/// - Parameters:
///   - grow: grows trees; `keepsTops` where lesser depths will be asked for.
///   - learner: that of a part of the trees.
internal func fitPath<Learner: Regressor, Growth: Sendable>(
  _ settings: [Learner.Parameters],
  grow: @Sendable (Learner.Parameters, _ keepsTops: Bool) throws(FitError) -> Growth,
  learner: (Growth, _ largest: Learner.Parameters, Learner.Parameters) -> Learner
) throws(FitError) -> FittedPath<Learner> where Learner.Parameters: AveragedTreesParameters {
  for parameters in settings {
    do throws(ParameterError) { try parameters.validate() } catch { throw .parameter(error) }
  }
  let shared = SharedGrowths(settings)
  var learners = [Learner?](repeating: nil, count: settings.count)
  // One growth after the other, each on all threads: only one of them is in memory at a time.
  for (growth, largest) in shared.largest.enumerated() {
    let places = settings.indices.filter { shared.growths[$0] == growth }
    let grown = try grow(largest, places.contains { settings[$0].maxDepth != largest.maxDepth })
    for place in places { learners[place] = learner(grown, largest, settings[place]) }
  }
  return FittedPath(learners: learners.compactMap { $0 }, distinctFits: shared.largest.count)
}
