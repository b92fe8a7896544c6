import Glibc
import HTTPClient

extension ServeCommand {
  /// What a container's health check runs: no shell and no other program is needed.
  /// - Throws: `Failure` with `unavailable` where nobody answers, or the answer is not 200.
  func checkHealth() throws {
    guard socketPath == nil else {
      throw Failure(.usage, "--check: a socket of the file system is not asked: ask a server at --host and --port")
    }
    let (host, port) = (host ?? Self.defaultHost, wantedPort)
    guard port > 0 else { throw Failure(.usage, "--check: port 0 is any port: name the server's with --port") }
    // Who listens at all addresses is asked at the one that is always there.
    let listening = ["*": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]", "[::]": "[::1]"]
    let bare = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
    let url = "http://\(listening[host] ?? bare):\(port)/healthz"
    // A proxy is no way to oneself.
    unsafe setenv("no_proxy", "*", 1)
    var configuration = HTTPConfiguration(userAgent: "learners/\(programVersion)")
    configuration.totalTimeout = Self.checkTimeout
    configuration.connectTimeout = Self.checkTimeout
    let response: HTTPResponse
    do { response = try HTTPClient(configuration: configuration).send(HTTPRequest("GET", url)) } catch {
      throw Failure(.unavailable, "\(error): is the server running? Its log tells more")
    }
    guard response.status == 200 else {
      throw Failure(.unavailable, "\(url): the server answers \(response.status): look at its log")
    }
  }

  /// Less than the patience of those who run health checks.
  private static let checkTimeout = Duration.seconds(2)
}
