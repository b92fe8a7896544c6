import HTTPClient
import LoopbackServer
import Testing

/// Servers that do not keep to HTTP, or to any time or size.
@Suite struct FaultyServerTests {
  private func expect(
    _ stage: HTTPError.Stage, _ steps: RawServer.Step..., sourceLocation: SourceLocation = #_sourceLocation,
    change: (inout HTTPConfiguration) -> Void = { _ in }
  ) throws -> String {
    let server = try RawServer { _ in steps }
    let error = try expectFailure(
      stage, of: HTTPRequest("GET", server.url), with: client(change), sourceLocation: sourceLocation)
    return error?.reason ?? ""
  }

  private let endless = RawServer.Step.forever(Array("1\r\na\r\n".utf8), every: .milliseconds(20))
  private let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

  @Test func aCutIsNoShorterAnswer() throws {
    _ = try expect(.interrupted, .close)
    _ = try expect(.interrupted, .text("HTTP/1.1 200 OK\r\nContent-Le"), .close)
    _ = try expect(.interrupted, .text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"), .close)
    _ = try expect(.interrupted, .text(chunked + "5\r\nhello\r\n"), .close)
  }

  @Test func bytesBehindTheAnswerAreNotTheNextOne() throws {
    let server = try RawServer(.text("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 500 Evil\r\n\r\n"))
    let client = try client()
    for _ in 0..<2 { #expect(try client.send(HTTPRequest("GET", server.url)).body == Array("hello".utf8)) }
    #expect(server.requests.map(\.connection) == [0, 1])
  }

  @Test func whatIsNotHTTPIsBroken() throws {
    _ = try expect(.protocolViolation, .text("220 mail.example ESMTP\r\n\r\n"), .close)
    _ = try expect(.protocolViolation, .text(chunked + "zz\r\nhello\r\n"), .close)
    _ = try expect(
      .protocolViolation, .text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"))
    _ = try expect(.protocolViolation, .text("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nhello"), .close)
  }

  @Test func aStallEnds() throws {
    let reason = try expect(.timeout, .text("HTTP/1.1 200 OK\r\n"), .wait(.seconds(60))) {
      $0.stallTimeout = .milliseconds(200)
    }
    #expect(reason.contains("no byte came"))
  }

  @Test func aDripEndsWithTheTotalTime() throws {
    let reason = try expect(.timeout, .text(chunked), endless) {
      $0.stallTimeout = .seconds(2)
      $0.totalTimeout = .seconds(3)
    }
    #expect(!reason.contains("no byte came"))
  }

  @Test func redirectsShareTheTotalTime() throws {
    let server = try RawServer(.wait(.milliseconds(150)), .redirect("/again"))
    let client = try client {
      $0.totalTimeout = .milliseconds(400)
      $0.maximumRedirects = 1000
    }
    expectFailure(.timeout, of: HTTPRequest("GET", server.url), with: client)
    #expect(server.requests.count < 5)
  }

  @Test func aLargeBodyIsRefused() throws {
    _ = try expect(.tooLarge, .text("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"), .wait(.seconds(60)))
    let block = Array("1000\r\n".utf8) + Array(repeating: 32, count: 4096) + Array("\r\n".utf8)
    let reason = try expect(.tooLarge, .text(chunked), .forever(block, every: .zero)) { $0.maximumBodySize = 1 << 20 }
    #expect(reason == "its body has more than 1048576 bytes")
    #expect(try expect(.tooLarge, .ok("12345")) { $0.maximumBodySize = 4 }.isEmpty == false)
    let server = try RawServer(.ok("12345"))
    #expect(try client { $0.maximumBodySize = 5 }.send(HTTPRequest("GET", server.url)).body.count == 5)
  }

  @Test func aGzipBombIsRefused() throws {
    let bomb = gzip(Array(repeating: 0, count: 32 << 20), level: 9)
    #expect(bomb.count < 100_000)
    let reason = try expect(
      .tooLarge, .text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bomb.count)\r\n\r\n"),
      .bytes(bomb)
    ) { $0.maximumBodySize = 1 << 20 }
    #expect(reason == "its body has more than 1048576 bytes")
  }

  @Test func aLargeHeadIsRefused() throws {
    let line = Array("X-Padding: \(String(repeating: "a", count: 1000))\r\n".utf8)
    _ = try expect(.tooLarge, .text("HTTP/1.1 200 OK\r\n"), .forever(line, every: .zero))
    _ = try expect(.tooLarge, .text("HTTP/1.1 200 OK\r\nX-Padding: "), .forever(Array("aaaaaaaa".utf8), every: .zero))
    _ = try expect(.tooLarge, .forever(Array("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n".utf8), every: .zero))
  }

  @Test func whoeverIsNotThereCannotBeReached() throws {
    let server = try RawServer(.ok())
    let url = server.url
    try server.stop()
    expectFailure(.connect, of: HTTPRequest("GET", url), with: try client())
    expectFailure(.resolve, of: HTTPRequest("GET", "http://nobody.invalid/"), with: try client())
  }
}
