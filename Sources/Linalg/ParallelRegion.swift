internal import Dispatch
internal import Synchronization

/// The work of one parallel region: numbered parts that the calling thread and its helpers take in turn.
///
/// Helpers are blocks on Dispatch's global queue, which keeps the threads. A helper that has not begun when the caller
/// runs out of parts is called off and not waited for, so a machine that is busy with other things costs a region
/// nothing. Threads that have become idle meanwhile are called whenever the caller begins a part.
/// (`concurrentPerform` would not do: within another one it runs on a single thread.)
internal final class ParallelRegion: Sendable {
  /// Regions that wait for helpers, once for every helper that has not begun.
  private static let waiting = Mutex<[ParallelRegion]>([])

  private let end: Int
  private let next: Atomic<Int>
  /// Nil when all is done: the body must not outlive the call that it was passed to.
  private let body: Mutex<(@Sendable (Int) -> Void)?>
  /// Threads at work here, the caller's among them. Each gives its thread back to the budget when it runs out of
  /// parts, but for the last one: that one is the caller's own, which goes on after the region.
  private let working = Atomic<Int>(1)
  private let helping = DispatchGroup()
  /// What the caller's work may be asked by to end: helpers are asked with it.
  private let cancellation = Cancellation.current

  internal init(_ parts: Range<Int>, body: @escaping @Sendable (Int) -> Void) {
    next = Atomic(parts.lowerBound)
    end = parts.upperBound
    self.body = Mutex(body)
  }

  /// Does all parts. - Parameter helpers: threads taken from the budget for it.
  internal func run(helpers: Int) {
    call(helpers)
    takeParts { self.call(Parallel.takeIdle(atMost: $0)) }
    let calledOff = Self.waiting.withLock { waiting in
      let before = waiting.count
      waiting.removeAll { $0 === self }
      return before - waiting.count
    }
    Parallel.giveBack(calledOff)
    leave()
    helping.wait()
    body.withLock { $0 = nil }
  }

  private func call(_ helpers: Int) {
    guard helpers > 0 else { return }
    Self.waiting.withLock { $0.append(contentsOf: repeatElement(self, count: helpers)) }
    for _ in 0..<helpers { DispatchQueue.global().async { Self.helpOne() } }
  }

  /// Helps the region that began to wait last, if one still does.
  private static func helpOne() {
    let region = waiting.withLock { waiting in
      let region = waiting.popLast()
      region?.join()
      return region
    }
    guard let region else { return }
    Cancellation.$current.withValue(region.cancellation) { region.takeParts { _ in } }
    region.leave()
    region.helping.leave()
  }

  private func join() {
    working.add(1, ordering: .relaxed)
    helping.enter()
  }

  private func leave() {
    if working.subtract(1, ordering: .relaxed).newValue > 0 { Parallel.giveBack(1) }
  }

  /// Never inlined, so that the reference to the body is gone before the thread leaves.
  ///
  /// - Parameter began: called with the number of parts that are left, whenever one was taken.
  @inline(never)
  private func takeParts(_ began: (Int) -> Void) {
    guard let body = body.withLock({ $0 }) else { return }
    while true {
      let part = next.add(1, ordering: .relaxed).oldValue
      guard part < end else { return }
      began(end - part - 1)
      body(part)
    }
  }
}
