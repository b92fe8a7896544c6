/// How many fits were asked for, and how many were done for them.
public struct FitCounts: Sendable, Hashable {
  /// Settings times folds.
  public internal(set) var asked = 0
  /// Fits from the rows: one that gave the learners of several settings counts once, and one of settings that were given
  /// twice is not repeated.
  public internal(set) var done = 0

  public init() {}

  package init(asked: Int, done: Int) {
    self.asked = asked
    self.done = done
  }

  /// The same with fits to all rows, each asked for and done.
  public func adding(refits: Int) -> FitCounts {
    var counts = self
    counts.asked += refits
    counts.done += refits
    return counts
  }
}
