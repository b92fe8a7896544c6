internal import Glibc
internal import NIOCore

/// The bytes of an answer's head.
enum AnswerWriter {
  // Each line of a head is written with the line end before it: an answer needs few pieces then, and each one costs.

  /// Rules for browsers about data: nothing in it runs or loads, nobody frames it or guesses its type.
  private static let dataRules: StaticString = """
    \r
    content-security-policy: default-src 'none'; frame-ancestors 'none'\r
    x-content-type-options: nosniff\r
    referrer-policy: no-referrer\r
    cross-origin-resource-policy: same-origin\r
    cache-control: no-store
    """

  /// Rules for browsers about a page: what it loads comes from this server, nothing is inline, nobody frames it. Its own
  /// requests name where they come from: without, the `Origin` of its forms would be null.
  private static let pageRules: StaticString = """
    \r
    content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r
    x-content-type-options: nosniff\r
    x-frame-options: DENY\r
    referrer-policy: same-origin\r
    permissions-policy: camera=(), geolocation=(), microphone=()\r
    cross-origin-opener-policy: same-origin\r
    cross-origin-resource-policy: same-origin
    """

  /// How the end of the body is told.
  enum Framing { case length(Int), chunks, close }

  /// What follows the answer on its connection.
  enum Persistence {
    case keep
    /// As HTTP/1.0 wants to be told.
    case keepAndSay
    case close

    init(keeps: Bool, isOldProtocol: Bool) { self = keeps ? (isOldProtocol ? .keepAndSay : .keep) : .close }
  }

  /// What `writeHead` wants as the date.
  static func dateLine(_ time: time_t) -> ByteBuffer { ByteBuffer(string: "\r\ndate: \(httpDate(time))") }

  /// - Parameter date: of `dateLine`.
  static func writeHead(
    of answer: WebAnswer, _ framing: Framing, _ persistence: Persistence, id: String, date: ByteBuffer,
    to buffer: inout ByteBuffer
  ) {
    if answer.status == 200 {
      buffer.writeStaticString("HTTP/1.1 200 OK\r\ncontent-type: ")
    } else {
      buffer.writeString("HTTP/1.1 \(answer.status) \(reasonPhrase(answer.status))\r\ncontent-type: ")
    }
    buffer.writeString(answer.contentType)
    switch framing {
    case .length(let count):
      buffer.writeStaticString("\r\ncontent-length: ")
      buffer.writeString(String(count))
    case .chunks: buffer.writeStaticString("\r\ntransfer-encoding: chunked")
    case .close: break
    }
    buffer.writeImmutableBuffer(date)
    buffer.writeStaticString("\r\nx-request-id: ")
    buffer.writeString(id)
    switch persistence {
    case .keep: break
    case .keepAndSay: buffer.writeStaticString("\r\nconnection: keep-alive")
    case .close: buffer.writeStaticString("\r\nconnection: close")
    }
    buffer.writeStaticString(answer.rules == .data ? dataRules : pageRules)
    for (name, value) in answer.headers {
      buffer.writeString("\r\n\(name): ")
      // What came from outside must not begin a header of its own.
      buffer.writeBytes(value.utf8.lazy.map { $0 < 0x20 || $0 == 0x7f ? UInt8(ascii: " ") : $0 })
    }
    buffer.writeStaticString("\r\n\r\n")
  }
}
