import Dispatch
import Linalg
import Synchronization
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct ParallelTests {
  @Test(arguments: [0, 1, 2, 63, 64, 65, 1000], [1.0, 50_000, 1e9])
  func everyIndexIsVisitedOnce(count: Int, cost: Double) {
    for visits in eachThreadCount({ visit(count, cost: cost, minimum: 1) }) {
      #expect(visits == Array(repeating: 1, count: count))
    }
  }

  private func visit(_ count: Int, cost: Double, minimum: Int) -> [Int] {
    let visits = (0..<count).map { _ in Counter() }
    Parallel.forEach(count, cost: cost, minimum: minimum) { range in for index in range { visits[index].increase() } }
    return visits.map(\.value)
  }

  @Test func partsDependOnTheWorkOnly() {
    let parts = eachThreadCount { ranges(1000, cost: 1000, minimum: 1) }
    // 1 ms of work in parts of 50 µs
    #expect(parts[0].count == 20)
    #expect(parts[1] == parts[0] && parts[2] == parts[0])
    #expect(ranges(1000, cost: 1e9, minimum: 1).count == 64)
    let long = ranges(1000, cost: 1e9, minimum: 300)
    #expect(long.map(\.count) == [333, 333, 334])
  }

  private func ranges(_ count: Int, cost: Double, minimum: Int) -> [Range<Int>] {
    let ranges = Mutex<[Range<Int>]>([])
    Parallel.forEach(count, cost: cost, minimum: minimum) { range in ranges.withLock { $0.append(range) } }
    return ranges.withLock { $0.sorted { $0.lowerBound < $1.lowerBound } }
  }

  @Test func smallWorkStaysOnTheCallingThread() async {
    await #expect(processExitsWith: .success) {
      Parallel.threads = 4
      let caller = pthread_self()
      let elsewhere = Counter()
      for _ in 0..<1000 {
        Parallel.forEach(100, cost: 400) { range in
          if pthread_self() != caller || range != 0..<100 { elsewhere.increase() }
        }
        _ = Parallel.map(1) { _ in if pthread_self() != caller { elsewhere.increase() } }
      }
      #expect(elsewhere.value == 0)
    }
  }

  @Test func largeWorkUsesOtherThreads() async {
    await #expect(processExitsWith: .success) {
      Parallel.threads = 2
      let caller = pthread_self()
      let (begun, elsewhere) = (Counter(), Counter())
      // Each thread waits in its part for the other one to begin its own.
      Parallel.forEach(2, cost: 1e9) { _ in
        if pthread_self() != caller { elsewhere.increase() }
        begun.increase()
        wait { begun.value == 2 }
      }
      #expect(elsewhere.value == 1)
      Parallel.threads = 1
      Parallel.forEach(10, cost: 1e9) { _ in if pthread_self() != caller { elsewhere.increase() } }
      #expect(elsewhere.value == 1)
    }
  }

  /// The inner loop begins on the calling thread; the helper joins it when it has done its part of the outer loop.
  @Test func threadsThatBecomeIdleJoin() async {
    await #expect(processExitsWith: .success) {
      Parallel.threads = 2
      let (outer, inner) = (Counter(), Counter())
      let threads = Mutex<Set<UInt>>([])
      Parallel.forEach(2, cost: 1e9) { range in
        outer.increase()
        wait { outer.value == 2 }
        guard range.contains(0) else { return wait { inner.value > 0 } }
        Parallel.forEach(20, cost: 1e9) { _ in
          inner.increase()
          threads.withLock { _ = $0.insert(UInt(pthread_self())) }
          // A part is over after a while: helpers are called when the next one begins.
          wait(atMost: 0.1 * Double(inner.value)) { threads.withLock { $0.count } == 2 }
        }
      }
      #expect(threads.withLock { $0.count } == 2)
    }
  }

  @Test func mapKeepsTheOrder() {
    let expected = (0..<300).map { "\($0)" }
    #expect(eachThreadCount { Parallel.map(300) { "\($0)" } }.allSatisfy { $0 == expected })
    #expect(Parallel.map(0) { $0 }.isEmpty)
  }

  struct Failure: Error, Equatable { let index: Int }

  @Test func mapThrowsTheErrorOfTheLowestIndex() {
    for _ in 0..<20 {
      let found = eachThreadCount { () -> Failure? in
        do throws(Failure) {
          _ = try Parallel.map(50) { index throws(Failure) -> Int in
            if index == 13 { usleep(300) }  // the other failures are met first
            if index >= 13 { throw Failure(index: index) }
            return index
          }
          return nil
        } catch {
          return error
        }
      }
      #expect(found == Array(repeating: Failure(index: 13), count: 3))
    }
  }

  @Test(arguments: [(0, 1), (1, 3), (1000, 1), (1000, 7)])
  func fillWritesEveryItem(count: Int, stride: Int) {
    let results = eachThreadCount {
      var array = [Int](repeating: -1, count: count * stride)
      Parallel.fill(&array, stride: stride, cost: 1e5) { range, span in
        for index in 0..<span.count { span[index] = range.lowerBound * stride + index }
      }
      return array
    }
    #expect(results.allSatisfy { $0 == Array(0..<count * stride) })
  }

  @Test func fillOfBrokenItemsTraps() async {
    await #expect(processExitsWith: .failure) {
      var array = [1, 2, 3]
      Parallel.fill(&array, stride: 2, cost: 1) { _, _ in }
    }
  }

  @Test(arguments: [1, 2, 3, 7])
  func nestedRegionsKeepToTheBudget(threads: Int) async {
    await #expect(processExitsWith: .success) { [threads] in
      Parallel.threads = threads
      let meter = ConcurrencyMeter()
      for _ in 0..<20 {
        _ = Parallel.map(5) { outer in
          Parallel.forEach(6, cost: 1e9) { middle in
            for _ in middle {
              _ = Parallel.map(3) { _ in meter.during { usleep(50) } }
            }
          }
        }
        #expect(Parallel.idleThreads == threads - 1, "all threads are back after a region")
      }
      #expect(meter.most <= threads)
      #expect(Parallel.threads == threads)
    }
  }

  @Test func budgetIsWholeAfterErrors() async {
    await #expect(processExitsWith: .success) {
      Parallel.threads = 3
      for _ in 0..<200 {
        do throws(Failure) {
          _ = try Parallel.map(10) { outer throws(Failure) -> Int in
            _ = try Parallel.map(4) { inner throws(Failure) -> Int in throw Failure(index: inner) }
            return outer
          }
          Issue.record("nothing was thrown")
        } catch {
          #expect(error == Failure(index: 0))
        }
        #expect(Parallel.idleThreads == 2)
      }
    }
  }

  /// A thread that has run out of parts is free for a region inside of a part that still runs.
  @Test func idleThreadsHelpNestedRegions() async {
    await #expect(processExitsWith: .success) {
      Parallel.threads = 2
      for longPart in 0..<2 {
        let meter = ConcurrencyMeter()
        // A thread may begin so late that all is over: it gets several chances.
        for _ in 0..<30 where meter.most < 2 {
          _ = Parallel.map(2) { part in
            guard part == longPart else { return }
            wait { Parallel.idleThreads == 1 }  // the other part has ended
            _ = Parallel.map(2) { _ in meter.during { wait(atMost: 1) { meter.most == 2 } } }
          }
        }
        #expect(meter.most == 2)
      }
    }
  }

  /// Regions begun by threads that are not ours share the budget.
  @Test func regionsOfSeveralCallersEndAndGiveBack() async {
    await #expect(processExitsWith: .success) {
      Parallel.threads = 4
      DispatchQueue.concurrentPerform(iterations: 4) { caller in
        for round in 0..<200 {
          let squares = Parallel.map(8) { $0 * $0 + round }
          #expect(squares == (0..<8).map { $0 * $0 + round })
        }
      }
      #expect(Parallel.idleThreads == 3)
    }
  }

  @Test func noThreadsTraps() async {
    await #expect(processExitsWith: .failure) { Parallel.threads = 0 }
  }
}

/// Waits until something is so. Machines that are busy with other things take their time: what is waited for in vain
/// ends a test that fails.
private func wait(atMost seconds: Double = 60, until isSo: () -> Bool) {
  let end = ContinuousClock.now + .seconds(seconds)
  while !isSo(), ContinuousClock.now < end { usleep(500) }
}

private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  var value: Int { count.load(ordering: .relaxed) }
  func increase() { count.add(1, ordering: .relaxed) }
}

/// The largest number of threads that are inside of `during` at once.
private final class ConcurrencyMeter: Sendable {
  private let state = Mutex<(now: Int, most: Int)>((0, 0))
  var most: Int { state.withLock { $0.most } }

  func during(_ work: () -> Void) {
    state.withLock {
      $0.now += 1
      $0.most = max($0.most, $0.now)
    }
    work()
    state.withLock { $0.now -= 1 }
  }
}
