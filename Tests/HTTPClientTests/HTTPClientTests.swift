import Foundation
import HTTPClient
import LoopbackServer
import Synchronization
import Testing

@Suite struct HTTPClientTests {
  @Test func anAnswerHasStatusHeadBodyAndURL() throws {
    let server = try RawServer(
      .text("HTTP/1.1 404 Gone Away\r\nX-One: 1\r\nx-one:  2 \r\nContent-Length: 5\r\n\r\nhello"))
    let response = try client().send(HTTPRequest("GET", server.url + "/a?b=c#d"))
    #expect(response.status == 404)
    #expect(response.headers["X-ONE"] == "1, 2")
    #expect(response.headers["absent"] == nil)
    #expect(response.body == Array("hello".utf8))
    #expect(response.url == server.url + "/a?b=c")
    let request = try #require(server.requests.first)
    #expect(request.text.hasPrefix("GET /a?b=c HTTP/1.1\r\n"))
    #expect(request.has("user-agent: learners-test\r\n"))
    #expect(request.has("accept-encoding: gzip\r\n"))
    #expect(!request.has("cookie:"))
  }

  @Test func aBodyIsSentAsItIs() throws {
    let server = try RawServer(.ok())
    let body = Array(repeating: UInt8(ascii: "a"), count: 2_000_000)
    let headers = [HTTPHeader("X-Empty", ""), HTTPHeader("Accept", "application/json")]
    _ = try client().send(HTTPRequest("POST", server.url, headers: headers, body: body))
    _ = try client().send(HTTPRequest("POST", server.url))
    let request = try #require(server.requests.first)
    #expect(request.text.hasPrefix("POST / HTTP/1.1\r\n"))
    #expect(request.has("content-length: 2000000\r\n"))
    #expect(request.has("x-empty:"))
    #expect(request.has("accept: application/json\r\n"))
    #expect(!request.has("expect:") && !request.has("content-type:"))
    #expect(request.text.hasSuffix("\r\n\r\n" + String(decoding: body, as: UTF8.self)))
    #expect(server.requests.last?.has("content-length: 0\r\n") == true)
  }

  @Test func connectionsAreKeptAndOpenedAgainWhereClosed() throws {
    let server = try RawServer { $0.connection == 0 && $0.text.contains("/last") ? [.ok(), .close] : [.ok()] }
    let client = try client()
    for path in ["/", "/", "/last", "/"] {
      #expect(try client.send(HTTPRequest("GET", server.url + path)).status == 200)
    }
    #expect(server.requests.map(\.connection) == [0, 0, 0, 1])
  }

  @Test func answersWithoutBodyEndWithTheirHead() throws {
    let server = try RawServer { request in
      [
        .text(
          "HTTP/1.1 \(request.text.hasPrefix("HEAD") ? 200 : 304) OK\r\nContent-Length: 900\r\nETag: W/\"a\"\r\n\r\n")
      ]
    }
    let client = try client()
    let head = try client.send(HTTPRequest("HEAD", server.url))
    let unchanged = try client.send(HTTPRequest("GET", server.url))
    #expect(head.status == 200 && head.body.isEmpty)
    #expect(unchanged.status == 304 && unchanged.headers["etag"] == "W/\"a\"")
  }

  @Test func compressedBodiesAreRead() throws {
    let text = String(repeating: "stars and forks, ", count: 5000)
    let body = gzip(Array(text.utf8))
    let server = try RawServer(
      .text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n"), .bytes(body))
    #expect(try client().send(HTTPRequest("GET", server.url)).body == Array(text.utf8))
  }

  @Test func manyThreadsMaySendAtOnce() async throws {
    let server = try RawServer { request in [.wait(.milliseconds(20)), .ok(String(request.text.prefix(11)))] }
    let client = try client()
    let url = server.url
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 10..<40 {
        group.addTask {
          let response = try client.send(HTTPRequest("GET", url + "/path\(number)"))
          return String(decoding: response.body, as: UTF8.self) == "GET /path\(number)"
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }

  @Test func cancellingEndsWhatRunsAndWhatComesLater() throws {
    let server = try RawServer(.text("HTTP/1.1 200 OK\r\n"), .wait(.seconds(60)))
    let client = try client()
    let request = HTTPRequest("GET", server.url)
    // Threads of its own: a task may have to wait for those of other tests.
    let canceller = Thread {
      while server.requests.isEmpty { usleep(1_000) }
      client.cancel()
    }
    let start = ContinuousClock.now
    canceller.start()
    expectFailure(.cancelled, of: request, with: client)
    // The promise is a second; without it the test would wait for the stalled transfer to end.
    #expect(ContinuousClock.now - start < .seconds(10))
    expectFailure(.cancelled, of: request, with: client)
    #expect(server.requests.count == 1)
  }
}
