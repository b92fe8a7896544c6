internal import Glibc
internal import NIOCore

/// What the connections of one event loop share. Used on that loop only.
final class LoopState {
  private var connections: [ObjectIdentifier: ConnectionHandler] = [:]
  private(set) var isDraining = false
  /// The line of the `date` header, which changes once a second, with the line end before it.
  private(set) var date = ByteBuffer()
  private var second: time_t = 0
  /// In which answers are written: its memory is used again where a client has taken the one before.
  var buffer = ByteBuffer()
  /// Of the identifier that was given last.
  private var identifier = UInt64.random(in: 0..<(1 << 60))

  /// nil where no log is wanted.
  let accessLog: AccessLog?

  init(accessLog: AccessLog?) {
    self.accessLog = accessLog
    updateDate()
  }

  var connectionCount: Int { connections.count }

  func add(_ connection: ConnectionHandler) { connections[ObjectIdentifier(connection)] = connection }

  func remove(_ connection: ConnectionHandler) { connections[ObjectIdentifier(connection)] = nil }

  /// A name for a request: 12 letters and digits, unique in this process and hardly ever the same in two.
  func nextIdentifier() -> String {
    identifier &+= 1
    var rest = identifier
    return unsafe String(unsafeUninitializedCapacity: 12) { letters in
      for place in stride(from: 11, through: 0, by: -1) {
        let digit = UInt8(rest & 31)
        unsafe letters[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        rest >>= 5
      }
      return 12
    }
  }

  /// Called a few times a second.
  func tick() {
    updateDate()
    accessLog?.flush()
    let now = NIODeadline.now()
    for connection in connections.values { connection.checkTime(now) }
  }

  /// From now on every connection ends behind its answer, idle ones at once.
  func drain() {
    isDraining = true
    for connection in connections.values { connection.drain() }
  }

  /// Ends what is left.
  func closeAll() {
    for connection in connections.values { connection.abandon() }
    accessLog?.flush()
  }

  private func updateDate() {
    let now = time(nil)
    guard now != second else { return }
    second = now
    date = AnswerWriter.dateLine(now)
  }
}

/// As RFC 9110 has it: `Sun, 06 Nov 1994 08:49:37 GMT`.
func httpDate(_ time: time_t) -> String {
  let moment = CalendarTime(time)
  let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  let date = "\(twoDigits(moment.day)) \(months[moment.month - 1]) \(moment.year)"
  return "\(days[moment.weekday]), \(date) \(moment.clock) GMT"
}
