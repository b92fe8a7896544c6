package import NIOCore

/// What is sent back.
package struct WebAnswer: Sendable {
  /// Which rules a browser is given about the answer.
  package enum Rules: Sendable {
    /// Data: nothing in it may run, load or be framed.
    case data
    /// A page of ours: scripts, styles and pictures of this server only, nothing inline.
    case page
  }

  package var status: Int
  package var contentType: String
  package var body: ByteBuffer
  package var rules: Rules
  /// What is wrong, of a problem: people get a page that says it in place of JSON.
  package var detail: String?
  /// Beside those that every answer has.
  package var headers: [(name: String, value: String)]

  package init(
    status: Int = 200, contentType: String, body: ByteBuffer, rules: Rules = .data,
    headers: [(name: String, value: String)] = []
  ) {
    self.status = status
    self.contentType = contentType
    self.body = body
    self.rules = rules
    self.headers = headers
  }

  package static func json(_ body: ByteBuffer, status: Int = 200) -> WebAnswer {
    WebAnswer(status: status, contentType: "application/json", body: body)
  }

  /// A value with sorted keys.
  package static func json(_ value: some Encodable, status: Int = 200) -> WebAnswer {
    json(ByteBuffer(bytes: jsonBytes(value)), status: status)
  }

  package static func html(_ text: String, status: Int = 200) -> WebAnswer {
    WebAnswer(status: status, contentType: "text/html; charset=utf-8", body: ByteBuffer(string: text), rules: .page)
  }

  package static func text(_ text: String, status: Int = 200) -> WebAnswer {
    WebAnswer(status: status, contentType: "text/plain; charset=utf-8", body: ByteBuffer(string: text))
  }
}
