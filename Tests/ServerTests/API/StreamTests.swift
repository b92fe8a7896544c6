import Foundation
import Server
import Testing

@Suite struct StreamTests {
  private func lines(_ answer: Answer) -> [String] { answer.text.split(separator: "\n").map(String.init) }

  @Test func answersLineByLine() throws {
    let scene = try Scene()
    let body = """
      {"size":17,"kind":"castle","noise":3.5}
      {"size":"big"}

      nonsense
      {"kind":"flat"} {}
      {"size":17,"kind":"castle","noise":3.5}
      """
    let answer = try scene.ask("POST", "/api/predict/stream", body, headers: ["Content-Type": "application/x-ndjson"])
    #expect(answer.status == 200)
    #expect(answer.headers["x-model-sha256"] == (try scene.model.sha256))
    let lines = lines(answer)
    try #require(lines.count == 5)
    #expect(lines[0].hasPrefix(#"{"price":"#))
    #expect(lines[4] == lines[0])
    for (index, line) in zip([1, 2, 3], [2, 4, 5]) {
      let error = try JSONSerialization.jsonObject(with: Data(lines[index].utf8)) as? [String: [String: Any]]
      #expect(error?["error"]?["line"] as? Int == line)
    }
  }

  /// As curl asks before it sends a stream: the invitation comes before the answer's head, not into its body.
  @Test func invitesWhoAsksFirst() throws {
    let scene = try Scene()
    let connection = try Connection(port: scene.listener.port)
    try connection.send(
      "POST /api/predict/stream HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n")
    try connection.send("0d\r\n{\"size\":17}\r\n\r\n0\r\n\r\n")
    let answer = try connection.answer()
    #expect(answer.status == 200)
    #expect(lines(answer).count == 1 && answer.text.hasPrefix(#"{"price":"#))
  }

  /// However the bytes are cut into pieces.
  @Test func piecesDoNotMatter() throws {
    let scene = try Scene()
    let rows = (0..<700).map { #"{"size":\#($0 % 101),"kind":"house","noise":\#($0 % 7)}"# }
    let whole = try scene.ask("POST", "/api/predict/stream", rows.joined(separator: "\n"))
    let connection = try Connection(port: scene.listener.port)
    try connection.send("POST /api/predict/stream HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    var rest = Array((rows.joined(separator: "\r\n") + "\r\n").utf8)[...]
    var random = RandomStreamOfBytes(seed: 3)
    while !rest.isEmpty {
      let piece = rest.prefix(1 + random.next(300))
      try connection.send(Array((String(piece.count, radix: 16) + "\r\n").utf8) + piece + Array("\r\n".utf8))
      rest = rest.dropFirst(piece.count)
    }
    try connection.send("0\r\n\r\n")
    #expect(try connection.answer().body == whole.body)
    #expect(lines(whole).count == 700)
    let batch = try scene.ask("POST", "/api/predict", #"{"instances":["# + rows.joined(separator: ",") + "]}")
    let streamed = try lines(whole).map { try JSONDecoder().decode([String: Double].self, from: Data($0.utf8)) }
    #expect(batch.predictions() == streamed.compactMap { $0["price"] })
  }

  @Test func longLinesAreRefusedAndSteppedOver() throws {
    var limits = Limits()
    limits.line = 100
    let scene = try Scene(limits: limits)
    let long = #"{"x":""# + String(repeating: "a", count: 200_000) + #""}"#
    let answer = try scene.ask("POST", "/api/predict/stream", "{\"size\":1}\n\(long)\n{\"size\":1}\n")
    let lines = lines(answer)
    try #require(lines.count == 3)
    #expect(lines[1].contains("longer than 100 bytes"))
    #expect(lines[0] == lines[2])
  }

  /// A client that does not read is not read from: the server's memory does not grow with what it sends.
  @Test func waitsForAClientThatDoesNotRead() throws {
    var limits = Limits()
    limits.bodyTime = .seconds(1)
    let scene = try Scene(limits: limits)
    let connection = try Connection(port: scene.listener.port, timeout: 2)
    connection.sendTimeout(0.3)
    try connection.send("POST /api/predict/stream HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    let line = "{\"size\":1}\n"
    let piece = String(repeating: line, count: 5000)
    let chunk = String(piece.utf8.count, radix: 16) + "\r\n\(piece)\r\n"
    var sent = 0
    // Everything between the two programs fills up long before this.
    while sent < 2000, (try? connection.send(chunk)) != nil { sent += 1 }
    #expect(sent < 2000)
    #expect(try scene.ask("GET", "/healthz").status == 200)
  }
}
