/// What a client may ask for. Everything is bounded: a server that is open to others must not be filled up by one.
package struct Limits: Sendable {
  /// Names that it may call the server by.
  package var hosts = AllowedHosts.any
  /// Other servers whose pages may use it.
  package var origins = AllowedOrigins.none
  /// In front of all paths where a proxy passes only a part of its own on: `/stars`, without a stroke at its end.
  package var basePath = ""
  /// Bytes of a body, streams excepted.
  package var body = 8 << 20
  /// Bytes of the bodies of all requests in progress in one process, lines of streams among them. Half of it is for the
  /// first `smallBody` of each: large ones cannot take all from small ones.
  package var bodies = 64 << 20
  package var smallBody = 64 << 10
  /// Bytes of method, path and query.
  package var target = 4 << 10
  /// Bytes of one header field, and of all.
  package var headerField = 8 << 10
  package var headers = 32 << 10
  package var headerCount = 100
  /// Rows of one request.
  package var instances = 10_000
  /// Bytes of one line of a stream.
  package var line = 1 << 20
  /// Connections at the same time, in one process.
  package var connections = 8_192
  /// Requests that wait for a thread or have one.
  package var slowRequests = 64
  /// From the first byte of a connection, or the last answer on it, to the end of the next head.
  package var headTime = Duration.seconds(15)
  /// From the end of the head to the end of the body; between two pieces of a stream; between two looks whether a client
  /// took some of the answer that waits for it.
  package var bodyTime = Duration.seconds(30)
  /// For requests in progress, when the server is told to stop.
  package var drainTime = Duration.seconds(20)

  package init() {}
}
