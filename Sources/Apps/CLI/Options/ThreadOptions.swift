import ArgumentParser
import Linalg

/// How many cores a command that computes may use.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads to use at most; results do not depend on it. (default: all cores)")
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 || threads > 1024 {
      throw ValidationError("--threads \(threads): must be 1 ... 1024")
    }
  }

  /// Also has memory kept from one matrix to the next. A server, which is to be small between requests, does not come by here.
  func apply() {
    HeapMemory.keepFreedPieces()
    if let threads { Parallel.threads = threads }
  }
}
