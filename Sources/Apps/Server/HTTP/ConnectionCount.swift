internal import NIOCore
internal import Synchronization

/// How many connections there are.
final class ConnectionCount: Sendable {
  private let limit: Int
  private let metrics: Metrics?
  private let count = Atomic<Int>(0)

  init(limit: Int, _ metrics: Metrics?) {
    self.limit = limit
    self.metrics = metrics
  }

  /// - Returns: whether there is room for it.
  func enter(_ channel: any Channel) -> Bool {
    guard count.add(1, ordering: .relaxed).newValue <= limit else {
      count.subtract(1, ordering: .relaxed)
      metrics?.add(.connectionsRejected)
      return false
    }
    metrics?.add(.connections)
    channel.closeFuture.whenComplete { [self] _ in
      count.subtract(1, ordering: .relaxed)
      metrics?.add(.connections, -1)
    }
    return true
  }
}
