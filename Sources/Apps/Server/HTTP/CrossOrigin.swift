internal import NIOCore

/// What a browser is told where a page of another server may use this one (CORS, Fetch 3.2).
enum CrossOrigin {
  /// The answer to the question whether it may.
  static let permission = WebAnswer(
    contentType: "text/plain", body: ByteBuffer(),
    headers: [
      ("access-control-allow-methods", "GET, HEAD, POST"),
      ("access-control-allow-headers", "authorization, content-type, x-request-id, inference-header-content-length"),
      ("access-control-max-age", "600"),
    ])

  static func headers(for origin: String) -> [(name: String, value: String)] {
    [
      ("access-control-allow-origin", origin), ("vary", "origin"),
      (
        "access-control-expose-headers",
        "x-request-id, x-model-version, x-model-sha256, inference-header-content-length, retry-after"
      ),
    ]
  }
}
