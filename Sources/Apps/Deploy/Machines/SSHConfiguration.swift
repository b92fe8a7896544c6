internal import FoundationEssentials
internal import Glibc
internal import Learners

/// `ssh prod` and `ssh dev`: a file of the user's ssh configuration, with host keys that are checked.
public struct SSHConfiguration: Sendable {
  let keys: KeyFolder
  let user: String
  let home: String

  public init(_ configuration: DeployConfiguration, keys: KeyFolder, home: String) {
    self.keys = keys
    user = configuration.user
    self.home = home
  }

  public var path: String { "\(home)/.ssh/config.d/learners" }
  private var mainFile: String { "\(home)/.ssh/config" }
  private static let include = "Include config.d/learners"

  package func text(_ addresses: [DeployConfiguration.Role: String]) -> String {
    let hosts = DeployConfiguration.Role.allCases.compactMap { role in
      addresses[role].map { address in
        """
        Host \(role.rawValue)
          HostName \(address)
          User \(user)
          IdentityFile "\(keys.privateKey)"
          IdentitiesOnly yes
          HostKeyAlias \(keys.alias(role))
          UserKnownHostsFile "\(keys.knownHosts)"
          StrictHostKeyChecking yes

        """
      }
    }
    return (["# Written by learners deploy: changes are lost.\n"] + hosts).joined(separator: "\n")
  }

  /// Writes the file, and names it in the user's own one.
  /// - Parameter servers: ids, by which it is known which host keys are theirs.
  package func write(
    _ addresses: [DeployConfiguration.Role: String], servers: [DeployConfiguration.Role: String] = [:]
  ) throws(DeployError) {
    try keys.writeKnownHosts(servers)
    try? FileManager.default.createDirectory(atPath: "\(home)/.ssh/config.d", withIntermediateDirectories: true)
    unsafe chmod("\(home)/.ssh", 0o700)
    try writeText(text(addresses), to: path)
    let existing = (try? InputFile(reading: mainFile).bytes).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let lines = existing.split(whereSeparator: \.isNewline).map(String.init)
    guard !lines.contains(where: { $0 == Self.include || $0 == "Include config.d/*" }) else { return }
    // Behind a Host it would be for that host alone.
    try writeText("\(Self.include)\n\(existing.isEmpty ? "" : "\n" + existing)", to: mainFile)
  }

  /// Leaves the user's own file as it is: what it names may be missing.
  func remove() {
    unsafe unlink(path)
    unsafe unlink(keys.knownHosts)
  }

  /// Runs a command on a machine and waits for it.
  public func run(
    _ command: String, on role: DeployConfiguration.Role, deadline: Double, input: [UInt8] = []
  ) throws(DeployError) -> ChildProcess.Result {
    var child = ChildProcess(
      "ssh", "-F", path, "-o", "BatchMode=yes", "-o", "ConnectTimeout=8", "-o", "ServerAliveInterval=10",
      "-o", "LogLevel=ERROR", role.rawValue, "--", command)
    child.deadline = deadline
    child.input = input
    return try child.run()
  }
}
