package import Foundation
internal import NIOSSL

/// A certificate for 127.0.0.1 and localhost, made on the spot with the `openssl` command: nothing expires in the
/// repository. It is its own authority; `authority` is the file to trust.
package struct TestCertificate: Sendable {
  package let authority: String
  package let key: String

  package struct MissingCertificate: Error { let reason: String }

  /// - Parameter folder: where the files are written.
  package init(in folder: URL) throws {
    authority = folder.appending(path: "authority.pem").path()
    key = folder.appending(path: "key.pem").path()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
      "-subj", "/CN=learners test", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out",
      authority,
    ]
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw MissingCertificate(reason: "openssl ended with status \(process.terminationStatus)")
    }
  }

  /// Files in PEM form that somebody else made.
  package init(authority: String, key: String) {
    self.authority = authority
    self.key = key
  }

  internal func serverContext(protocols: [String]) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(authority).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
    configuration.applicationProtocols = protocols
    return try NIOSSLContext(configuration: configuration)
  }
}
