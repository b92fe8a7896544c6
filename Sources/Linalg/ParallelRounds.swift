internal import Glibc
internal import Synchronization

/// Many short parallel loops one after another, such as the steps of an optimiser, on one set of threads.
///
/// Waking a thread costs some 10 microseconds, too much for a loop of 50. Here helpers stand by between the loops: they look
/// for the next part again and again, and yield to whoever else wants the core. One thread leads; whenever it runs
/// a round, it and the helpers take the parts in turn. Without an idle thread the leader does them all, in order.
/// Memory that the leader wrote before a round is seen by its parts, and what they wrote by the leader after it.
public final class ParallelRounds: Sendable {
  private let body: @Sendable (_ work: Int, _ part: Int) -> Void
  /// Number of the round, parts of it that nobody has taken yet, and `work`: one word, so that who takes a part knows
  /// that its round is not over.
  private let ticket = Atomic<UInt64>(0)
  private let unfinished = Atomic<Int>(0)
  private let ended = Atomic<Bool>(false)

  fileprivate init(_ body: @escaping @Sendable (_ work: Int, _ part: Int) -> Void) { self.body = body }

  /// Has `body(work, 0), …, body(work, parts - 1)` done. For the leading thread only; nothing is allocated.
  public func run(_ work: Int, parts: Int) {
    precondition(
      0...0xFFFF ~= parts && 0...0xFFFF ~= work, "ParallelRounds: work \(work) in \(parts) parts is beyond 65,535")
    unfinished.store(parts, ordering: .relaxed)
    let round = (ticket.load(ordering: .relaxed) >> 32) &+ 1
    ticket.store(round << 32 | UInt64(work) << 16 | UInt64(parts), ordering: .releasing)
    while takePart() {}
    var patience = Patience()
    while unfinished.load(ordering: .acquiring) > 0 { patience.wait() }
  }

  fileprivate func end() { ended.store(true, ordering: .releasing) }

  fileprivate func help() {
    var patience = Patience()
    while !ended.load(ordering: .acquiring) {
      if takePart() { patience = Patience() } else { patience.wait() }
    }
  }

  /// Does a part of the current round if there is one left. Parts are taken from the last to the first.
  private func takePart() -> Bool {
    var current = ticket.load(ordering: .acquiring)
    while current & 0xFFFF > 0 {
      let (exchanged, original) = ticket.weakCompareExchange(
        expected: current, desired: current - 1, successOrdering: .acquiring, failureOrdering: .acquiring)
      if exchanged {
        body(Int(current >> 16 & 0xFFFF), Int(current & 0xFFFF) - 1)
        unfinished.subtract(1, ordering: .releasing)
        return true
      }
      current = original
    }
    return false
  }

  /// Waiting for another thread: first only looks again, which takes a nanosecond or so, then lets others run.
  private struct Patience {
    private var looks = 0

    mutating func wait() {
      looks += 1
      if looks > 2000 && looks % 64 == 0 { sched_yield() }
    }
  }
}

extension Parallel {
  /// Runs `lead` with up to `helpers` idle threads standing by for the rounds that it runs, each a loop over `body`.
  public static func rounds<Result: Sendable>(
    helpers: Int, _ body: @Sendable (_ work: Int, _ part: Int) -> Void, lead: @Sendable (ParallelRounds) -> Result
  ) -> Result {
    withoutActuallyEscaping(body) { body in
      let rounds = ParallelRounds(body)
      // Whichever thread takes the first of these leads. Taken by one thread after the other, all are done by the first.
      let results = map(1 + min(helpers, threads - 1)) { index -> Result? in
        guard index == 0 else {
          rounds.help()
          return nil
        }
        defer { rounds.end() }
        return lead(rounds)
      }
      return results[0]!
    }
  }
}
