internal import Glibc
internal import NIOCore

/// What the connections of one event loop share. Used on that loop only.
final class LoopState {
  private var connections: [ObjectIdentifier: ConnectionHandler] = [:]
  private(set) var isDraining = false
  /// The `date` header's value, which changes once a second.
  private(set) var date = ByteBuffer()
  private var second: time_t = 0
  private let identifiers: UInt64
  private var identifierCount: UInt64 = 0

  /// nil where no log is wanted.
  let accessLog: AccessLog?

  init(accessLog: AccessLog?) {
    self.accessLog = accessLog
    identifiers = .random(in: 0..<(1 << 40))
    updateDate()
  }

  var connectionCount: Int { connections.count }

  func add(_ connection: ConnectionHandler) { connections[ObjectIdentifier(connection)] = connection }

  func remove(_ connection: ConnectionHandler) { connections[ObjectIdentifier(connection)] = nil }

  /// A name for a request: unique in this process, and hardly ever the same in two.
  func nextIdentifier() -> String {
    identifierCount &+= 1
    return String(identifiers << 24 &+ identifierCount, radix: 36)
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
    date.clear()
    date.writeString(httpDate(now))
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
