internal import Synchronization

/// The one way to use more than one thread.
///
/// A process has a budget of threads, `Parallel.threads`. A parallel region takes what is free of it, works with the
/// calling thread alone when nothing is, and hands a thread back as soon as there is nothing left for it to do, so
/// regions may be nested and the budget is never exceeded. How the work is cut depends only on the work, never on the
/// number of threads, and every part writes to its own place: results are the same bits on any number of threads.
public enum Parallel {
  /// Threads of this process, the calling one included. Set it once, before the first region; default: all cores.
  public static var threads: Int {
    get { budget.load(ordering: .relaxed) }
    set {
      precondition(newValue >= 1, "Parallel: \(newValue) threads")
      let before = budget.exchange(newValue, ordering: .relaxed)
      giveBack(newValue - before)
    }
  }

  private static let budget = Atomic<Int>(Processor.availableCores)
  private static let idle = Atomic<Int>(Processor.availableCores - 1)

  /// Threads that a region could take now, apart from the one that calls.
  package static var idleThreads: Int { idle.load(ordering: .relaxed) }

  /// Work that is worth a part of its own, in nanoseconds: waking a thread costs up to 20 000.
  internal static let worthwhile = 50_000.0

  /// Calls `body` for the parts of `0..<count`, each part once, on the threads that are free.
  ///
  /// - Parameter cost: estimated nanoseconds per index. Parts are sized so that each is worth a thread's while.
  ///   Part boundaries depend on `count`, `cost` and `minimum` only.
  /// - Parameter minimum: the least number of indices in a part, unless there are fewer.
  public static func forEach(
    _ count: Int, cost: Double, minimum: Int = 1, _ body: @Sendable (Range<Int>) -> Void
  ) {
    guard count > 0 else { return }
    let parts = partCount(count, cost: cost, minimum: minimum)
    run(parts) { part in body(count * part / parts..<count * (part + 1) / parts) }
  }

  /// `body(0), …, body(count - 1)`, each computed as a part of its own, in order of index.
  public static func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    var results = [Result?](repeating: nil, count: count)
    unsafe results.withUnsafeMutableBufferPointer { buffer in
      let places = unsafe Disjoint(buffer)
      run(count) { index in unsafe places.buffer[index] = body(index) }
    }
    return results.map { $0! }
  }

  /// Like `map` for work that can fail: the error of the lowest index is thrown, whichever thread met it first.
  public static func map<Result: Sendable, Failure: Error>(
    _ count: Int, _ body: @Sendable (Int) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    let outcomes = map(count) { index -> Swift.Result<Result, Failure> in
      do throws(Failure) { return .success(try body(index)) } catch { return .failure(error) }
    }
    var results: [Result] = []
    results.reserveCapacity(count)
    for outcome in outcomes { results.append(try outcome.get()) }
    return results
  }

  /// Writes an array in parts: `body` gets a range of items and the memory of just these, `stride` elements an item.
  ///
  /// - Parameter cost: estimated nanoseconds per item.
  public static func fill<Element: BitwiseCopyable & Sendable>(
    _ array: inout [Element], stride: Int = 1, cost: Double,
    _ body: @Sendable (Range<Int>, inout MutableSpan<Element>) -> Void
  ) {
    precondition(stride > 0 && array.count % stride == 0, "Parallel: \(array.count) elements in items of \(stride)")
    let count = array.count / stride
    unsafe array.withUnsafeMutableBufferPointer { buffer in
      let places = unsafe Disjoint(buffer)
      forEach(count, cost: cost) { range in
        let part = unsafe places.buffer.extracting(range.lowerBound * stride..<range.upperBound * stride)
        var span = unsafe part.mutableSpan
        body(range, &span)
      }
    }
  }

  /// How many parts `count` indices are worth: at most 64, none of them shorter than `minimum`.
  package static func partCount(_ count: Int, cost: Double, minimum: Int = 1) -> Int {
    let worthwhileParts = Int(min(64, Double(count) * cost / worthwhile))
    return max(1, min(worthwhileParts, count / max(1, minimum)))
  }

  /// Runs `body(0 ..< parts)` on the calling thread and as many idle ones as there are, or come to be meanwhile.
  internal static func run(_ parts: Int, _ body: @Sendable (Int) -> Void) {
    for part in 0..<parts {
      let helpers = takeIdle(atMost: parts - part - 1)
      guard helpers == 0 else {
        return withoutActuallyEscaping(body) { body in
          ParallelRegion(part..<parts, body: body).run(helpers: helpers)
        }
      }
      body(part)
    }
  }

  internal static func takeIdle(atMost wanted: Int) -> Int {
    guard wanted > 0 else { return 0 }
    var free = idle.load(ordering: .relaxed)
    while free > 0 {
      let taken = min(free, wanted)
      let (exchanged, original) = idle.compareExchange(expected: free, desired: free - taken, ordering: .relaxed)
      if exchanged { return taken }
      free = original
    }
    return 0
  }

  internal static func giveBack(_ threads: Int) {
    idle.add(threads, ordering: .relaxed)
  }
}

/// Memory that several threads write to, each at its own indices. The name is the promise that the user of it makes.
@safe private struct Disjoint<Element>: @unchecked Sendable {
  let buffer: UnsafeMutableBufferPointer<Element>
  @unsafe init(_ buffer: UnsafeMutableBufferPointer<Element>) { unsafe self.buffer = buffer }
}
