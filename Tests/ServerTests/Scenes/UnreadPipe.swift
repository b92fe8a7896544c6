import Glibc

/// A pipe that is full as soon as 64 KiB are in it: nobody reads.
final class UnreadPipe {
  let reader: Int32
  let writer: Int32

  init() {
    var ends: [Int32] = [0, 0]
    unsafe pipe(&ends)
    (reader, writer) = (ends[0], ends[1])
  }

  deinit {
    close(reader)
    close(writer)
  }
}
