import Glibc

/// A pipe that is full as soon as 64 KiB are in it: nobody reads.
final class UnreadPipe {
  private let reader: Int32
  /// Stays open: a thread may still be writing to it, and its number must not become that of another test's file.
  let writer: Int32

  init() {
    // As the program does: what is still being written when nobody can read any more must not end the process.
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    unsafe pipe(&ends)
    (reader, writer) = (ends[0], ends[1])
  }

  deinit { close(reader) }
}
