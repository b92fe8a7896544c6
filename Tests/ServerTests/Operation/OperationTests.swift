import Foundation
import Glibc
import Server
import TestSupport
import Testing

/// What operators do to a server: logs that are rotated or not read, signals, starts at the same moment.
@Suite struct OperationTests {
  private static let body = #"{"instances":[{"size":17,"kind":"castle","noise":3.5}]}"#

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try Scene.write("ridge", to: folder.folder("models").appending(path: "best.safetensors"))
    return folder
  }

  @Test func aLogThatNobodyReadsStopsNothing() throws {
    let pipe = UnreadPipe()
    let output = FileHandle(fileDescriptor: pipe.writer)
    let program = try ServeProgram(["--access-log", "-"], in: folder(), output: output)
    let connection = try Connection(port: program.port)
    let request = Scene.request("POST", "/api/predict", Self.body)
    for _ in 0..<20 {
      try connection.send(String(repeating: request, count: 100))
      for _ in 0..<100 { #expect(try connection.answer().status == 200) }
    }
    let start = ContinuousClock.now
    #expect(program.stop() == 0)
    #expect(ContinuousClock.now - start < .seconds(5))
    withExtendedLifetime(pipe) {}
  }

  /// Tools that rotate logs rename the file and send a signal.
  @Test(arguments: [(SIGHUP, 1), (SIGUSR1, 1), (SIGHUP, 2), (SIGUSR1, 2)])
  func logsAreRotatedByRename(signal: Int32, workers: Int) throws {
    let folder = try folder()
    let program = try ServeProgram(["--access-log", "access", "--workers", String(workers)], in: folder)
    #expect(eventually { try program.ask("GET", "/healthz?first").status == 200 })
    let text = { (name: String) in String(decoding: (try? folder.read(name)) ?? [], as: UTF8.self) }
    #expect(eventually { text("access").contains("/healthz") })
    try FileManager.default.moveItem(atPath: folder.path("access"), toPath: folder.path("access.1"))
    kill(program.process.processIdentifier, signal)
    #expect(
      eventually {
        _ = try program.ask("GET", "/v2")
        return text("access").contains("\"/v2\"")
      })
    #expect(program.stop() == 0)
    #expect(text("access.1").contains("/healthz"))
  }

  /// Of several that start at the same moment one has the port, the others say so.
  @Test func onlyOneServerHasAPort() throws {
    let folder = try folder()
    let first = try ServeProgram([], in: folder)
    let port = first.port
    #expect(first.stop() == 0)
    let starts = (0..<4).map { number -> Process in
      let process = Process()
      process.executableURL = first.process.executableURL
      process.arguments = ["serve", "--port", String(port)] + (number % 2 == 0 ? ["--workers", "2"] : [])
      process.currentDirectoryURL = folder.url
      process.standardError = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      return process
    }
    for start in starts { try start.run() }
    #expect(eventually { starts.count { $0.isRunning } == 1 })
    #expect(eventually { try Scene.ask(port: port, "GET", "/healthz").status == 200 })
    for start in starts where !start.isRunning { #expect(start.terminationStatus == 69) }
    for start in starts where start.isRunning {
      start.terminate()
      start.waitUntilExit()
    }
  }

  /// As SIGTERM does: requests in progress end, the process does not stand still.
  @Test func quitStops() throws {
    let program = try ServeProgram([], in: folder())
    let start = ContinuousClock.now
    #expect(program.stop(SIGQUIT) == 0)
    #expect(ContinuousClock.now - start < .seconds(3))
  }

  @Test func workersAreCalledAsTheProgramIs() throws {
    let program = try ServeProgram(["--workers", "2"], in: folder())
    #expect(eventually { program.workers.count == 2 })
    #expect(
      eventually {
        program.workers.allSatisfy {
          (try? String(contentsOfFile: "/proc/\($0)/comm", encoding: .utf8)) == "learners\n"
        }
      })
  }

  @Test func whatIsNoRequestIsLoggedAndCounted() throws {
    let folder = try folder()
    let program = try ServeProgram(["--access-log", "access"], in: folder)
    let connection = try Connection(port: program.port)
    try connection.send("nonsense\r\n\r\n")
    #expect(try connection.answer().status == 400)
    let metrics = try program.ask("GET", "/metrics").text
    #expect(metrics.contains("learners_malformed_requests_total 1\n"))
    #expect(program.stop() == 0)
    let log = String(decoding: try folder.read("access"), as: UTF8.self)
    #expect(log.contains(#""method":"-","path":"-","status":400"#))
  }

  @Test func aFailingLogIsTold() throws {
    let program = try ServeProgram(["--access-log", "/dev/full"], in: folder())
    #expect(try program.ask("POST", "/api/predict", Self.body).status == 200)
    #expect(eventually { program.logText.contains("the access log cannot be written") })
    #expect(try program.ask("POST", "/api/predict", Self.body).status == 200)
  }

  /// A browser that goes to an address that is none, or is refused, shows a page; programs get JSON.
  @Test func peopleGetPagesOfProblems() throws {
    let program = try ServeProgram([], in: folder())
    let browser = ["Accept": "text/html,application/xhtml+xml,*/*;q=0.8"]
    for (path, status) in [("/nope", 404), ("/a/b/c", 404), ("/?model=gone", 404)] {
      let page = try program.ask("GET", path, headers: browser)
      #expect(page.status == status && page.headers["content-type"] == "text/html; charset=utf-8", "\(path)")
      #expect(page.text.contains("<h1>Not Found</h1>"))
      #expect(try program.ask("GET", path).headers["content-type"] == "application/problem+json")
    }
    #expect(try program.ask("GET", "/a/b/c", headers: browser).text.contains("href=\"../../page.css?"))
    #expect(try program.ask("POST", "/table", "x", headers: browser).text.contains("<h1>Unsupported Media Type</h1>"))
    #expect(try program.ask("GET", "/api/nope", headers: browser).headers["content-type"] == "application/problem+json")
  }

  /// Names and paths as people have them.
  @Test(arguments: ["a=b.safetensors", "my model.safetensors", "größe.safetensors"])
  func modelsMayBeCalledAnything(file: String) throws {
    let folder = try folder()
    try FileManager.default.copyItem(atPath: folder.path("models/best.safetensors"), toPath: folder.path(file))
    let program = try ServeProgram(["--model", file], in: folder)
    let name = String(file.dropLast(".safetensors".count))
    let escaped = try #require(name.addingPercentEncoding(withAllowedCharacters: CharacterSet(charactersIn: "a"..."z")))
    #expect(try program.ask("GET", "/api/model?model=\(escaped)").json["name"] as? String == name)
    #expect(try program.ask("POST", "/v2/models/\(escaped)/infer", #"{"inputs":[]}"#).status == 200)
  }

  /// A request whose body never ends is waited for, but not after a second signal.
  @Test(arguments: [1, 2]) func aSecondSignalWaitsForNobody(workers: Int) throws {
    let program = try ServeProgram(["--workers", String(workers)], in: folder())
    #expect(eventually { try program.ask("GET", "/healthz").status == 200 })
    let connection = try Connection(port: program.port)
    try connection.send("POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
    #expect(eventually { try program.ask("GET", "/metrics").text.contains("learners_requests_in_flight 2\n") })
    kill(program.process.processIdentifier, SIGINT)
    usleep(500_000)
    #expect(program.process.isRunning)
    #expect(program.stop(SIGINT) == 130)
  }

  /// A terminal tells all processes: the request in progress is answered all the same.
  @Test(arguments: [1, 2]) func oneControlCIsOne(workers: Int) throws {
    let program = try ServeProgram(["--workers", String(workers)], in: folder())
    #expect(eventually { try program.ask("GET", "/healthz").status == 200 })
    let connection = try Connection(port: program.port)
    let request = Scene.request("POST", "/api/predict", Self.body)
    try connection.send(String(request.dropLast()))
    #expect(eventually { try program.ask("GET", "/metrics").text.contains("learners_requests_in_flight 2\n") })
    for process in program.workers + [program.process.processIdentifier] { kill(process, SIGINT) }
    usleep(500_000)
    try connection.send(String(request.suffix(1)))
    #expect(try connection.answer().status == 200)
    program.process.waitUntilExit()
    #expect(program.process.terminationStatus == 0)
  }
}
