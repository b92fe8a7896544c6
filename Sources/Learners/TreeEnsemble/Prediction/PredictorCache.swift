internal import Synchronization

/// The form of an ensemble for fast prediction, made when it has been of use long enough to pay. Copies of an ensemble share it.
///
/// It says nothing that the trees do not say: for the sake of comparisons all are equal.
internal final class PredictorCache: Sendable, Equatable {
  /// To make the form takes about as long as to walk so many rows down the trees.
  private static let worthwhileRows = 64

  private final class Outcome: Sendable {
    let trees: BlockPredictor?
    init(_ trees: BlockPredictor?) { self.trees = trees }
  }

  private let outcome = AtomicLazyReference<Outcome>()
  private let rows = Atomic<Int>(0)

  /// nil where walks are better for so many more rows of this ensemble.
  internal func trees(of ensemble: TreeEnsemble, forRows count: Int) -> BlockPredictor? {
    if let outcome = outcome.load() { return outcome.trees }
    let before = rows.add(min(count, Self.worthwhileRows), ordering: .relaxed).oldValue
    guard before + count >= Self.worthwhileRows else { return nil }
    return outcome.storeIfNil(Outcome(BlockPredictor(ensemble))).trees
  }

  internal static func == (_: PredictorCache, _: PredictorCache) -> Bool { true }
}
