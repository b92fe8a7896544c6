import Foundation
import Glibc
import Server
import TestSupport
import Testing

@Suite struct ServeProgramTests {
  private func folder(_ learner: String = "ridge") throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try Scene.write(learner, to: folder.folder("models").appending(path: "best.safetensors"))
    return folder
  }

  private static let body = #"{"instances":[{"size":17,"kind":"castle","noise":3.5}]}"#

  @Test func servesTheModelOfTheFolder() throws {
    let folder = try folder()
    let program = try ServeProgram([], in: folder)
    #expect(try program.ask("POST", "/api/predict", Self.body).status == 200)
    #expect(program.stop() == 0)
    #expect(
      program.logText.split(separator: "\n").allSatisfy { line in
        (try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil
      })
  }

  /// Without a model it waits for the first; SIGHUP before that changes nothing.
  @Test(arguments: [1, 2]) func servesTheFirstModelAsSoonAsItIsThere(workers: Int) throws {
    let folder = try TemporaryFolder()
    let program = try ServeProgram(["--workers", String(workers)], in: folder)
    #expect(eventually { try program.ask("GET", "/healthz").json["status"] as? String == "no model" })
    #expect(program.logText.contains("models/best.safetensors is served as soon as"))
    #expect(try program.ask("GET", "/v2/health/ready").status == 503)
    #expect(try program.ask("GET", "/").text.contains("models/best.safetensors"))
    kill(program.process.processIdentifier, SIGHUP)
    try Scene.write("mean", to: folder.folder("models").appending(path: "best.safetensors"))
    #expect(
      eventually { try (0..<10).allSatisfy { _ in try program.ask("POST", "/api/predict", Self.body).status == 200 } })
    #expect(!program.logText.contains("refused"))
    #expect(program.stop(SIGINT) == 0)
  }

  @Test func warnsOfABrokenLeaderboard() throws {
    let folder = try folder()
    let file = folder.url.appending(path: "models/leaderboard.json")
    try Data(#"{"data":{"#.utf8).write(to: file)
    let program = try ServeProgram([], in: folder)
    #expect(eventually { program.logText.contains("models/leaderboard.json: ") })
    #expect(try program.ask("GET", "/").text.contains("The leaderboard cannot be read."))
    // Each content once.
    try Data(#"{"data":{"sha256":"x"},"models":[]}"#.utf8).write(to: file, options: .atomic)
    #expect(eventually { program.logText.contains("models/leaderboard.json, cv: is missing") })
    usleep(1_200_000)
    #expect(program.logText.components(separatedBy: "the leaderboard cannot be shown").count == 3)
  }

  /// A page elsewhere that had its name lead here is refused; a name that is allowed, or this machine's own, is not.
  @Test func answersToItsOwnNamesOnly() throws {
    let folder = try folder()
    let program = try ServeProgram(["--allowed-host", "Stars.example.org", "--allowed-host", "::2"], in: folder)
    func status(_ host: String) throws -> Int { try program.ask("GET", "/healthz", headers: ["Host": host]).status }
    for host in ["localhost:\(program.port)", "127.0.0.1", "stars.example.org", "stars.example.ORG:443", "[::2]:80"] {
      #expect(try status(host) == 200, "\(host)")
    }
    for host in ["evil.example", "example.org", "[::3]", "192.168.0.1"] { #expect(try status(host) == 421, "\(host)") }
    let open = try ServeProgram(["--allowed-host", "*"], in: folder)
    #expect(try open.ask("GET", "/healthz", headers: ["Host": "evil.example"]).status == 200)
  }

  @Test func anotherFileAndSIGHUPSwapTheModel() throws {
    let folder = try folder()
    let program = try ServeProgram([], in: folder)
    let file = folder.url.appending(path: "models/best.safetensors")
    try Scene.write("mean", to: file)
    #expect(eventually { try program.ask("GET", "/api/model").json["learner"] as? String == "mean" })
    try Data("no model".utf8).write(to: file, options: .atomic)
    kill(program.process.processIdentifier, SIGHUP)
    #expect(eventually { program.logText.contains("refused") })
    #expect(try program.ask("GET", "/api/model").json["learner"] as? String == "mean")
    try Scene.write("ridge", to: file)
    kill(program.process.processIdentifier, SIGHUP)
    #expect(eventually { try program.ask("GET", "/api/model").json["learner"] as? String == "ridge" })
  }

  @Test func anotherWorkerTakesThePlaceOfADeadOne() throws {
    let folder = try folder()
    try Data("0123456789abcdef".utf8).write(to: folder.url.appending(path: "admin"))
    let program = try ServeProgram(["--workers", "2", "--admin-token-file", "admin"], in: folder)
    #expect(eventually { try program.workers.count == 2 && program.ask("GET", "/healthz").status == 200 })
    let before = program.workers
    kill(before[0], SIGKILL)
    #expect(eventually { program.workers.count == 2 && !program.workers.contains(before[0]) })
    #expect(program.workers.contains(before[1]))
    // Counters are of all processes, whichever answers; unloading is for all of them.
    for _ in 0..<20 { #expect(try program.ask("POST", "/api/predict", Self.body).status == 200) }
    #expect(eventually { try program.ask("GET", "/metrics").text.contains("learners_predictions_total 20\n") })
    let admin = ["Authorization": "Bearer 0123456789abcdef"]
    #expect(try program.ask("POST", "/v2/repository/models/best/unload", headers: admin).status == 200)
    #expect(
      eventually { try (0..<10).allSatisfy { _ in try program.ask("GET", "/v2/models/best/ready").status == 503 } })
    #expect(program.stop() == 0)
    for worker in before { #expect(eventually { kill(worker, 0) != 0 }) }
  }

  @Test func workersEndWithTheirSupervisor() throws {
    let folder = try folder()
    let program = try ServeProgram(["--workers", "2"], in: folder)
    #expect(eventually { try program.workers.count == 2 && program.ask("GET", "/healthz").status == 200 })
    let workers = program.workers
    #expect(program.stop(SIGKILL) != 0)
    for worker in workers { #expect(eventually { kill(worker, 0) != 0 }) }
  }

  @Test func logsRequestsButNoToken() throws {
    let folder = try folder()
    let token = "a-token-that-nobody-sees"
    try Data("\(token)\n".utf8).write(to: folder.url.appending(path: "admin"))
    try Data(#"{"github_token":"ghp_\#(token)"}"#.utf8).write(to: folder.url.appending(path: "github.json"))
    let program = try ServeProgram(
      [
        "--access-log", "access", "--admin-token-file", "admin", "--token-file", "github.json", "--log-level", "trace",
      ], in: folder)
    let admin = ["Authorization": "Bearer \(token)"]
    var texts = [try program.ask("POST", "/v2/repository/models/best/load", headers: admin).text]
    #expect(try program.ask("POST", "/v2/repository/models/best/load", headers: admin).status == 200)
    for path in ["/", "/api/model", "/metrics", "/v2", "/openapi.json", "/healthz", "/x?token=\(token)"] {
      let answer = try program.ask("GET", path)
      texts.append(answer.text + answer.headers.map { $0.key + $0.value }.joined())
    }
    #expect(program.stop() == 0)
    let access = try String(contentsOf: folder.url.appending(path: "access"), encoding: .utf8)
    let lines = access.split(separator: "\n").compactMap {
      (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
    }
    #expect(lines.count == 9)
    #expect(lines.first?["path"] as? String == "/v2/repository/models/best/load")
    #expect(lines.first?["status"] as? Int == 200)
    for text in texts + [program.logText, access] { #expect(!text.contains(token)) }
  }

  @Test func refusesWhatCannotBe() throws {
    let folder = try folder()
    let running = try ServeProgram([], in: folder)
    for (arguments, status) in [
      (["--port", String(running.port)], 69), (["--port", String(running.port), "--workers", "2"], 69),
      (["--host", "192.0.2.7"], 69), (["--model", "nothing.safetensors"], 66), (["--max-body", "much"], 64),
      (["--log-level", "loud"], 64), (["--admin-token-file", "nothing"], 66),
      (["--model", "a=x", "--model", "a=y"], 64),
      (["--allowed-host", "http://x"], 64), (["--token-file", "models/best.safetensors"], 65),
    ] as [([String], Int32)] {
      let process = Process()
      process.executableURL = running.process.executableURL
      process.arguments = ["serve"] + arguments
      process.currentDirectoryURL = folder.url
      let pipe = Pipe()
      process.standardError = pipe
      try process.run()
      let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == status, "\(arguments)")
      if arguments[0] == "--token-file" { #expect(!text.contains("port")) }
      if arguments[0] == "--port" {
        #expect(text.contains("port \(running.port): another program listens there") && text.contains("with --port"))
      }
    }
  }
}
