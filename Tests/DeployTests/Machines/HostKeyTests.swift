import Deploy
import Testing

/// A host gets a key of its own after the first login, and is known all the while.
@Suite struct HostKeyTests {
  private let scene: Scene
  private let keys: KeyFolder
  private let servers: [KeyFolder.Role: String] = [.production: "server-1", .development: "server-2"]

  init() throws {
    scene = try Scene()
    keys = KeyFolder(scene.configuration, home: scene.home)
  }

  private func result(_ status: Int32, _ text: String = "") -> ChildProcess.Result {
    ChildProcess.Result(status: status, output: Array(text.utf8), error: [], isLate: false)
  }

  /// A host that makes keys one after the other; `dies` is the number of the command at which the control machine is killed.
  private func change(dies: Int? = nil) throws {
    var commands = 0
    let change = HostKeyChange(keys, servers: servers, clock: scene.time) { command, _ throws(DeployError) in
      commands += 1
      if commands == dies { throw DeployError(.unavailable, "killed", advice: "") }
      return self.result(0, command.contains("ssh-keygen") ? "ssh-ed25519 OWN-\(commands)-\(dies ?? 0) \n" : "")
    }
    _ = try change.change(.production)
  }

  @Test func atFirstTheKeyOfTheFirstBootIsKnown() throws {
    let known = try keys.knownKeys(.production, of: "server-1")
    #expect(known.count == 1 && known[0].hasPrefix("ssh-ed25519 AAAA"))
    #expect(!keys.hasOwnKey(.production, of: "server-1") && !keys.hasOwnKey(.production, of: nil))
  }

  @Test func thenItsOwnAlone() throws {
    let first = try keys.knownKeys(.production, of: nil)
    try change()
    #expect(try keys.knownKeys(.production, of: "server-1") == ["ssh-ed25519 OWN-1-0"])
    #expect(keys.hasOwnKey(.production, of: "server-1"))
    let lines = (DeployFiles.text(keys.knownHosts) ?? "").split(separator: "\n")
    #expect(lines.first == "learners-test-prod ssh-ed25519 OWN-1-0" && lines.count == 2)
    // A machine that is made anew has been given the first one again.
    #expect(try keys.knownKeys(.production, of: "server-9") == first)
  }

  @Test(arguments: 1...4)
  func stoppedAnywhereItGoesOn(dies: Int) throws {
    let first = try keys.knownKeys(.production, of: "server-1")
    #expect(throws: DeployError.self) { try change(dies: dies) }
    let known = try keys.knownKeys(.production, of: "server-1")
    switch dies {
    case 1: #expect(known == first)
    // The host may use either of them by now.
    case 2, 3: #expect(known == first + ["ssh-ed25519 OWN-1-\(dies)"])
    default: #expect(known == ["ssh-ed25519 OWN-1-4"])
    }
    try change()
    #expect(keys.hasOwnKey(.production, of: "server-1"))
    #expect(try keys.knownKeys(.production, of: "server-1").count == 1)
  }

  @Test func whatIsNoKeyIsRefused() throws {
    let change = HostKeyChange(keys, servers: servers, clock: scene.time) { _, _ throws(DeployError) in
      self.result(0, "sudo: a password is required")
    }
    #expect(throws: DeployError.self) { try change.change(.production) }
    #expect(try keys.knownKeys(.production, of: "server-1").count == 1)
  }

  @Test func hostsThatAreMadeAgainGetOtherKeys() throws {
    try scene.deployment().makeMachines()
    let before = try keys.knownKeys(.production, of: nil)
    let login = try keys.publicKey
    try scene.deployment().destroy()
    #expect(try keys.knownKeys(.production, of: nil) != before)
    #expect(try keys.publicKey == login)
    _ = try scene.deployment().plan()
  }
}
