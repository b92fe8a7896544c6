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
  /// The parts that nobody has taken yet, and `work`: one word, so that who takes a part knows what it is a part of.
  private let ticket = Atomic<UInt64>(0)
  /// Parts of the round that helpers have done.
  private let helped = Atomic<Int>(0)
  private let ended = Atomic<Bool>(false)

  fileprivate init(_ body: @escaping @Sendable (_ work: Int, _ part: Int) -> Void) { self.body = body }

  /// Has `body(work, 0), …, body(work, parts - 1)` done. For the leading thread only; nothing is allocated.
  ///
  /// The leader takes parts from the first on, helpers from the last: in rounds that are alike each thread mostly meets
  /// memory that it has in its own cache from the round before.
  public func run(_ work: Int, parts: Int) {
    precondition(
      0...0xFFFF ~= parts && 0...0xFFFF ~= work, "ParallelRounds: work \(work) in \(parts) parts is beyond 65,535")
    guard parts > 1 else {
      if parts == 1 { body(work, 0) }
      return
    }
    helped.store(0, ordering: .relaxed)
    ticket.store(Untaken(work: work, parts: 1..<parts).word, ordering: .releasing)
    body(work, 0)
    var own = 1
    while take(first: true) { own += 1 }
    var patience = Patience()
    while helped.load(ordering: .acquiring) < parts - own { patience.wait() }
  }

  fileprivate func end() { ended.store(true, ordering: .releasing) }

  fileprivate func help() {
    var patience = Patience()
    while !ended.load(ordering: .acquiring) {
      if take(first: false) {
        helped.add(1, ordering: .releasing)
        patience = Patience()
      } else {
        patience.wait()
      }
    }
  }

  /// Does the first or the last part that nobody has taken yet, if there is one.
  private func take(first isFirst: Bool) -> Bool {
    var word = ticket.load(ordering: .acquiring)
    while true {
      let untaken = Untaken(word: word)
      guard !untaken.parts.isEmpty else { return false }
      let (part, rest) = untaken.taking(first: isFirst)
      let (exchanged, original) = ticket.weakCompareExchange(
        expected: word, desired: rest.word, successOrdering: .acquiring, failureOrdering: .acquiring)
      if exchanged {
        body(untaken.work, part)
        return true
      }
      word = original
    }
  }

  private struct Untaken {
    let work: Int
    let parts: Range<Int>

    var word: UInt64 { UInt64(work) << 32 | UInt64(parts.upperBound) << 16 | UInt64(parts.lowerBound) }

    init(work: Int, parts: Range<Int>) {
      self.work = work
      self.parts = parts
    }

    init(word: UInt64) {
      work = Int(word >> 32)
      let end = Int(word >> 16 & 0xFFFF)
      parts = min(Int(word & 0xFFFF), end)..<end
    }

    func taking(first isFirst: Bool) -> (part: Int, rest: Untaken) {
      isFirst
        ? (parts.lowerBound, Untaken(work: work, parts: parts.dropFirst()))
        : (parts.upperBound - 1, Untaken(work: work, parts: parts.dropLast()))
    }
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
