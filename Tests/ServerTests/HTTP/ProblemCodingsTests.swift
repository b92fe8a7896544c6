import Server
import Testing

@Suite struct ProblemCodingsTests {
  private static let body = #"{"instances":[{"size":17}]}"#

  @Test(arguments: ["/api/predict", "/api/rank", "/v2/models/best/infer", "/table", "/api/predict/stream"])
  func packedBodiesAreRefused(path: String) throws {
    let scene = try Scene()
    for coding in ["gzip", "GZIP", "br", "identity, gzip"] {
      let answer = try scene.ask("POST", path, Self.body, headers: ["Content-Encoding": coding])
      #expect(answer.status == 415 && answer.text.contains("unpacked"))
      #expect(answer.headers["accept-encoding"] == "identity" && answer.headers["connection"] == "close")
      #expect(answer.text.hasPrefix(path.hasPrefix("/v2") ? #"{"error":"# : #"{"type":"#))
    }
  }

  @Test func whatIsNotPackedIsTaken() throws {
    let scene = try Scene()
    for coding in ["identity", "Identity", ""] {
      #expect(try scene.ask("POST", "/api/predict", Self.body, headers: ["Content-Encoding": coding]).status == 200)
    }
    // Nothing is not packed.
    #expect(try scene.ask("GET", "/healthz", headers: ["Content-Encoding": "gzip"]).status == 200)
  }

  @Test(arguments: [
    ("1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked", 501),
    ("1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked", 501),
    ("1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked", 400),
    ("1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip", 400), ("1.0\r\nTransfer-Encoding: chunked", 400),
    ("1.1\r\nHost: x\r\nTransfer-Encoding: identity", 501),
  ])
  func otherTransferCodingsAreNotUnderstood(head: String, status: Int) throws {
    let scene = try Scene()
    let connection = try Connection(port: scene.listener.port, timeout: 3)
    try connection.send("POST /api/predict HTTP/\(head)\r\n\r\n1b\r\n\(Self.body)\r\n0\r\n\r\n")
    let answer = try connection.answer()
    #expect(answer.status == status && answer.headers["connection"] == "close")
    #expect(answer.headers["content-type"] == "application/problem+json")
    #expect(connection.isEnded())
  }

  @Test(arguments: ["chunked", "Chunked"]) func chunksAreUnderstood(coding: String) throws {
    let scene = try Scene()
    let connection = try Connection(port: scene.listener.port, timeout: 3)
    try connection.send(
      "POST /api/predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \(coding)\r\n\r\n1b\r\n\(Self.body)\r\n0\r\n\r\n")
    #expect(try connection.answer().status == 200)
  }
}
