internal import Glibc
internal import NIOCore

/// One line of JSON for each request, collected and handed on a few times a second. Used on one event loop only.
final class AccessLog {
  private let writer: LogWriter
  private let metrics: Metrics?
  private var buffer = ByteBuffer()
  private var lineCount = 0
  /// The time of a line changes every millisecond; its text up to the second is kept.
  private var second: time_t = -1
  private var secondText = ""

  private static let full = 32 << 10

  /// - Parameter writer: shared by all loops of the process.
  init(_ writer: LogWriter, _ metrics: Metrics?) {
    self.writer = writer
    self.metrics = metrics
  }

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
    lineCount += 1
    if buffer.readableBytes >= Self.full { flush() }
  }

  /// Hands the lines on. A log that takes none must not stop the server: lines are lost then, and counted.
  func flush() {
    guard lineCount > 0 else { return }
    let lost = writer.write(buffer, count: lineCount)
    if lost > 0 { metrics?.add(.logLinesDropped, lost) }
    // The writer has the bytes of the old one.
    buffer = ByteBuffer()
    lineCount = 0
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
