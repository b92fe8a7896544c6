import Foundation
import Glibc
import TestSupport
import Testing

/// `serve --check`, which containers run to hear whether their server is well.
@Suite struct HealthCheckTests {
  private struct Server {
    let process: Process
    let port: String

    init(in folder: TemporaryFolder) throws {
      let started = try Program.start(["serve", "--port", "0", "--log-format", "text"], in: folder.url)
      process = started.process
      var log = ""
      while true {
        let piece = started.errors.availableData
        try #require(!piece.isEmpty, "\(log)")
        log += String(decoding: piece, as: UTF8.self)
        if let match = log.firstMatch(of: /127\.0\.0\.1:(\d+)\//) {
          port = String(match.output.1)
          return
        }
      }
    }

    func stop() {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
  }

  @Test func asksTheServerOfThatPort() throws {
    let folder = try TemporaryFolder()
    let server = try Server(in: folder)
    defer { server.stop() }
    for host in ["127.0.0.1", "localhost", "0.0.0.0", "*"] {
      let result = try folder.run("serve", "--check", "--host", host, "--port", server.port)
      #expect(result.status == 0, "\(host): \(result.errors)")
      #expect(result.output.isEmpty && result.errors.isEmpty)
    }
    server.stop()
    let result = try folder.run("serve", "--check", "--port", server.port)
    #expect(result.status == 69)
    #expect(result.errors.hasPrefix("learners: http://127.0.0.1:\(server.port)/healthz: "))
  }

  /// The machine's proxy is no way to the machine itself.
  @Test func usesNoProxy() throws {
    let folder = try TemporaryFolder()
    let server = try Server(in: folder)
    defer { server.stop() }
    var environment = ProcessInfo.processInfo.environment
    for name in ["http_proxy", "all_proxy"] { environment[name] = "http://127.0.0.1:1" }
    let result = try Program.run(
      ["serve", "--check", "--port", server.port], in: folder.url, environment: environment)
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test func needsAPort() throws {
    let folder = try TemporaryFolder()
    let result = try folder.run("serve", "--check", "--port", "0")
    #expect(result.status == 64)
    #expect(result.errors.contains("--port"))
  }
}
