internal import Linalg
internal import Synchronization
internal import TestSupport
internal import Testing

@Suite struct ParallelRoundsTests {
  @Test(arguments: [1, 2, 7])
  func `each round does each part once before the next begins`(threads: Int) {
    ThreadBudget.with(threads) {
      let (parts, roundCount) = (5, 2000)
      let counts = (0..<parts).map { _ in Counter() }
      let wrong = Atomic<Int>(0)
      let result = Parallel.rounds(
        helpers: 3,
        { work, part in
          if counts[part].value.add(1, ordering: .relaxed).oldValue != work {
            wrong.add(1, ordering: .relaxed)
          }
        },
        lead: { rounds in
          for round in 0..<roundCount {
            rounds.run(round, parts: parts)
            let done = counts.allSatisfy { $0.value.load(ordering: .relaxed) == round + 1 }
            if !done { wrong.add(1, ordering: .relaxed) }
          }
          return "led"
        })
      #expect(result == "led")
      #expect(wrong.load(ordering: .relaxed) == 0)
    }
  }

  @Test func `without helpers, or without parts, the leader goes on alone`() {
    let sum = Atomic<Int>(0)
    let result = Parallel.rounds(helpers: 0, { work, part in sum.add(work * part, ordering: .relaxed) }) { rounds in
      rounds.run(10, parts: 0)
      rounds.run(10, parts: 4)
      return sum.load(ordering: .relaxed)
    }
    #expect(result == 60)
  }

  @Test func `a region inside of another takes turns`() {
    let sums = ThreadBudget.with(2) {
      Parallel.map(6) { index in
        let sum = Atomic<Int>(0)
        return Parallel.rounds(helpers: 1, { _, part in sum.add(part + index, ordering: .relaxed) }) { rounds in
          for _ in 0..<100 { rounds.run(0, parts: 2) }
          return sum.load(ordering: .relaxed)
        }
      }
    }
    #expect(sums == (0..<6).map { 100 * (2 * $0 + 1) })
  }

  private final class Counter: Sendable { let value = Atomic<Int>(0) }
}
