import Foundation
import HTTPClient
import TestSupport
import Testing

@Suite struct EncryptionTests {
  @Test func aCertificateIsTrustedByItsAuthorityOnly() throws {
    let folder = try TemporaryFolder()
    let certificate = try TestCertificate(in: folder.url)
    let hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    let server = try EncryptedServer(certificate, in: folder, answer: hello)
    let request = HTTPRequest("GET", server.url)
    #expect(try client { $0.certificateAuthority = certificate.authority }.send(request).status == 200)
    expectFailure(.tls, of: request, with: try client())
    let stranger = try TestCertificate(in: try folder.folder("stranger"))
    expectFailure(.tls, of: request, with: try client { $0.certificateAuthority = stranger.authority })
    expectFailure(.tls, of: request, with: try client { $0.certificateAuthority = "/nonexistent.pem" })
  }

  @Test func theSecondVersionIsSpokenWhereOffered() throws {
    let folder = try TemporaryFolder()
    let certificate = try TestCertificate(in: folder.url)
    let server = try EncryptedServer(certificate, in: folder, protocols: ["h2", "http/1.1"])
    let client = try client {
      $0.certificateAuthority = certificate.authority
      $0.totalTimeout = .seconds(4)  // the server never answers
    }
    expectFailure(.timeout, of: HTTPRequest("GET", server.url), with: client)
    // The preface that every connection of HTTP/2 begins with.
    let preface = "PRI * HTTP/2.0"
    #expect(server.heard { $0.contains(preface) }.contains(preface))
  }
}
