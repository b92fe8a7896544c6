import Foundation
import TestSupport
import Testing

/// `tune` and `trials` as processes.
@Suite struct TuneCommandTests {
  private static let search = [
    "tune", "--data", "data.csv", "--model", "ridge,svr", "--cv", "3", "--strategy", "random", "--trials", "12",
    "--set",
    "svr.tolerance=0.01",
  ]

  private func scene(rows: Int = 90) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: rows))
    return folder
  }

  /// All files but the store and the draft that a process was killed over, and the trials without times.
  private func outcome(_ folder: TemporaryFolder) throws -> [String: String] {
    var found: [String: String] = [:]
    for name in folder.files(below: "models") where !name.hasPrefix("tune.sqlite") && !name.hasPrefix(".") {
      found[name] = "\(try folder.read("models/\(name)").hashValue)"
    }
    let trials = try folder.run("trials", "--store", "models/tune.sqlite", "--csv")
    #expect(trials.status == 0, "\(trials.errors)")
    found["trials"] = trials.output.split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).dropLast(2).joined(separator: ",") }
      .joined(separator: "\n")
    return found
  }

  @Test func aSearchLeavesWhatFitLeavesAndSaysHowGoodItIs() throws {
    let folder = try scene()
    let result = try folder.run(Self.search + ["--processes", "2"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      Set(folder.files(below: "models")).isSuperset(of: [
        "best.safetensors", "leaderboard.json", "ridge.safetensors", "svr.safetensors", "tune.sqlite",
      ]))
    #expect(result.output.contains("The best of 12 settings:"))
    #expect(result.output.contains("R² of the choice: "))
    #expect(
      result.output.contains("fits asked 36 · distinct fits done ")
        && result.output.contains(" · taken from the store 0"))
    let again = try folder.run(Self.search)
    #expect(
      again.status == 0 && again.output.contains("fits asked 36 · distinct fits done 0 · taken from the store 36"))
    let more = try folder.run("tune", "--store", "models/tune.sqlite", "--trials", "+2")
    #expect(more.status == 0 && more.output.contains("fits asked 42 "), "\(more.output)\(more.errors)")
    #expect(more.output.contains(" · taken from the store 36"))
    let predictions = try folder.run("predict", "--model", "models/best.safetensors", "--data", "data.csv")
    #expect(predictions.status == 0)
  }

  @Test func whateverIsKilledTheSameBytesComeOut() throws {
    let expected = try scene()
    #expect(try expected.run(Self.search + ["--processes", "1"]).status == 0)
    let folder = try scene()
    for delay in [0.15, 0.3, 0.45] {
      let started = try Program.start(Self.search + ["--processes", "3"], in: folder.url)
      Thread.sleep(forTimeInterval: delay)
      let workers = children(of: started.process.processIdentifier)
      if delay == 0.3, let worker = workers.first { kill(worker, SIGKILL) }
      kill(started.process.processIdentifier, SIGKILL)
      started.process.waitUntilExit()
      // None of them outlives its coordinator.
      for _ in 0..<500 where workers.contains(where: { kill($0, 0) == 0 && !isZombie($0) }) {
        Thread.sleep(forTimeInterval: 0.02)
      }
      #expect(workers.allSatisfy { kill($0, 0) != 0 || isZombie($0) })
    }
    let result = try folder.run(Self.search + ["--processes", "2"])
    #expect(result.status == 0, "\(result.errors)")
    let (found, wanted) = (try outcome(folder), try outcome(expected))
    #expect(found == wanted)
  }

  private func children(of process: Int32) -> [Int32] {
    let text = try? String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
    return (text ?? "").split(separator: " ").compactMap { Int32($0) }
  }

  /// Dead, and nobody has asked how it ended: its parent is dead too.
  private func isZombie(_ process: Int32) -> Bool {
    let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    return text.isEmpty || text.contains(") Z ")
  }

  @Test func aStoreOfOtherDataIsRefused() throws {
    let folder = try scene()
    #expect(try folder.run(Self.search).status == 0)
    try folder.write("data.csv", smallTable(rows: 91))
    let result = try folder.run(Self.search)
    #expect(result.status == 65)
    #expect(result.errors.contains("models/tune.sqlite: the store is of another experiment: "), "\(result.errors)")
    #expect(result.errors.contains("the data's SHA-256"))
  }

  @Test(
    arguments: [
      (["--set", "svr.c=3..1"], 64, "the smaller number first"), (["--set", "svr.c=0..1:log"], 64, "leave out :log"),
      (["--set", "svr.c=-1..1"], 64, "c = -1.0: must be in"), (["--strategy", "luck"], 64, "choose among auto, grid"),
      (["--set", "forest.maxDepth=1..3"], 64, "not among the models"), (["--trials", "0"], 64, "--trials"),
      (["--memory", "lots"], 64, "--memory"), (["--data", "no.csv"], 66, "no.csv"),
      (["--processes", "0"], 64, "1 ... 1024"),
    ])
  func whatMakesNoSenseIsRefused(_ options: [String], _ status: Int32, _ text: String) throws {
    let folder = try scene()
    let result = try folder.run(["tune", "--data", "data.csv", "--model", "svr"] + options)
    #expect(result.status == status && result.errors.contains(text), "\(result.errors)")
    #expect(!folder.files().contains("models/leaderboard.json"))
  }

  @Test func whatNobodyHasSearchedHasNoTrials() throws {
    let folder = try scene()
    let result = try folder.run("trials", "--store", "no.sqlite")
    #expect(result.status == 66 && result.errors.contains("make it with learners tune"))
  }

  @Test func aWorkerOverItsMemoryEndsAlone() throws {
    let folder = try scene()
    // Less than a process needs to begin with: every unit ends its worker.
    let result = try folder.run(
      "tune", "--data", "data.csv", "--model", "ridge", "--cv", "2", "--strategy", "grid", "--memory", "1M",
      "--processes", "1")
    #expect(result.status == 65 || result.status == 69, "\(result.errors)")
    #expect(result.errors.contains("it used more memory than --memory allows"), "\(result.errors)")
  }

  @Test func eventsAreALineEach() throws {
    let folder = try scene()
    let result = try folder.run(Self.search + ["--json"])
    #expect(result.status == 0, "\(result.errors)")
    let events = try result.output.split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(events.count { $0["event"] as? String == "trial" } == 12)
    let last = try #require(events.last)
    #expect(last["event"] as? String == "result" && last["complete"] as? Bool == true)
    #expect(((last["fit"] as? [String: Any])?["models"] as? [Any])?.count == 2)
  }

  @Test(arguments: [
    (["--ray", "head:8265"], 64, "must be auto, or an address such as http://HEAD:8265"),
    (["--ray-wait", "5m"], 64, "there is no --ray to wait for"),
    (["--ray", "http://127.0.0.1:1"], 69, "no connection"),
  ])
  func aClusterThatCannotBe(_ options: [String], _ status: Int32, _ text: String) throws {
    let folder = try scene()
    let result = try folder.run(Self.search + options)
    #expect(result.status == status && result.errors.contains(text), "\(result.errors)")
    // What is missing is done here.
    if status == 69 { #expect(try folder.run("tune", "--store", "models/tune.sqlite").status == 0) }
  }

  @Test func withoutRayAClusterIsNotLookedFor() throws {
    let folder = try scene()
    let result = try Program.run(
      Self.search + ["--ray", "auto"], in: folder.url, environment: ["PATH": "/nowhere", "HOME": "/nowhere"])
    #expect(result.status == 69 && result.errors.contains("Ray is not installed here"), "\(result.errors)")
  }
}
