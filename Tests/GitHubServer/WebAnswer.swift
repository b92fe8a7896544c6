/// What is sent back, and how.
struct WebAnswer: Sendable {
  enum Delivery: Sendable {
    case whole
    /// The head promises the whole body, then the connection ends behind so many bytes; nil: before the head.
    case cut(after: Int?)
    /// No answer for so long, then the connection ends.
    case silent(Duration)
    /// A byte at a time.
    case drip(every: Duration)
    /// The body again and again up to so many bytes, without a length in the head.
    case endless(bytes: Int)
  }

  var status: Int
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []
  /// What `If-None-Match` may name.
  var etag: String?
  var delivery = Delivery.whole

  init(status: Int, json: [UInt8], etag: String? = nil) {
    self.status = status
    body = json
    self.etag = etag
  }

  /// An error as GitHub words it.
  init(status: Int, message: String, documentation: String = "https://docs.github.com/rest") {
    self.init(
      status: status,
      json: JSONValue.object([
        ("message", .string(message)), ("documentation_url", .string(documentation)),
        ("status", .string(String(status))),
      ]).bytes)
  }

  static let notFound = WebAnswer(status: 404, message: "Not Found")
}
