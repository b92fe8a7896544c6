/// Waits until a machine can be logged into and its first boot is done.
package struct FirstLogin {
  let ssh: SSHConfiguration
  let configuration: DeployConfiguration
  let clock: any DeployClock
  weak let observer: (any DeployObserver)?

  init(
    _ ssh: SSHConfiguration, _ configuration: DeployConfiguration, clock: any DeployClock,
    observer: (any DeployObserver)?
  ) {
    (self.ssh, self.configuration, self.clock, self.observer) = (ssh, configuration, clock, observer)
  }

  func wait(for role: DeployConfiguration.Role) throws(DeployError) {
    try waitForLogin(role)
    try waitForSetup(role)
  }

  private func waitForLogin(_ role: DeployConfiguration.Role) throws(DeployError) {
    let start = clock.seconds
    while true {
      let result = try ssh.run("true", on: role, deadline: 20)
      if result.status == 0 && !result.isLate { return }
      let reason = result.isLate ? "no answer" : result.reason
      if result.errorText.contains("REMOTE HOST IDENTIFICATION HAS CHANGED")
        || result.errorText.contains("Host key verification failed")
      {
        throw DeployError(
          .noPermission, "\(role.rawValue): the machine that answers has another host key than was made for it",
          advice: "somebody may be in between: do not log in; look at the machine in the cloud's pages")
      }
      let passed = clock.seconds - start
      guard passed < configuration.waitForLogin else {
        throw DeployError(
          .unavailable, "\(role.rawValue): no login by ssh within \(Int(configuration.waitForLogin)) s: \(reason)",
          advice: "check ssh-from in deploy.yml and the way from here to there; run it again to go on waiting")
      }
      observer?.waits(for: "\(role.rawValue): login by ssh: \(Int(passed)) s (\(reason))")
      clock.sleep(seconds: 2)
    }
  }

  /// 0 is done, 2 done with errors that cloud-init has got over; both go on.
  private func waitForSetup(_ role: DeployConfiguration.Role) throws(DeployError) {
    observer?.waits(for: "\(role.rawValue): its first boot is not done yet")
    let result = try ssh.run("cloud-init status --wait --long", on: role, deadline: configuration.waitForSetup)
    guard !result.isLate else {
      throw DeployError(
        .unavailable, "\(role.rawValue): the first boot is not done within \(Int(configuration.waitForSetup)) s",
        advice: "look at it: ssh \(role.rawValue) tail /var/log/cloud-init-output.log")
    }
    let detail = try? ssh.run("cloud-init status --format json", on: role, deadline: 30)
    let errors = Self.errors(JSONValue(parsing: detail?.output ?? []))
    switch result.status {
    case 0, 2: for error in errors { observer?.notes("  \(role.rawValue): cloud-init got over: \(error)") }
    default:
      let words =
        errors.isEmpty ? result.text.split(whereSeparator: \.isNewline).joined(separator: "; ") : listed(errors)
      throw DeployError(
        .unavailable, "\(role.rawValue): cloud-init failed (status \(result.status)): \(shown(words))",
        advice: "look at it: ssh \(role.rawValue) sudo cat /var/log/cloud-init-output.log")
    }
  }

  /// Both kinds; the second is there from version 23.4 on, by level.
  package static func errors(_ json: JSONValue?) -> [String] {
    let fatal = json?["errors"]?.elements.compactMap(\.text) ?? []
    let recoverable = (json?["recoverable_errors"]?.members ?? [:]).sorted { $0.key < $1.key }
      .flatMap { level, texts in texts.elements.compactMap(\.text).map { "\(level): \($0)" } }
    return fatal + recoverable
  }
}
