extension DeployConfiguration {
  /// Reads the text of `deploy.yml`.
  public init(parsing text: String, file: String) throws(DeployError) {
    let settings = try SettingsReader(text, file: file)
    try settings.allow(
      "deployment", "cloud", "image", "network", "external-network", "user", "keys", "web-from", "ssh-from", "machines",
      "wait", "release", "playbook", "held-out", "allowed-loss", "workbench", "package", "wheels")
    let below = try settings.below("machines")
    try below.allow("prod", "dev")
    var machines: [Role: Machine] = [:]
    for role in Role.allCases {
      let machine = try below.below(role.rawValue)
      try machine.allow("flavor", "floating-address")
      machines[role] = Machine(
        flavor: try machine.needed("flavor"), hasFloatingAddress: try machine.truth("floating-address") ?? false)
    }
    self.init(
      deployment: try settings.needed("deployment"), image: try settings.needed("image"),
      network: try settings.needed("network"), machines: machines)
    cloud = try settings.text("cloud")
    externalNetwork = try settings.text("external-network")
    user = try settings.text("user") ?? user
    keys = try settings.text("keys")
    webFrom = try settings.texts("web-from") ?? webFrom
    sshFrom = try settings.texts("ssh-from") ?? sshFrom
    release = try settings.text("release")
    playbook = try settings.text("playbook") ?? playbook
    hasWorkbench = try settings.truth("workbench") ?? hasWorkbench
    package = try settings.text("package")
    wheels = try settings.text("wheels")
    heldOut = try settings.text("held-out")
    allowedLoss = try settings.number("allowed-loss", in: 0...10) ?? allowedLoss
    let wait = try settings.below("wait")
    try wait.allow("server", "login", "setup")
    waitForServer = try wait.number("server", in: 1...86_400) ?? waitForServer
    waitForLogin = try wait.number("login", in: 1...86_400) ?? waitForLogin
    waitForSetup = try wait.number("setup", in: 1...86_400) ?? waitForSetup
    try check(settings)
  }

  private func check(_ settings: SettingsReader) throws(DeployError) {
    guard isName(deployment), deployment.utf8.count <= 40 else {
      throw settings.failure(
        "deployment", "\(shown(deployment)) is no name", advice: "use small letters, digits and hyphens, at most 40")
    }
    guard isName(user), user.utf8.count <= 32, user != "root" else {
      throw settings.failure("user", "\(shown(user)) is no name of a user", advice: "use small letters and digits")
    }
    for (key, ranges) in [("web-from", webFrom), ("ssh-from", sshFrom)] {
      for range in ranges where !isRange(range) {
        throw settings.failure(
          key, "\(shown(range)) is no range of addresses", advice: "write them like 203.0.113.0/24 or 2001:db8::/32")
      }
    }
    guard externalNetwork != nil || !machines.values.contains(where: \.hasFloatingAddress) else {
      throw settings.failure(
        "external-network", "it is missing, and a machine wants a floating address", advice: "name the network")
    }
  }
}

/// A small letter, then small letters, digits and hyphens.
private func isName(_ text: String) -> Bool {
  let isLetter = { (byte: UInt8) in byte &- UInt8(ascii: "a") < 26 }
  guard let first = text.utf8.first, isLetter(first) else { return false }
  return text.utf8.allSatisfy { isLetter($0) || $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: "-") }
}

/// An address with the number of bits that count.
private func isRange(_ text: String) -> Bool {
  let parts = text.split(separator: "/", omittingEmptySubsequences: false)
  guard parts.count == 2, let bits = Int(parts[1]) else { return false }
  if parts[0].contains(":") {
    return (0...128).contains(bits) && parts[0].allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
  }
  let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
  return (0...32).contains(bits) && numbers.count == 4 && numbers.allSatisfy { UInt8($0) != nil }
}
