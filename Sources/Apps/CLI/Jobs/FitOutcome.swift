import Learners
import Synchronization

/// The models that are complete while a job goes on, and those that will not be there.
final class FitOutcome: Sendable {
  private struct State {
    var entries: [FitResult.Entry] = []
    var leftOut: [FitResult.LeftOut] = []
    var counts = FitCounts()
    var warnings: [String] = []
  }

  private let state = Mutex(State())

  func add(_ entry: FitResult.Entry) { state.withLock { $0.entries.append(entry) } }

  func leaveOut(_ model: FitResult.LeftOut) { state.withLock { $0.leftOut.append(model) } }

  func warn(_ text: String) { state.withLock { $0.warnings.append(text) } }

  /// What was warned of so far.
  var warnings: [String] { state.withLock(\.warnings) }

  /// Fits that were asked for and done so far, those to all rows not counted.
  var counts: FitCounts {
    get { state.withLock { $0.counts } }
    set { state.withLock { $0.counts = newValue } }
  }

  var current: (entries: [FitResult.Entry], leftOut: [FitResult.LeftOut]) {
    state.withLock { ($0.entries, $0.leftOut) }
  }
}
