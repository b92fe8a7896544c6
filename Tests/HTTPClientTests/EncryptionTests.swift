import Foundation
import HTTPClient
import LoopbackServer
import Testing

@Suite struct EncryptionTests {
  @Test func aCertificateIsTrustedByItsAuthorityOnly() throws {
    let folder = try TemporaryFolder()
    let certificate = try TestCertificate(in: folder.url)
    let server = try RawServer(certificate: certificate) { _ in [.ok()] }
    let request = HTTPRequest("GET", server.url)
    #expect(try client { $0.certificateAuthority = certificate.authority }.send(request).status == 200)
    expectFailure(.tls, of: request, with: try client())
    let stranger = try TestCertificate(in: try folder.folder("stranger"))
    expectFailure(.tls, of: request, with: try client { $0.certificateAuthority = stranger.authority })
    expectFailure(.tls, of: request, with: try client { $0.certificateAuthority = "/nonexistent.pem" })
    #expect(server.requests.count == 1)
  }

  @Test func theSecondVersionIsSpokenWhereOffered() throws {
    let folder = try TemporaryFolder()
    let certificate = try TestCertificate(in: folder.url)
    let server = try RawServer(certificate: certificate, protocols: ["h2", "http/1.1"]) { _ in [.close] }
    _ = try? client { $0.certificateAuthority = certificate.authority }.send(HTTPRequest("GET", server.url))
    // The preface that every connection of HTTP/2 begins with.
    #expect(server.requests.first?.text.hasPrefix("PRI * HTTP/2.0\r\n") == true)
  }
}

/// A folder that is removed with its content at the end of a test.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "learners-http-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func folder(_ name: String) throws -> URL {
    try FileManager.default.createDirectory(at: url.appending(path: name), withIntermediateDirectories: true)
    return url.appending(path: name)
  }
}
