internal import NIOCore

/// A request of a connection while it is answered. An object, so that passing it on costs nothing.
final class Exchange {
  var request: WebRequest
  var route: Route?
  var routeIndex: Int?
  let keepsAlive: Bool
  let isOldProtocol: Bool
  let start: NIODeadline
  /// Bytes of the body, as announced; 0 where they are not.
  let length: Int
  /// The body is gzip.
  var isPacked = false
  /// The page of another server that is told the answer, where it may be.
  var foreignOrigin: String?
  /// Bytes that are counted in the budget of bodies.
  var charged = 0
  /// Bytes of a stream's answer so far.
  var streamed = 0

  init(_ request: WebRequest, length: Int, keepsAlive: Bool, isOldProtocol: Bool, start: NIODeadline) {
    self.request = request
    self.length = length
    self.keepsAlive = keepsAlive
    self.isOldProtocol = isOldProtocol
    self.start = start
  }
}
