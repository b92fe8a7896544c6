import Foundation

/// A certificate for 127.0.0.1 and localhost, made on the spot with the `openssl` command: nothing expires in the
/// repository. It is its own authority; `authority` is the file to trust.
struct TestCertificate: Sendable {
  let authority: String
  let key: String

  struct MissingCertificate: Error { let reason: String }

  /// - Parameter folder: where the files are written.
  init(in folder: URL) throws {
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
}
