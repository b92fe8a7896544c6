import Extraction
import Foundation
import GitHubServer
import Linalg
import TestSupport
import Testing

/// The program against a server that behaves like GitHub's, on a clock that runs fast.
@Suite struct ExtractCommandTests {
  @Test func aTableIsMadeAndFitted() throws {
    let scene = try ExtractScene { $0.limits = .none }
    let result = try scene.extract("--count", "300", "--json", "all.json")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("asked 300, returned 300, duplicate 0, missed 0"))
    #expect(scene.folder.files() == ["all.json", "s.sqlite", "s.sqlite.lock", "token.json"])
    var hashes: [String] = []
    for data in ["s.sqlite", "all.json"] {
      let fit = try scene.folder.run("fit", "--data", data, "--model", "mean,ridge", "--json", "--out", "models")
      #expect(fit.status == 0, "\(fit.errors)")
      let report = try JSONSerialization.jsonObject(with: Data(fit.output.utf8)) as? [String: Any]
      #expect((report?["data"] as? [String: Any])?["rows"] as? Int == 300)
      let models = try #require(report?["models"] as? [[String: Any]])
      hashes.append(models.map { "\($0["r2"] ?? "") \($0["rmse"] ?? "")" }.joined(separator: "; "))
    }
    #expect(hashes[0] == hashes[1], "the store and the array give other features")
  }

  @Test func aPlanIsPrintedAndNothingIsWritten() throws {
    let scene = try ExtractScene { $0.limits = .none }
    let result = try scene.extract("--count", "all", "--details", "graphql", "--dry-run")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("search requests and") && result.output.contains("that match"))
    #expect(scene.folder.files() == ["token.json"])
  }

  @Test func wrongUsageIsExplained() throws {
    let scene = try ExtractScene { $0.limits = .none }
    let wrong = [
      ["--count", "0"], ["--count", "many"], ["--store", "table.db"], ["--query", "stars:many"], ["--api", "ftp://x"],
      ["--api", "https://api.github.com", "--search-interval", "1"], ["--give-up-after", "soon"],
      ["--api", "http://192.0.2.1"], ["--details", "all"], ["--api", "https://me:hunter2@example.org"],
      ["--api", "https://hunter2@example.org/api"],
    ]
    for arguments in wrong {
      let store = arguments.contains("--store") ? [] : ["--store", "new/s.sqlite"]
      let result = try scene.folder.run(["extract", "--token-file", "token.json"] + store + arguments)
      #expect(result.status == 64, "\(arguments): \(result.errors)")
      #expect(result.errors.hasPrefix("learners: "))
      #expect(!result.errors.contains(ExtractScene.token) && !result.errors.contains("hunter2"))
    }
    #expect(try scene.folder.run("extract", "--token-file", "none.json").status == 66)
    let result = try scene.folder.run("extract", "--token-file", "token.json", "--cacert", "none.pem")
    #expect(result.status == 66 && result.errors.contains("none.pem"), "\(result.errors)")
    #expect(scene.folder.files() == ["token.json"], "wrong usage leaves a store or a folder behind")
  }

  /// What carries the token unencrypted goes to the host itself: here it would be lost with a proxy that is not there.
  @Test func theTokenGoesThroughNoProxy() throws {
    let proxy = ["http_proxy": "http://127.0.0.1:1", "no_proxy": "", "NO_PROXY": "", "GITHUB_TOKEN": ""]
    let scene = try ExtractScene { $0.limits = .none }
    let result = try scene.extract(["--count", "100"], variables: proxy)
    #expect(result.status == 0, "\(result.errors)")
    // Without a token the proxy is asked.
    let open = try ExtractScene {
      $0.limits = .none
      $0.token = nil
    }
    try FileManager.default.removeItem(at: open.folder.url.appending(path: "token.json"))
    let refused = try Program.run(
      ["extract", "--api", open.server.url, "--store", "s.sqlite", "--give-up-after", "1"], in: open.folder.url,
      environment: ProcessInfo.processInfo.environment.merging(proxy) { $1 })
    #expect(refused.status == 69 && refused.errors.contains("no connection"), "\(refused.errors)")
  }

  @Test(.enabled(if: EncryptedSearch.isPossible, "needs python3"))
  func aDamagedStoreMakesNoArray() throws {
    let scene = try ExtractScene { $0.limits = .none }
    #expect(try scene.extract("--count", "100").status == 0)
    let before = scene.folder.files()
    for damage in ["repositories SET body_offset = 1 << 40", "bodies SET deflated = x'0011'"] {
      try scene.python("store.execute(\"UPDATE \(damage)\")")
      let result = try scene.extract("--count", "100", "--json", "all.json")
      #expect(result.status == 65 && result.errors.contains("damaged"), "\(damage): \(result.errors)")
      #expect(scene.folder.files() == before, "\(damage)")
    }
  }

  @Test(.enabled(if: EncryptedSearch.isPossible, "needs python3"))
  func theDatabaseOfAnotherProgramStaysAsItIs() throws {
    let scene = try ExtractScene { $0.limits = .none }
    try scene.python("store.execute('CREATE TABLE notes (text TEXT)')")
    let before = try scene.folder.read("s.sqlite")
    let result = try scene.extract("--count", "100")
    #expect(result.status == 65 && result.errors.contains("no store"), "\(result.errors)")
    #expect(try scene.folder.read("s.sqlite") == before)
    #expect(try scene.python("print(store.execute('PRAGMA journal_mode').fetchone()[0])") == "delete\n")
  }

  /// Whoever cannot be reached is not asked for ever.
  @Test func nobodyThereIsAnError() throws {
    let folder = try TemporaryFolder()
    let result = try folder.run("extract", "--api", "http://127.0.0.1:1", "--store", "s.sqlite", "--give-up-after", "1")
    #expect(result.status == 69, "\(result.errors)")
    #expect(result.errors.contains("no connection") && result.errors.contains("--give-up-after"))
  }

  @Test func aWrongTokenIsAnErrorThatDoesNotShowIt() throws {
    let scene = try ExtractScene {
      $0.limits = .none
      $0.token = "another"
    }
    let result = try scene.extract()
    #expect(result.status == 77, "\(result.errors)")
    #expect(!(result.errors + result.output).contains(ExtractScene.token))
  }

  /// The store, its parts and the token stay what they are, whatever name leads to them; a device is written to.
  @Test func theArrayReplacesNothingThatIsNeeded() throws {
    let scene = try ExtractScene { $0.limits = .none }
    #expect(try scene.extract("--count", "100").status == 0)
    for name in ["./s.sqlite", "s.sqlite-wal", "s.sqlite.lock", "token.json"] {
      let result = try scene.extract("--count", "100", "--json", name)
      #expect(result.status == 64 && result.errors.contains("would be replaced"), "\(name): \(result.errors)")
    }
    #expect(try scene.extract("--count", "100", "--json", ".").status == 73)
    let result = try scene.extract("--count", "100", "--json", "/dev/stdout")
    #expect(result.status == 0 && result.output.hasPrefix("["), "\(result.errors)")
  }

  @Test(.enabled(if: EncryptedSearch.isPossible, "needs python3"))
  func encryptionIsVerified() throws {
    let scene = try ExtractScene { $0.limits = .none }
    let server = try EncryptedSearch(in: scene.folder.url)
    let arguments = ["--api", server.url, "--token-file", "token.json", "--store", "e.sqlite", "--give-up-after", "10"]
    let refused = try scene.folder.run(["extract"] + arguments)
    #expect(refused.status == 69 && refused.errors.contains("--cacert"), "\(refused.errors)")
    let result = try scene.folder.run(["extract", "--cacert", "authority.pem"] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("with 1 repositories"))
  }

  @Test func whatIsMissingIsAnErrorUnlessAccepted() throws {
    let scene = try ExtractScene {
      $0.population.count = 300
      $0.limits = .none
      $0.clockScale = 3_000
      $0.faults = FaultPlan(.incompleteResults)
    }
    let arguments = ["--query", "stars:40..50", "--count", "all", "--search-interval", "0"]
    let result = try scene.extract(arguments)
    #expect(result.status == 69, "\(result.errors)")
    #expect(result.output.contains("ran out of time") && result.errors.contains("--accept-missing"))
    #expect(try scene.extract(arguments + ["--accept-missing"]).status == 0)
  }

  @Test func aSecondRunOnTheStoreIsTold() throws {
    let scene = try ExtractScene { $0.latency = .seconds(1) }
    let first = try scene.start("--count", "all")
    defer { kill(first.process.processIdentifier, SIGKILL) }
    while !FileManager.default.fileExists(atPath: scene.folder.url.appending(path: "s.sqlite-wal").path()) {
      Thread.sleep(forTimeInterval: 0.01)
    }
    let second = try scene.extract("--count", "5")
    #expect(second.status == 73, "\(second.errors)")
    #expect(second.errors.contains("process \(first.process.processIdentifier)"))
  }

  @Test func anInterruptionLeavesAStoreThatGoesOn() throws {
    let scene = try ExtractScene { $0.latency = .milliseconds(100) }
    let first = try scene.start("--count", "all")
    while scene.server.report.searches < 3 { Thread.sleep(forTimeInterval: 0.01) }
    first.process.interrupt()
    first.process.waitUntilExit()
    #expect(first.process.terminationStatus == 130)
    #expect(try scene.extract("--count", "all").status == 0)
    let whole = try ExtractScene { $0.limits = .none }
    #expect(try whole.extract("--count", "all").status == 0)
    #expect(try scene.content() == whole.content())
  }

  /// `kill -9` at 50 seeded moments, each time followed by the same command.
  @Test func killedAtAnyMomentItEndsWithTheSame() throws {
    let whole = try ExtractScene { $0.limits = .none }
    #expect(try whole.extract("--count", "all", "--details", "graphql").status == 0)
    let content = try whole.content()
    var kills = 0
    var random = RandomStream(seed: 5, purpose: RandomPurpose("test.kill"))
    while kills < 50 {
      let scene = try ExtractScene {
        $0.limits = .none
        $0.latency = .milliseconds(4)
      }
      while true {
        let run = try scene.start("--count", "all", "--details", "graphql", "--search-interval", "0")
        Thread.sleep(forTimeInterval: 0.02 + 0.2 * random.uniform())
        guard run.process.isRunning else { break }
        kill(run.process.processIdentifier, SIGKILL)
        run.process.waitUntilExit()
        kills += 1
      }
      #expect(try scene.extract("--count", "all", "--details", "graphql", "--search-interval", "0").status == 0)
      #expect(try scene.content() == content)
    }
  }

  /// A server that means ill: an error that says what, in bounded memory, and what was stored before stays.
  @Test(.enabled(if: EncryptedSearch.isPossible, "needs python3"), arguments: Fault.hostile)
  func aHostileServerDoesNoHarm(fault: Fault) throws {
    let scene = try ExtractScene {
      $0.population.count = 2_500
      $0.limits = .none
      $0.faults = FaultPlan(fault)
      $0.faults.after = 4
      $0.clockScale = 1_000
    }
    let result = try scene.measured("--count", "1000", "--search-interval", "0", "--give-up-after", "1h")
    #expect([0, 65, 69].contains(result.status), "\(fault): \(result.errors)")
    // Of fields that nobody looks at, wrong ones do no harm.
    #expect(result.status != 0 || [.wrongType, .hugeNumber, .deepNesting].contains(fault))
    #expect(result.status == 0 || result.errors.contains("learners: "), "\(fault)")
    #expect(result.kilobytes < 200_000, "\(fault): \(result.kilobytes) KB")
    #expect(try scene.snapshot().records.count >= 300, "\(fault): what was stored is gone")
  }

  /// In the store, in what is printed, and in errors: nowhere.
  @Test func theTokenIsNowhere() throws {
    let scene = try ExtractScene {
      $0.limits = .none
      $0.faults.share = 0.3
      $0.clockScale = 2_000
      $0.faults.silence = 0.02
    }
    let result = try scene.extract("--count", "500", "--details", "graphql", "--json", "all.json")
    #expect(result.status == 0, "\(result.errors)")
    #expect(!(result.output + result.errors).contains(ExtractScene.token))
    for name in scene.folder.files() where name != "token.json" {
      #expect(try scene.folder.read(name).firstRange(of: Array(ExtractScene.token.utf8)) == nil, "\(name)")
    }
    #expect(scene.server.report.records.allSatisfy { !$0.target.contains(ExtractScene.token) })
  }

  @Test func aStoreThatCannotBeWrittenIsAnError() throws {
    let scene = try ExtractScene { $0.limits = .none }
    try FileManager.default.createDirectory(
      at: scene.folder.url.appending(path: "s.sqlite"), withIntermediateDirectories: true)
    #expect(try scene.extract().status == 73)
    // A disk that is full at 200 KB: what fits stays.
    let full = try ExtractScene { $0.limits = .none }
    let command =
      "trap '' XFSZ; ulimit -f 400; exec '\(Program.url.path())' extract \(full.arguments.joined(separator: " "))"
    let result = try Program.run(
      ["-c", command + " --count all"], in: full.folder.url, program: URL(filePath: "/bin/bash"))
    #expect(result.status == 73, "\(result.errors)")
    #expect(result.errors.contains("run the same command again"))
    #expect(try full.extract("--count", "all").status == 0)
  }
}
