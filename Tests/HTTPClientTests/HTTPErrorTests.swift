import HTTPClient
import Testing

@Suite struct HTTPErrorTests {
  @Test(
    arguments: [
      "", "example.com", "/path", "ftp://example.com", "file:///etc/passwd", "http://", "http://a b/",
      "http://a/\r\nX: y",
      "http://a/\u{0}", "http://user@a/", "http://user:secret@a/", "http://a:99999/", "http://[::1", "gopher://a/",
      "http://a/" + String(repeating: "b", count: 9000),
    ])
  func urlsThatCannotBeAsked(url: String) throws {
    let error = expectFailure(.address, of: HTTPRequest("GET", url), with: try client())
    #expect(error?.description.contains("secret") == false)
    #expect(error?.description.contains { $0.isNewline } == false)
  }

  @Test(
    arguments: [("X-A", "b\r\nX-C: secret"), ("X-A", "b\n"), ("X-A", "\u{0}"), ("X A", "b"), ("X-A:", "b"), ("", "b")])
  func headersThatCannotBeSent(name: String, value: String) throws {
    let request = HTTPRequest("GET", "http://127.0.0.1:1/", headers: [HTTPHeader(name, value)])
    let error = expectFailure(.address, of: request, with: try client())
    #expect(error?.description.contains("secret") == false)
    #expect(throws: HTTPError.self) {
      try client { $0.credentials = [HTTPCredential(origin: "http://a", header: HTTPHeader(name, value))] }
    }
  }

  @Test func methodsAndAgentsThatCannotBeSent() throws {
    expectFailure(.address, of: HTTPRequest("GET /x HTTP/1.1\r\n", "http://127.0.0.1:1/"), with: try client())
    #expect(throws: HTTPError.self) { try client { $0.userAgent = "a\r\nb" } }
    #expect(throws: HTTPError.self) {
      try client { $0.credentials = [HTTPCredential(origin: "no url", header: HTTPHeader("A", "b"))] }
    }
  }

  @Test func errorsKeepSecrets() {
    func shown(_ url: String) -> String { HTTPError(stage: .timeout, url: url, reason: "a\u{1B}[31m\r\nb").url }
    #expect(shown("https://user:secret@a.example:8/p/q?token=secret#secret") == "https://a.example:8/p/q?…")
    #expect(shown("https://user@secret@a.example/p@q") == "https://a.example/p@q")
    #expect(shown("http://a/#secret") == "http://a/")
    #expect(shown("http://a/\r\nb") == "http://a/b")
    let error = HTTPError(stage: .timeout, url: "http://a/", reason: "a\u{1B}[31m\r\nb")
    #expect(error.description == "http://a/: no answer in time: a[31mb")
  }
}
