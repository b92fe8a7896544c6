import ArgumentParser
import Linalg

/// How many cores a command may use.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads to use at most; results do not depend on it. (default: all cores)")
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 || threads > 1024 {
      throw ValidationError("--threads \(threads): must be 1 ... 1024")
    }
  }

  func apply() {
    if let threads { Parallel.threads = threads }
  }
}
