internal import Synchronization

/// A request that long work ends before it is done.
///
/// Work that is run by `run` is asked by `request`, from any thread. It looks at `isRequested` wherever it has done a part that may
/// take long (a tree, an epoch) and then ends as soon as it can, with whatever it has: who asked throws that away. The parts of
/// `Parallel` regions, on whichever thread, are asked with their caller.
public final class Cancellation: Sendable {
  @TaskLocal internal static var current: Cancellation?

  private let requested = Atomic<Bool>(false)

  public init() {}

  /// Asks the work to end.
  public func request() { requested.store(true, ordering: .relaxed) }

  public var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Whether the work that this is a part of is asked to end.
  public static var isRequested: Bool { current?.isRequested ?? false }

  /// Runs work that can be asked to end.
  public func run<Result>(_ work: () throws -> Result) rethrows -> Result {
    try Self.$current.withValue(self, operation: work)
  }
}
