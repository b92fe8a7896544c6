internal import Glibc
internal import NIOCore

/// One line of JSON for each request, collected and written a few times a second. Used on one event loop only.
final class AccessLog {
  private let descriptor: Int32
  private var buffer = ByteBuffer()
  /// The time of a line changes every millisecond; its text up to the second is kept.
  private var second: time_t = -1
  private var secondText = ""

  private static let full = 32 << 10

  /// - Parameter descriptor: open for appending; not closed here.
  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { flush() }

  struct Line {
    let id: String
    let peer: String
    let method: String
    let path: String
    let status: Int
    let bytes: Int
    let nanoseconds: Int
  }

  func append(_ line: Line) {
    buffer.writeStaticString("{\"time\":\"")
    writeTime()
    buffer.writeStaticString("\",\"id\":")
    buffer.writeJSON(line.id)
    buffer.writeStaticString(",\"peer\":")
    buffer.writeJSON(line.peer)
    buffer.writeStaticString(",\"method\":")
    buffer.writeJSON(line.method)
    buffer.writeStaticString(",\"path\":")
    buffer.writeJSON(line.path)
    let microseconds = line.nanoseconds / 1_000
    buffer.writeString(",\"status\":\(line.status),\"bytes\":\(line.bytes),\"microseconds\":\(microseconds)}\n")
    if buffer.readableBytes >= Self.full { flush() }
  }

  /// A log that cannot be written to must not stop the server.
  func flush() {
    while buffer.readableBytes > 0 {
      let count = unsafe buffer.withUnsafeReadableBytes { unsafe write(descriptor, $0.baseAddress!, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      buffer.moveReaderIndex(forwardBy: count)
    }
    buffer.clear()
  }

  private func writeTime() {
    var now = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    if now.tv_sec != second {
      second = now.tv_sec
      secondText = isoSecond(now.tv_sec)
    }
    buffer.writeString(secondText)
    let milliseconds = now.tv_nsec / 1_000_000
    buffer.writeStaticString(milliseconds < 10 ? ".00" : milliseconds < 100 ? ".0" : ".")
    buffer.writeString(String(milliseconds))
    buffer.writeStaticString("Z")
  }
}

/// `2026-11-23T12:00:00`, in universal time.
func isoSecond(_ time: time_t) -> String {
  let moment = CalendarTime(time)
  return "\(moment.year)-\(twoDigits(moment.month))-\(twoDigits(moment.day))T\(moment.clock)"
}
