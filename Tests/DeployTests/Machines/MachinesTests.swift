import Deploy
import FoundationEssentials
import Testing

@Suite struct MachinesTests {
  private func text(_ path: String) -> String { DeployFiles.text(path) ?? "" }
  private func mode(_ path: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
  }

  @Test func keysAreMadeOnceAndKeptFromOthers() throws {
    let scene = try Scene()
    let keys = KeyFolder(scene.configuration, home: scene.home)
    let before = text(keys.privateKey)
    #expect(before.contains("OPENSSH PRIVATE KEY"))
    #expect(try keys.publicKey.hasPrefix("ssh-ed25519 "))
    try keys.prepare()
    #expect(text(keys.privateKey) == before)
    #expect(try mode(keys.path) == 0o700 && mode(keys.privateKey) == 0o600)
  }

  @Test func halfAPairIsMadeAnew() throws {
    let scene = try Scene()
    let keys = KeyFolder(scene.configuration, home: scene.home)
    try FileManager.default.removeItem(atPath: keys.privateKey + ".pub")
    try keys.prepare()
    #expect(try keys.publicKey.hasPrefix("ssh-ed25519 "))
  }

  @Test func theFirstBootKnowsUserKeyAndHostKey() throws {
    let scene = try Scene()
    let keys = KeyFolder(scene.configuration, home: scene.home)
    let data = try UserData(.production, scene.configuration, keys)
    #expect(data.text.hasPrefix("#cloud-config\nhostname: prod\n"))
    #expect(data.text.contains("      - \(try keys.publicKey)\n"))
    #expect(data.text.contains("    -----BEGIN OPENSSH PRIVATE KEY-----\n"))
    // All keys of a kind begin alike.
    let last = text(keys.privateKey).split(separator: "\n").dropLast().last ?? ""
    #expect(last.count > 20 && !data.text.contains(last), "the key of login stays here")
    #expect(Data(base64Encoded: try data.encoded) == Data(data.text.utf8))
  }

  @Test func sshKnowsTheHostsWhateverWasThere() throws {
    let scene = try Scene()
    let keys = KeyFolder(scene.configuration, home: scene.home)
    let ssh = SSHConfiguration(scene.configuration, keys: keys, home: scene.home)
    let main = "\(scene.home)/.ssh/config"
    try "Host other\n  User me\n".write(toFile: main, atomically: true, encoding: .utf8)
    for _ in 0..<2 { try ssh.write([.production: "192.0.2.1", .development: "192.0.2.2"]) }
    #expect(text(main) == "Include config.d/learners\n\nHost other\n  User me\n")
    let result = try ChildProcess("ssh", "-G", "-F", ssh.path, "prod").run()
    let lines = result.text.split(separator: "\n")
    #expect(lines.contains("hostname 192.0.2.1") && lines.contains("hostkeyalias learners-test-prod"))
    #expect(lines.contains("stricthostkeychecking true") && lines.contains("user learners"))
    let known = text(keys.knownHosts).split(separator: "\n")
    #expect(known.count == 2 && known[0].hasPrefix("learners-test-prod ssh-ed25519 "))
    #expect(try mode(ssh.path) == 0o600)
  }

  @Test func errorsThatCloudInitGotOverAreNamed() throws {
    let json = JSONValue(
      parsing: Array(#"{"errors": ["a"], "recoverable_errors": {"WARNING": ["b", "c"]}}"#.utf8))
    #expect(FirstLogin.errors(json) == ["a", "WARNING: b", "WARNING: c"])
    #expect(FirstLogin.errors(nil) == [])
  }
}
