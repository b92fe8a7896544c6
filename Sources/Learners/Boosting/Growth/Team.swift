internal import Linalg

/// The threads of one run: a leader, and helpers that stand by between its many short loops.
@safe internal final class Team: @unchecked Sendable {
  private var rounds: ParallelRounds?
  /// The current one; written by the leader between loops only.
  private var loop: Unmanaged<Loop>?

  /// What a loop does. Threads call it without counting references to it: they would wait for each other each time.
  private final class Loop {
    let body: (Int) -> Void
    init(_ body: @escaping (Int) -> Void) { self.body = body }
  }

  /// The leader and its helpers, if all are idle.
  private let threads: Int

  private init(threads: Int) { self.threads = threads }

  /// Without any, work is not cut in parts: what they compute are exact sums, the same in any parts.
  var hasHelpers: Bool { rounds != nil }

  /// Nanoseconds of work that are worth a part of their own: handing it over costs a few hundred.
  static let worthwhile = 800.0
  /// And those that are worth more parts than there are threads, so that one that was held up holds up nobody. Where parts
  /// are few, each thread has the same one in most loops, and what it needs in its own cache.
  private static let worthwhileShare = 20_000.0

  /// Parts that so many nanoseconds of work are worth: one for each thread or a multiple of that, a power of two where
  /// there is not enough to do for all. One where there are no helpers.
  func parts(cost: Double, worthwhile: Double = Team.worthwhile, atMost most: Int) -> Int {
    guard hasHelpers else { return 1 }
    let whole = Int(min(64, cost / worthwhile))
    guard whole >= threads else { return max(1, min(most, Self.powerOfTwo(atMost: whole))) }
    let shares = Int(min(Double(64 / threads), cost / Self.worthwhileShare / Double(threads)))
    return max(1, min(most, threads * Self.powerOfTwo(atMost: min(shares, whole / threads))))
  }

  /// At least 1.
  private static func powerOfTwo(atMost number: Int) -> Int {
    1 << (Int.bitWidth - 1 - max(1, number).leadingZeroBitCount)
  }

  /// Calls `body` for the parts 0 ..< parts, in any order, on any of the threads.
  func run(parts: Int, _ body: (Int) -> Void) {
    guard parts > 1, let rounds else {
      for part in 0..<parts { body(part) }
      return
    }
    withoutActuallyEscaping(body) { body in
      let loop = Loop(body)
      unsafe self.loop = Unmanaged.passUnretained(loop)
      withExtendedLifetime(loop) { rounds.run(0, parts: parts) }
      unsafe self.loop = nil
    }
  }

  /// Calls `body` for parts of `0..<count` that are worth it. - Parameter cost: nanoseconds an index.
  func forEach(_ count: Int, cost: Double, _ body: (Range<Int>) -> Void) {
    let parts = parts(cost: Double(count) * cost, atMost: count)
    run(parts: parts) { part in body(count * part / parts..<count * (part + 1) / parts) }
  }

  /// Runs `lead` on one thread, the calling one or a helper, with as many helpers standing by as are idle, at most `helpers`.
  static func lead<Result: Sendable>(helpers: Int, _ lead: (Team) -> Result) -> Result {
    let team = Team(threads: helpers + 1)
    guard helpers > 0 else { return lead(team) }
    return withoutActuallyEscaping(lead) { lead in
      let leading = Leading(lead: lead)
      return Parallel.rounds(helpers: helpers) { _, part in
        unsafe team.loop?._withUnsafeGuaranteedRef { $0.body(part) }
      } lead: { rounds in
        team.rounds = rounds
        defer { team.rounds = nil }
        return leading.lead(team)
      }
    }
  }

  /// One thread calls it, while the one that made it waits.
  private struct Leading<Result>: @unchecked Sendable {
    let lead: (Team) -> Result
  }
}
