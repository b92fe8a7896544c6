internal import Synchronization

/// The memory that bodies of requests in progress may have together: whatever clients send and however slowly, the process
/// stays within it.
///
/// The first bytes of each body are counted apart from the rest, so that some large ones that trickle in do not keep small
/// requests out.
final class BodyBudget: Sendable {
  private let limits: (small: Int, large: Int)
  private let smallBody: Int
  private let small = Atomic<Int>(0)
  private let large = Atomic<Int>(0)

  init(_ limits: Limits) {
    smallBody = limits.smallBody
    // One body of the largest size always has room.
    self.limits = (limits.bodies / 2, max(limits.bodies / 2, limits.body))
  }

  /// Counts a body of `old` bytes as one of `new`.
  /// - Returns: whether there is room; nothing is counted otherwise.
  func change(from old: Int, to new: Int) -> Bool {
    let firstChange = min(new, smallBody) - min(old, smallBody)
    let restChange = max(0, new - smallBody) - max(0, old - smallBody)
    guard Self.add(firstChange, to: small, limits.small) else { return false }
    guard Self.add(restChange, to: large, limits.large) else {
      small.subtract(firstChange, ordering: .relaxed)
      return false
    }
    return true
  }

  /// Whether a body of so many bytes would have room now.
  func hasRoom(for length: Int) -> Bool {
    large.load(ordering: .relaxed) + max(0, length - smallBody) <= limits.large
  }

  private static func add(_ change: Int, to count: borrowing Atomic<Int>, _ limit: Int) -> Bool {
    guard change != 0 else { return true }
    guard count.add(change, ordering: .relaxed).newValue <= limit || change < 0 else {
      count.subtract(change, ordering: .relaxed)
      return false
    }
    return true
  }
}
