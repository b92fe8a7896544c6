import Deploy
import FoundationEssentials
import Synchronization

/// Time that passes only where somebody waits.
final class FakeTime: DeployClock {
  private let passed = Mutex(0.0)
  var seconds: Double { passed.withLock(\.self) }
  func sleep(seconds: Double) { passed.withLock { $0 += seconds } }
}

final class Recorder: DeployObserver {
  var notes: [String] = []
  var waits: [String] = []
  func notes(_ text: String) { notes.append(text) }
  func waits(for text: String) { waits.append(text) }
}

/// A home folder with keys, a description and a cloud.
final class Scene {
  let cloud = FakeCloud()
  let time = FakeTime()
  let recorder = Recorder()
  let home: String
  var configuration: DeployConfiguration

  init(floating: Bool = false) throws {
    home = FileManager.default.temporaryDirectory.appendingPathComponent("deploy-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    configuration = try DeployConfiguration(
      parsing: """
        deployment: learners-test
        image: Ubuntu 22.04
        network: Internal
        external-network: Public
        machines:
          prod: {flavor: ssc.small, floating-address: \(floating ? "yes" : "no")}
          dev: {flavor: ssc.small}
        """, file: "deploy.yml")
    try FileManager.default.createDirectory(atPath: "\(home)/.ssh", withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: try Self.keys.get(), toPath: KeyFolder(configuration, home: home).path)
  }

  /// Made once: three runs of ssh-keygen for each scene would be most of the time.
  private static let keys = Result {
    let home = FileManager.default.temporaryDirectory.appendingPathComponent("deploy-keys-\(UUID().uuidString)").path
    var configuration = DeployConfiguration(deployment: "learners-test", image: "", network: "", machines: [:])
    configuration.keys = "\(home)/keys"
    try KeyFolder(configuration, home: home).prepare()
    return "\(home)/keys"
  }

  deinit { try? FileManager.default.removeItem(atPath: home) }

  static let credentials = Credentials(
    authURL: "http://cloud.test/identity",
    proof: .password(.init(.init(name: "me"), domain: .init(name: "snic")), Secret("right")),
    project: .init(name: "project"), projectDomain: .init(name: "snic"), region: "east")

  /// What a process that starts now has: it remembers nothing.
  func deployment(_ credentials: Credentials = Scene.credentials) -> Deployment {
    Deployment(configuration, credentials: credentials, exchange: cloud, home: home, clock: time, observer: recorder)
  }
}
