import Foundation

/// A server with TLS on 127.0.0.1 whose every answer is a search with one repository, by Python and the `openssl` command:
/// no TLS library has to be built for one test. Its certificate is `authority.pem`.
final class EncryptedSearch {
  static let isPossible = ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: "\($0)/python3") }

  let url: String
  private let process: Process

  struct NotReady: Error { let output: String }

  /// - Parameter folder: where the certificate is made.
  init(in folder: URL) throws {
    let started = try Program.start(["python3", "-c", Self.script], in: folder, program: URL(filePath: "/usr/bin/env"))
    process = started.process
    let port = String(decoding: started.output.availableData, as: UTF8.self).filter(\.isNumber)
    guard !port.isEmpty else {
      throw NotReady(output: String(decoding: started.errors.availableData, as: UTF8.self))
    }
    url = "https://127.0.0.1:\(port)"
  }

  deinit {
    // It inherits the signals that a thread of a test blocks: SIGTERM may never reach it.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  private static let script = #"""
    import http.server, ssl, subprocess
    subprocess.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=test"
        " -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out authority.pem", shell=True, check=True,
        stderr=subprocess.DEVNULL)
    class Search(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            item = b'{"id":1,"node_id":"N","full_name":"a/b","stargazers_count":9}'
            body = b'{"total_count":1,"incomplete_results":false,"items":[' + item + b']}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        def log_message(self, *arguments): pass
    server = http.server.HTTPServer(("127.0.0.1", 0), Search)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("authority.pem", "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_port, flush=True)
    server.serve_forever()
    """#
}
