/// Gives a host a key of its own in place of that of its first boot.
///
/// The host makes it; the public half comes over the connection that is verified already. Stopped anywhere, the next run goes on:
/// until the new key has been seen in use, the host is known by both.
package struct HostKeyChange {
  package typealias Role = DeployConfiguration.Role

  let keys: KeyFolder
  /// Ids by role.
  let servers: [Role: String]
  let clock: any DeployClock
  /// Runs a command on a host, with the host keys that are known at the moment.
  let run: (String, Role) throws(DeployError) -> ChildProcess.Result

  package init(
    _ keys: KeyFolder, servers: [Role: String], clock: any DeployClock,
    run: @escaping (String, Role) throws(DeployError) -> ChildProcess.Result
  ) {
    (self.keys, self.servers, self.clock, self.run) = (keys, servers, clock, run)
  }

  /// - Returns: whether anything was to be done.
  package func change(_ role: Role) throws(DeployError) -> Bool {
    guard let server = servers[role], !keys.hasOwnKey(role, of: server) else { return false }
    let made = try need(try run(Self.make, role), role)
    let words = made.text.split(whereSeparator: \.isWhitespace).prefix(2).map(String.init)
    guard words.count == 2, words[0] == "ssh-ed25519" else {
      throw failure(role, "the new key is none: \(shown(made.text))")
    }
    let key = words.joined(separator: " ")
    try keys.promise(key, role, of: server)
    try keys.writeKnownHosts(servers)
    _ = try need(try run(Self.take, role), role)
    try waitUntilSeen(role)
    try keys.prove(key, role, of: server)
    try keys.writeKnownHosts(servers)
    _ = try need(try run("true", role), role)
    return true
  }

  private static let make =
    #"sudo sh -c 'set -eu; cd /etc/ssh; rm -f next_key next_key.pub; ssh-keygen -q -t ed25519 -N "" -C "" -f next_key; sync; cat next_key.pub'"#

  /// Debian's unit is ssh.service, elsewhere it is sshd.service. Connections that there are stay.
  private static let take =
    "sudo sh -c 'set -eu; cd /etc/ssh; mv next_key.pub ssh_host_ed25519_key.pub; mv next_key ssh_host_ed25519_key; sync; "
    + "systemctl cat ssh.service >/dev/null 2>&1 && systemctl restart ssh.service || systemctl restart sshd.service'"

  /// The server of ssh is away for a moment.
  private func waitUntilSeen(_ role: Role) throws(DeployError) {
    for _ in 0..<15 {
      if try run("true", role).status == 0 { return }
      clock.sleep(seconds: 2)
    }
    throw failure(role, "no login after the change")
  }

  private func need(_ result: ChildProcess.Result, _ role: Role) throws(DeployError) -> ChildProcess.Result {
    guard result.status == 0, !result.isLate else { throw failure(role, result.reason) }
    return result
  }

  private func failure(_ role: Role, _ reason: String) -> DeployError {
    DeployError(
      .unavailable, "\(role.rawValue): it gets no host key of its own: \(reason)",
      advice: "run learners deploy apply again: it goes on")
  }
}
