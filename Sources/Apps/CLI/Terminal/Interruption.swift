import Dispatch
import Glibc
import Synchronization

/// Ctrl-C: the process ends with status 130, but never in the middle of writing a file.
enum Interruption {
  private static let writing = Mutex(())
  /// Files that are being written for long and do not have their final name yet.
  private static let unfinished = Mutex<Set<String>>([])
  /// What a command does with what it has when it is interrupted, and says about it; nil where all is said.
  private static let lastAct = Mutex<(@Sendable () -> String)?>(nil)
  /// Kept for the life of the process: a source that nobody holds is silent. Only `install` touches them.
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  /// Ends the process on SIGINT or SIGTERM, after the file that is being written, if any.
  static func install() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler {
        writing.withLock { _ in
          for path in unfinished.withLock(\.self) { unsafe unlink(path) }
          let words = lastAct.withLock(\.self).map { $0() } ?? "files that were complete are kept"
          Terminal.writeError("\nlearners: interrupted: \(words): run the command again")
          _exit(128 + number)
        }
      }
      source.resume()
      unsafe sources.append(source)
    }
  }

  /// Leaves the signals to a command that ends in its own way.
  static func handOver() {
    for source in unsafe sources { source.cancel() }
    unsafe sources = []
  }

  /// Runs `body`; an interruption meanwhile ends with `act`, which may write files and tells what became of the work. It must not
  /// wait for what `body` does.
  static func ending<Result>(with act: @escaping @Sendable () -> String, _ body: () throws -> Result) rethrows -> Result
  {
    lastAct.withLock { $0 = act }
    defer { lastAct.withLock { $0 = nil } }
    return try body()
  }

  /// Runs `body`, which fills a file, if any, for so long that an interruption does not wait for it: it removes the file.
  static func removing<Result>(_ path: String?, during body: () throws -> Result) rethrows -> Result {
    guard let path else { return try body() }
    unfinished.withLock { _ = $0.insert(path) }
    defer { unfinished.withLock { _ = $0.remove(path) } }
    return try body()
  }

  /// Runs `body`, which writes a file, to its end before an interruption takes effect.
  static func deferred<Result>(_ body: () throws -> Result) rethrows -> Result {
    try writing.withLock { _ in try body() }
  }
}
