internal import FoundationEssentials
internal import Glibc
internal import Learners

/// The keys of a deployment, in a folder that only its owner may enter: the one to log in with, and those of the hosts,
/// which are made before the hosts are, so that the first login is to the right machine.
public struct KeyFolder: Sendable {
  public typealias Role = DeployConfiguration.Role

  public let path: String
  let deployment: String

  /// - Parameter home: the user's home folder.
  public init(_ configuration: DeployConfiguration, home: String) {
    let path = configuration.keys ?? "~/.ssh/\(configuration.deployment)"
    self.path = path.hasPrefix("~/") ? home + path.dropFirst(1) : path
    deployment = configuration.deployment
  }

  public var privateKey: String { "\(path)/login" }
  public var knownHosts: String { "\(path)/known_hosts" }
  private func hostKey(_ role: Role) -> String { "\(path)/host-\(role.rawValue)" }

  /// Makes what is missing; what is there stays.
  public func prepare() throws(DeployError) {
    do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
      throw DeployError(.cannotWrite, "\(path): the folder cannot be made", advice: "choose another one with keys:")
    }
    guard unsafe chmod(path, 0o700) == 0 else {
      throw DeployError(.noPermission, "\(path): it belongs to another user", advice: "choose another one with keys:")
    }
    try make(privateKey, comment: deployment)
    for role in Role.allCases { try make(hostKey(role), comment: alias(role)) }
  }

  /// Other keys for the hosts that are made next: those that were here are known to the hosts that are gone.
  func renewHostKeys() throws(DeployError) {
    for role in Role.allCases where unsafe access(hostKey(role), F_OK) == 0 {
      try make(hostKey(role), comment: alias(role), anew: true)
    }
  }

  /// Where a renewal was killed, one half is missing.
  func mendHostKeys() throws(DeployError) {
    for role in Role.allCases where unsafe access(hostKey(role), F_OK) == 0 {
      try make(hostKey(role), comment: alias(role))
    }
  }

  /// A pair that is killed half-way has no public half, and is made anew.
  private func make(_ key: String, comment: String, anew: Bool = false) throws(DeployError) {
    guard unsafe anew || access(key, F_OK) != 0 || access(key + ".pub", F_OK) != 0 else { return }
    let draft = "\(key).new"
    for file in [draft, draft + ".pub", key + ".pub"] { unsafe unlink(file) }
    let result = try ChildProcess("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", draft).run()
    guard result.status == 0, unsafe rename(draft, key) == 0, unsafe rename(draft + ".pub", key + ".pub") == 0 else {
      throw DeployError(
        .cannotWrite, "\(key): ssh-keygen cannot make it: \(result.reason)", advice: "see to the folder")
    }
  }

  public var publicKey: String { get throws(DeployError) { try read(privateKey + ".pub") } }
  func hostPublicKey(_ role: Role) throws(DeployError) -> String { try read(hostKey(role) + ".pub") }
  func hostPrivateKey(_ role: Role) throws(DeployError) -> String { try read(hostKey(role)) + "\n" }

  private func read(_ file: String) throws(DeployError) -> String {
    guard let bytes = try? InputFile(reading: file).bytes, let text = String(validating: bytes, as: UTF8.self) else {
      throw DeployError(
        .noInput, "\(file): it cannot be read",
        advice: "run learners deploy init, or copy the folder from the machine where it was made")
    }
    return String(text.reversed().drop { $0.isNewline }.reversed())
  }

  /// Hosts by a name of their own: an address that another machine had before leads to no confusion.
  func alias(_ role: Role) -> String { "\(deployment)-\(role.rawValue)" }
}

/// A small file, whole or not at all, for its owner alone.
func writeText(_ text: String, to path: String) throws(DeployError) {
  do throws(FileError) { try FileDraft.write(Array(text.utf8), to: path) } catch {
    throw DeployError(.cannotWrite, "\(error)", advice: "see to the folder and its owner")
  }
  unsafe chmod(path, 0o600)
}
