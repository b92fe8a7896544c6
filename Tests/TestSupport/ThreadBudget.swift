internal import Linalg
internal import Synchronization

/// Tests that need a certain number of threads, one after the other: the budget belongs to the process.
public enum ThreadBudget {
  private static let lock = Mutex(())

  /// Calls `body` with `Parallel.threads` at `threads`.
  public static func with<Result>(_ threads: Int, _ body: () throws -> Result) rethrows -> Result {
    try lock.withLock { _ in
      let before = Parallel.threads
      Parallel.threads = threads
      defer { Parallel.threads = before }
      return try body()
    }
  }
}
