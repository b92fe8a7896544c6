internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// What all connections share.
final class Site: Sendable {
  /// A page for people about a problem.
  /// - Parameter depth: parts of the path above the one that was asked for.
  typealias ProblemPage = @Sendable (_ status: Int, _ detail: String, _ depth: Int) -> String

  let router: Router
  let limits: Limits
  let bodies: BodyBudget
  let threads: SlowThreads
  let metrics: Metrics?
  let problemPage: ProblemPage?
  let headTime: TimeAmount
  let bodyTime: TimeAmount

  init(_ routes: [Route], limits: Limits, threads: SlowThreads, metrics: Metrics?, problemPage: ProblemPage?) {
    router = Router(routes)
    self.limits = limits
    bodies = BodyBudget(limits)
    self.threads = threads
    self.metrics = metrics
    self.problemPage = problemPage
    headTime = TimeAmount(limits.headTime)
    bodyTime = TimeAmount(limits.bodyTime)
  }
}

extension Site {
  /// What a request is for below the base path. A proxy may have taken it away or not: both are right.
  func withoutBasePath(_ target: String) -> String {
    let base = limits.basePath
    guard !base.isEmpty, target.hasPrefix(base) else { return target }
    let rest = target.dropFirst(base.count)
    guard let first = rest.utf8.first else { return "/" }
    return first == UInt8(ascii: "/") || first == UInt8(ascii: "?")
      ? (first == UInt8(ascii: "/") ? "" : "/") + rest : target
  }
}

/// The threads on which answers are made that take long; so many may wait for one.
final class SlowThreads: Sendable {
  private let pool: NIOThreadPool
  private let limit: Int
  private let count = Atomic<Int>(0)

  init(limit: Int) {
    pool = NIOThreadPool(numberOfThreads: 4)
    self.limit = limit
    pool.start()
  }

  /// - Returns: nil where too many are waiting.
  func start<Value: Sendable>(
    _ body: @escaping @Sendable () -> Value, on eventLoop: any EventLoop
  ) -> EventLoopFuture<Value>? {
    guard count.add(1, ordering: .relaxed).newValue <= limit else {
      count.subtract(1, ordering: .relaxed)
      return nil
    }
    return pool.runIfActive(eventLoop: eventLoop) { [self] in
      defer { count.subtract(1, ordering: .relaxed) }
      return body()
    }
  }

  func stop() { pool.shutdownGracefully { _ in } }
}
