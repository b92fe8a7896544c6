import Foundation
import Server
import Testing

@Suite struct ProblemCodingsTests {
  private static let body = #"{"instances":[{"size":17}]}"#

  @Test(arguments: ["/api/predict", "/api/rank", "/v2/models/best/infer", "/table", "/api/predict/stream"])
  func packedBodiesAreRefused(path: String) throws {
    let scene = try Scene()
    for coding in ["br", "deflate", "identity, gzip", "gzip, gzip"] {
      let answer = try scene.ask("POST", path, Self.body, headers: ["Content-Encoding": coding])
      #expect(answer.status == 415 && answer.text.contains("unpacked"))
      #expect(answer.headers["accept-encoding"] == "gzip, identity" && answer.headers["connection"] == "close")
      #expect(answer.text.hasPrefix(path.hasPrefix("/v2") ? #"{"error":"# : #"{"type":"#))
    }
  }

  /// `{"instances":[{"size":17}]}`, packed by Python's gzip.
  private static let packed = Data(base64Encoded: "H4sIAAAAAAACA6tWyswrLknMS04tVrKKrlYqzqxKVbIyNK+NrQUACYrwRBsAAAA=")!

  private func post(_ path: String, _ body: Data, coding: String = "gzip", to scene: Scene) throws -> Answer {
    let connection = try Connection(port: scene.listener.port, timeout: 5)
    try connection.send(
      "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: \(coding)\r\nContent-Length: \(body.count)\r\n\r\n"
    )
    try connection.send([UInt8](body))
    return try connection.answer()
  }

  @Test(arguments: ["gzip", "GZIP", "x-gzip"]) func gzipIsUnpacked(coding: String) throws {
    let scene = try Scene()
    let plain = try scene.ask("POST", "/api/predict", Self.body)
    #expect(try post("/api/predict", Self.packed, coding: coding, to: scene).body == plain.body)
    let damaged = try post("/api/predict", Self.packed.dropLast(9), coding: coding, to: scene)
    #expect(damaged.status == 400 && damaged.text.contains("cut short"))
    #expect(try post("/api/predict", Data(Self.body.utf8), coding: coding, to: scene).status == 400)
    let stream = try post("/api/predict/stream", Self.packed, coding: coding, to: scene)
    #expect(stream.status == 415 && stream.text.contains("stream"))
  }

  /// A few packed bytes can be any number of plain ones.
  @Test func aBombIsTooLarge() throws {
    let bomb = Data(
      base64Encoded:
        "H4sIAAAAAAACA+3BgQAAAADDIJX5Ux7kVQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAK8G1wgmy0BCDwA="
    )!
    var limits = Limits()
    limits.body = 100_000
    #expect(try post("/api/predict", bomb, to: Scene(limits: limits)).status == 413)
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
