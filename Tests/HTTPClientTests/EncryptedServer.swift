import Foundation
import TestSupport

/// A server with TLS on 127.0.0.1: the `openssl` command, so that no TLS library has to be built for the tests.
///
/// With an `answer` it says just that to whoever asks for `url`; without one it says nothing and shows what it hears.
final class EncryptedServer {
  let url: String
  private let process = Process()
  private let output = Pipe()

  struct NotReady: Error { let output: String }

  /// - Parameter protocols: offered to clients besides none, such as `h2`.
  init(_ certificate: TestCertificate, in folder: TemporaryFolder, protocols: [String] = [], answer: String? = nil)
    throws
  {
    try answer?.write(to: folder.url.appending(path: "answer"), atomically: true, encoding: .utf8)
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.currentDirectoryURL = folder.url
    process.arguments =
      ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", certificate.authority, "-key", certificate.key]
      + (protocols.isEmpty ? [] : ["-alpn", protocols.joined(separator: ",")]) + (answer == nil ? [] : ["-HTTP"])
    process.standardInput = Pipe()  // never written to: at its end the server would end
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let opening = Self.read(output) { $0.contains("ACCEPT ") && $0.hasSuffix("\n") }
    guard let port = opening.split(separator: "\n").last?.split(separator: ":").last else {
      throw NotReady(output: opening)
    }
    url = "https://127.0.0.1:\(port)/answer"
  }

  deinit {
    // It inherits the signals that a thread of a test blocks: SIGTERM may never reach it.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// What the server shows from now on, until `isEnough` or its end.
  func heard(until isEnough: (String) -> Bool) -> String { Self.read(output, until: isEnough) }

  private static func read(_ pipe: Pipe, until isEnough: (String) -> Bool) -> String {
    var text = ""
    while !isEnough(text) {
      let data = pipe.fileHandleForReading.availableData
      if data.isEmpty { break }
      text += String(decoding: data, as: UTF8.self)
    }
    return text
  }
}
