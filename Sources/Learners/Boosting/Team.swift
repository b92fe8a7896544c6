internal import Linalg

/// The threads of one run: a leader, and helpers that stand by between its many short loops.
internal final class Team: @unchecked Sendable {
  private var rounds: ParallelRounds?
  /// What the current loop does; written by the leader between loops only.
  private var body: ((Int) -> Void)?

  private init() {}

  /// Without any, work is not cut in parts: what they compute are exact sums, the same in any parts.
  var hasHelpers: Bool { rounds != nil }

  /// Nanoseconds of work that are worth a part of their own: handing it over costs about one microsecond.
  static let worthwhile = 2500.0

  /// Parts that so many nanoseconds of work are worth, a power of two where there may be so many: three parts for two
  /// threads would take them as long as four. One where there are no helpers.
  func parts(cost: Double, worthwhile: Double = Team.worthwhile, atMost most: Int) -> Int {
    guard hasHelpers else { return 1 }
    let whole = UInt64(min(64, max(1, cost / worthwhile)))
    return max(1, min(most, 1 << (63 - whole.leadingZeroBitCount)))
  }

  /// Calls `body` for the parts 0 ..< parts, in any order, on any of the threads.
  func run(parts: Int, _ body: (Int) -> Void) {
    guard parts > 1, let rounds else {
      for part in 0..<parts { body(part) }
      return
    }
    withoutActuallyEscaping(body) { body in
      self.body = body
      rounds.run(0, parts: parts)
      self.body = nil
    }
  }

  /// Calls `body` for parts of `0..<count` that are worth it. - Parameter cost: nanoseconds an index.
  func forEach(_ count: Int, cost: Double, _ body: (Range<Int>) -> Void) {
    let parts = parts(cost: Double(count) * cost, atMost: count)
    run(parts: parts) { part in body(count * part / parts..<count * (part + 1) / parts) }
  }

  /// Runs `lead` on the calling thread with as many helpers standing by as are idle, at most `helpers`.
  static func lead<Result: Sendable>(helpers: Int, _ lead: (Team) -> Result) -> Result {
    let team = Team()
    guard helpers > 0 else { return lead(team) }
    return withoutActuallyEscaping(lead) { lead in
      let leading = Leading(lead: lead)
      return Parallel.rounds(helpers: helpers) { _, part in
        team.body?(part)
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
