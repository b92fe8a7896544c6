import HTTPClient
import LoopbackServer
import TestSupport
import Testing

@Suite struct RedirectTests {
  private let secret = HTTPHeader("Authorization", "Bearer secret")

  @Test func aRedirectIsFollowedAndTheURLTold() throws {
    let server = try RawServer { $0.text.hasPrefix("GET /old") ? [.redirect("../new?x=1")] : [.ok()] }
    let response = try client().send(HTTPRequest("GET", server.url + "/old", headers: [secret]))
    #expect(response.url == server.url + "/new?x=1")
    #expect(server.requests.allSatisfy { $0.has("authorization: bearer secret") })
  }

  @Test func anEndlessRedirectEnds() throws {
    let server = try RawServer(.redirect("/"))
    let error = expectFailure(
      .redirect, of: HTTPRequest("GET", server.url), with: try client { $0.maximumRedirects = 3 })
    #expect(server.requests.count == 4)
    #expect(error?.reason.contains("more than 3 times") == true)
  }

  @Test func secretsStayWithTheirOrigin() throws {
    // Another port of the same host is another origin.
    let other = try RawServer(.ok())
    let target = other.url
    let server = try RawServer { _ in [.redirect(target + "/")] }
    let client = try client {
      $0.credentials = [HTTPCredential(origin: server.url, header: HTTPHeader("X-Token", "secret"))]
    }
    let headers = [secret, HTTPHeader("Cookie", "secret"), HTTPHeader("Accept", "text/plain")]
    _ = try client.send(HTTPRequest("GET", server.url, headers: headers))
    let (first, second) = (try #require(server.requests.first), try #require(other.requests.first))
    #expect(first.has("authorization: bearer secret") && first.has("x-token: secret") && first.has("cookie: secret"))
    #expect(!second.text.contains("secret"))
    #expect(second.has("accept: text/plain"))
  }

  @Test func aSecretOfTheRequestDoesNotComeBack() throws {
    let server = try RawServer { request in
      request.text.hasPrefix("GET /start ") ? [.redirect(request.text.contains("never") ? "" : "/step")] : [.ok()]
    }
    let home = server.url
    let other = try RawServer { _ in [.redirect(home + "/end")] }
    let start = try RawServer { _ in [.redirect(other.url)] }
    _ = try client().send(HTTPRequest("GET", start.url, headers: [secret]))
    #expect(start.requests.first?.has("authorization:") == true)
    #expect(other.requests.first?.has("authorization:") == false)
    #expect(server.requests.first?.has("authorization:") == false)
  }

  @Test func credentialsGoToTheirOriginAlone() throws {
    let known = try RawServer(.ok())
    let target = known.url
    let unknown = try RawServer { _ in [.redirect(target)] }
    let client = try client { $0.credentials = [HTTPCredential(origin: target + "/path", header: secret)] }
    _ = try client.send(HTTPRequest("GET", unknown.url))
    #expect(unknown.requests.first?.has("authorization:") == false)
    #expect(known.requests.first?.has("authorization: bearer secret") == true)
  }

  @Test(arguments: [
    "ftp://127.0.0.1/", "file:///etc/passwd", "http://user:secret@127.0.0.1/", "http://a b/", "http:// ",
  ])
  func redirectsElsewhereAreNotFollowed(location: String) throws {
    let server = try RawServer(.redirect(location))
    let error = expectFailure(.redirect, of: HTTPRequest("GET", server.url), with: try client())
    #expect(error?.description.contains("secret") == false)
  }

  @Test func encryptionIsNotLost() throws {
    let folder = try TemporaryFolder()
    let certificate = try TestCertificate(in: folder.url)
    let plain = try RawServer(.ok())
    let redirect = "HTTP/1.1 302 Found\r\nLocation: \(plain.url)\r\nContent-Length: 0\r\n\r\n"
    let server = try EncryptedServer(certificate, in: folder, answer: redirect)
    let client = try client { $0.certificateAuthority = certificate.authority }
    let error = expectFailure(.redirect, of: HTTPRequest("GET", server.url), with: client)
    #expect(error?.reason == "it redirects from https to http")
    #expect(plain.requests.isEmpty)
  }

  @Test(arguments: [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
  func whatFollowsAPost(status: Int, method: String) throws {
    let server = try RawServer { $0.text.contains(" /old ") ? [.redirect("/new", status: status)] : [.ok()] }
    let headers = [HTTPHeader("Content-Type", "text/plain")]
    _ = try client().send(HTTPRequest("POST", server.url + "/old", headers: headers, body: Array("data".utf8)))
    let last = try #require(server.requests.last)
    #expect(last.text.hasPrefix("\(method) /new "))
    #expect(last.text.hasSuffix(method == "POST" ? "\r\n\r\ndata" : "\r\n\r\n"))
    #expect(last.has("content-type:") == (method == "POST"))
  }
}
