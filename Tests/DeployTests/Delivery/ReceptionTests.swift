import Deploy
import FoundationEssentials
import Learners
import Synchronization
import TestSupport
import Testing

@Suite struct ReceptionTests {
  private func scene(judging: Bool = true) throws -> DeliveryScene {
    let scene = try DeliveryScene()
    if judging { scene.heldOut = try DeliveryScene.dataset(rows: 300, seed: 99) }
    return scene
  }

  private func line(_ verdict: Verdict, _ name: String) -> Verdict.Line? { verdict.lines.first { $0.name == name } }

  @Test func theFirstModelIsServed() throws {
    let scene = try scene()
    let commit = try scene.commit(DeliveryScene.good())
    let verdict = try scene.push(commit)
    #expect(verdict.isAccepted, "\(verdict.text)")
    #expect(scene.main == commit && scene.served?.model.name == "ridge")
    #expect(verdict.text.split(separator: "\n").count <= 12)
    #expect(line(verdict, "score")?.text.contains("the mean of the targets") == true)
  }

  @Test func aWorseModelIsRefusedAndTheServedOneStays() throws {
    let scene = try scene()
    let first = try scene.commit(DeliveryScene.good())
    _ = try scene.push(first)
    let verdict = try scene.push(try scene.commit(DeliveryScene.bad()))
    #expect(!verdict.isAccepted && line(verdict, "score")?.mark == .bad)
    #expect(verdict.text.contains("REJECTED") && scene.main == first && scene.served?.model.name == "ridge")
    #expect(scene.releases.all.count == 1, "what was refused leaves nothing")
  }

  @Test func aModelWorseThanNoModelIsRefusedAtOnce() throws {
    let scene = try scene()
    let noise = try DeliveryScene.model(on: DeliveryScene.dataset(rows: 40, seed: 5, names: ["c", "a", "b"]))
    #expect(!(try scene.push(scene.commit(DeliveryScene.bad()))).isAccepted)
    // Its columns are not those of the table: what a and b are was another thing when it was fitted.
    scene.heldOut = try DeliveryScene.dataset(rows: 300, seed: 99, names: ["a", "b", "c"])
    #expect(!(try scene.push(scene.commit(noise))).isAccepted)
    #expect(scene.served == nil)
  }

  @Test func aModelThatIsAsGoodIsTaken() throws {
    let scene = try scene()
    _ = try scene.push(scene.commit(DeliveryScene.good(1)))
    let verdict = try scene.push(scene.commit(DeliveryScene.good(2)))
    #expect(verdict.isAccepted, "\(verdict.text)")
    #expect(line(verdict, "score")?.text.contains("the served model") == true)
    #expect(scene.releases.all.count == 2)
  }

  @Test func theSameModelAgainIsNoDelivery() throws {
    let scene = try scene()
    _ = try scene.push(scene.commit(DeliveryScene.good()))
    let again = try scene.commit(["README": Array("text".utf8)])
    let verdict = try scene.push(again)
    #expect(verdict.isAccepted && line(verdict, "release")?.text.hasSuffix("is served already") == true)
    #expect(scene.main == again)
  }

  @Test func whatIsNoModelIsRefused() throws {
    let scene = try scene()
    var bytes = try DeliveryScene.good().bytes
    bytes[bytes.count - 9] ^= 1
    for content in [bytes, Array("pickle".utf8), [], [UInt8](repeating: 0, count: 100_000)] {
      let verdict = try scene.push(scene.commit(["models/best.safetensors": content]))
      #expect(line(verdict, "verified")?.mark == .bad, "\(verdict.text)")
    }
    #expect(scene.served == nil && scene.main == nil && scene.releases.all.isEmpty)
  }

  @Test func aCommitWithoutAModelIsRefused() throws {
    let scene = try scene()
    let verdict = try scene.push(scene.commit(["models/other.safetensors": [1]]))
    #expect(line(verdict, "file")?.text == "the commit has no models/best.safetensors")
  }

  @Test func aLinkIsNoModel() throws {
    let scene = try scene()
    _ = try scene.commit(["models/x": [1]])
    try FileManager.default.createSymbolicLink(
      atPath: scene.folder.path("work/models/best.safetensors"), withDestinationPath: "/etc/passwd")
    #expect(line(try scene.push(scene.commit([:])), "file")?.mark == .bad)
  }

  @Test func aModelThatIsTooLargeIsRefused() throws {
    let scene = try scene()
    scene.settings.largestModel = 1000
    let verdict = try scene.push(scene.commit(DeliveryScene.good()))
    #expect(line(verdict, "file")?.text.contains("1 kB are allowed") == true, "\(verdict.text)")
  }

  @Test func aModelThatIsTooSlowIsRefused() throws {
    let scene = try scene()
    scene.settings.slowestPrediction = 1e-9
    #expect(line(try scene.push(scene.commit(DeliveryScene.good())), "time")?.mark == .bad)
  }

  @Test func anotherTargetAndNewColumnsAreRefused() throws {
    let scene = try scene()
    _ = try scene.push(scene.commit(DeliveryScene.good()))
    scene.heldOut = nil
    let other = try DeliveryScene.model(on: DeliveryScene.dataset(rows: 200, seed: 1, target: "z"))
    #expect(line(try scene.push(scene.commit(other)), "schema")?.text.contains("it predicts z") == true)
    let wide = try DeliveryScene.model(on: DeliveryScene.dataset(rows: 200, seed: 1, names: ["a", "b", "new"]))
    let verdict = try scene.push(scene.commit(wide))
    #expect(line(verdict, "schema")?.text == "it needs columns that requests do not send today: new")
  }

  @Test func aModelThatHasSeenTheTableIsRefused() throws {
    let scene = try scene()
    let model = try DeliveryScene.model(on: DeliveryScene.dataset(rows: 200, seed: 1), sha256: "held-out")
    #expect(line(try scene.push(scene.commit(model)), "score")?.text.contains("the very table") == true)
  }

  @Test func aTableOfFewRowsJudgesNothing() throws {
    let scene = try scene()
    scene.heldOut = try DeliveryScene.dataset(rows: 29, seed: 99)
    #expect(line(try scene.push(scene.commit(DeliveryScene.good())), "score")?.text.contains("29 rows") == true)
  }

  @Test func withoutATableNothingIsComparedAndThatIsSaid() throws {
    let scene = try scene(judging: false)
    let verdict = try scene.push(scene.commit(DeliveryScene.good()))
    #expect(verdict.isAccepted && line(verdict, "score")?.mark == Verdict.Mark.none)
  }

  @Test(arguments: [FakePage.Fault.silent, .stuck, .lying])
  func aPageThatIsNotWellBringsTheOldModelBack(fault: FakePage.Fault) throws {
    let scene = try scene()
    let first = try scene.commit(DeliveryScene.good(1))
    _ = try scene.push(first)
    let before = scene.releases.served
    scene.page.fault.withLock { $0 = fault }
    let verdict = try scene.push(scene.commit(DeliveryScene.good(2)))
    #expect(!verdict.isAccepted && line(verdict, "page")?.mark == .bad)
    #expect(verdict.text.contains("is served again") && scene.releases.served == before && scene.main == first)
    #expect(scene.releases.all.count == 1)
    scene.page.fault.withLock { $0 = nil }
    #expect(try scene.push(scene.commit(DeliveryScene.good(2))).isAccepted)
  }

  @Test func aRewrittenHistoryIsRefused() throws {
    let scene = try scene()
    let first = try scene.commit(DeliveryScene.good(1))
    _ = try scene.push(first)
    try scene.git("-C", scene.folder.path("work"), "checkout", "--quiet", "--orphan", "other")
    let verdict = try scene.push(scene.commit(DeliveryScene.good(2)))
    #expect(line(verdict, "push")?.text.contains("history is rewritten") == true && scene.main == first)
  }

  @Test func theWayBackIsTakenWithoutAComparison() throws {
    let scene = try scene()
    let first = try scene.commit(DeliveryScene.good(1))
    _ = try scene.push(first)
    _ = try scene.push(scene.commit(DeliveryScene.good(2)))
    let verdict = try scene.push(first)
    #expect(verdict.isAccepted, "\(verdict.text)")
    #expect(line(verdict, "push")?.text.hasPrefix("back to") == true && scene.main == first)
    #expect(scene.served?.bytes == (try DeliveryScene.good(1)).bytes)
  }

  /// It lies in the history of one that was taken, and was never served itself.
  @Test func theWayBackToARefusedModelIsNone() throws {
    let scene = try scene()
    let first = try scene.commit(DeliveryScene.good(1))
    _ = try scene.push(first)
    let refused = try scene.commit(DeliveryScene.bad())
    #expect(!(try scene.push(refused)).isAccepted)
    let last = try scene.commit(DeliveryScene.good(2))
    #expect(try scene.push(last).isAccepted)
    #expect(!(try scene.push(refused)).isAccepted && scene.main == last)
    #expect(try scene.push(first).isAccepted)
  }

  @Test func onlyTheBranchMainIsServed() throws {
    let scene = try scene()
    let commit = try scene.commit(DeliveryScene.good())
    #expect(line(try scene.push(commit, to: "refs/heads/other"), "push")?.mark == .bad)
    #expect(line(try scene.push(commit, to: "refs/tags/v1"), "push")?.mark == .bad)
    let none = String(repeating: "0", count: 40)
    #expect(!scene.reception.receive(hookInput: "\(commit) \(none) refs/heads/main\n").isAccepted)
    #expect(!scene.reception.receive(hookInput: "").isAccepted)
    #expect(!scene.reception.receive(hookInput: "nonsense\n").isAccepted)
  }

  @Test func whoIsGoneGetsNothing() throws {
    let scene = try scene()
    scene.isWanted = false
    #expect(!(try scene.push(scene.commit(DeliveryScene.good()))).isAccepted)
    #expect(scene.served == nil)
  }

  @Test func leftoversOfAKilledPushAreRemoved() throws {
    let scene = try scene()
    _ = try scene.folder.folder("srv/releases/0123.new")
    try scene.folder.write("srv/releases/0123.new/best.safetensors", "half")
    try scene.folder.write("srv/.models.new", "half")
    #expect(try scene.push(scene.commit(DeliveryScene.good())).isAccepted)
    #expect(!scene.folder.files(below: "srv").contains { $0.hasSuffix(".new") })
  }

  @Test func theLastReleasesStay() throws {
    let scene = try scene()
    scene.settings.kept = 3
    for seed in 1...6 { #expect(try scene.push(scene.commit(DeliveryScene.good(UInt64(seed)))).isAccepted) }
    #expect(scene.releases.all.count == 3)
    #expect(scene.releases.all.first == scene.releases.served)
  }
}
