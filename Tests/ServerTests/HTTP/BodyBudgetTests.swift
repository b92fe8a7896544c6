import Foundation
import Server
import Testing

@Suite struct BodyBudgetTests {
  private static let small = #"{"instances":[{"size":17,"kind":"castle","noise":3.5}]}"#

  private func scene() throws -> Scene {
    var limits = Limits()
    limits.body = 1 << 20
    limits.bodies = 4 << 20
    return try Scene(limits: limits)
  }

  /// Bodies that trickle in stay within the memory that all have together; small requests are answered meanwhile.
  @Test func largeBodiesHaveABoundTogether() throws {
    let scene = try scene()
    let size = 1_000_000
    let begin = [UInt8](repeating: 0x20, count: size - 1_000)
    var (waiting, refused) = ([Connection](), 0)
    for _ in 0..<8 {
      let connection = try Connection(port: scene.listener.port, timeout: 0.3)
      try connection.send(
        "POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: \(size)\r\n\r\n"
      )
      try? connection.send(begin)
      // One that is taken has no answer yet.
      if let answer = try? connection.answer() {
        #expect(answer.status == 503 && answer.headers["retry-after"] == "1")
        refused += 1
      } else {
        waiting.append(connection)
      }
    }
    #expect(waiting.count == 2 && refused == 6)
    #expect(try scene.ask("POST", "/api/predict", Self.small).status == 200)
    let metrics = try scene.ask("GET", "/metrics").text
    #expect(metrics.contains("learners_body_bytes 19"))
    // What is let go of has room for others.
    waiting = []
    #expect(eventually { try scene.ask("GET", "/metrics").text.contains("learners_body_bytes 0\n") })
    let body = "{\"instances\":[" + String(repeating: " ", count: 900_000) + "]}"
    #expect(try scene.ask("POST", "/api/predict", body).status == 200)
  }

  /// The begin of a line waits for its end, so it counts as well.
  @Test func linesOfStreamsCountToo() throws {
    let scene = try scene()
    let connections = try (0..<4).map { _ in try Connection(port: scene.listener.port) }
    for connection in connections {
      try connection.send(
        "POST /api/predict/stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n\r\n{\"colour\":\"")
      try? connection.send([UInt8](repeating: 0x78, count: 900_000))
    }
    #expect(eventually { try scene.ask("GET", "/metrics").text.contains("learners_requests_rejected_total 2\n") })
    #expect(try scene.ask("POST", "/api/predict", Self.small).status == 200)
    withExtendedLifetime(connections) {}
  }
}
