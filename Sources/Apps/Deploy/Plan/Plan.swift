/// What has to be done, in an order in which it can be done: a function of what is wanted and what there is.
internal struct Plan: Sendable {
  private(set) var changes: [Change] = []
  /// What differs and is left as it is, with what to do about it.
  private(set) var notes: [String] = []

  private let wanted: Wanted
  private let found: Survey

  init(_ wanted: Wanted, _ found: Survey) throws(DeployError) {
    self.wanted = wanted
    self.found = found
    planKeyPair()
    planSurplus()
    for role in DeployConfiguration.Role.allCases.reversed() { planGroup(role) }
    for role in DeployConfiguration.Role.allCases { planPort(role) }
    for role in DeployConfiguration.Role.allCases { try planServer(role) }
    for role in DeployConfiguration.Role.allCases { planFloatingAddress(role) }
  }

  private func name(_ role: DeployConfiguration.Role) -> String { wanted.configuration.name(of: role) }

  private mutating func planKeyPair() {
    if let pair = found.keyPair, !isSameKey(pair.publicKey, wanted.publicKey) {
      changes.append(.removeKeyPair(reason: "the cloud has another public key under this name"))
      changes.append(.makeKeyPair)
    } else if found.keyPair == nil {
      changes.append(.makeKeyPair)
    }
  }

  /// Things of a name beyond the one that is used: left over from a request that was answered too late.
  private mutating func planSurplus() {
    let roles = DeployConfiguration.Role.allCases
    let servers = roles.compactMap { found.server(named: name($0))?.id }
    for server in found.servers where !servers.contains(server.id) {
      let reason = server.isGoing ? "it is being removed" : "it is one too many"
      changes.append(.removeServer(id: server.id, name: server.name, reason: reason))
    }
    let ports = roles.compactMap { found.port(named: name($0))?.id }
    for port in found.ports where !ports.contains(port.id) {
      changes.append(.removePort(id: port.id, name: port.name, reason: "it is one too many"))
    }
    let groups = roles.compactMap { found.group(named: name($0))?.id }
    for group in found.groups where !groups.contains(group.id) {
      changes.append(.removeGroup(id: group.id, name: group.name, reason: "it is one too many"))
    }
  }

  private mutating func planGroup(_ role: DeployConfiguration.Role) {
    let development = found.group(named: name(.development))?.id
    guard let group = found.group(named: name(role)) else {
      changes.append(.makeGroup(role))
      // Known to a person by the name of the group, which has no id yet.
      let rules = wanted.rules(for: role, development: development ?? "dev")
      changes += rules.map { .addRule(role, group: "", $0) }
      return
    }
    let rules = wanted.rules(for: role, development: development ?? "dev")
    for rule in rules where !group.rules.contains(where: { $0.spec == rule }) {
      changes.append(.addRule(role, group: group.id, rule))
    }
    for rule in group.rules where !rules.contains(rule.spec) {
      changes.append(.removeRule(role, id: rule.id, rule.spec))
    }
  }

  private mutating func planPort(_ role: DeployConfiguration.Role) {
    guard let port = found.port(named: name(role)) else { return changes.append(.makePort(role)) }
    if port.network != wanted.network.id {
      notes.append(
        "\(role.rawValue) is in another network than deploy.yml says: to change it, destroy and apply again")
    }
    if let group = found.group(named: name(role)), port.groups != [group.id] {
      changes.append(.setGroup(role, port: port.id, group: group.id))
    }
  }

  private mutating func planServer(_ role: DeployConfiguration.Role) throws(DeployError) {
    guard let server = found.server(named: name(role)) else { return changes.append(.makeServer(role)) }
    switch server.status {
    case "ERROR":
      let fault = server.fault ?? "no reason is given"
      guard !server.wasLaunched else {
        throw DeployError(
          .unavailable, "server \(role.rawValue): the cloud says ERROR: \(fault)",
          advice: "it ran before: look at it in the cloud's pages, reset or rebuild it there, then run this again")
      }
      changes.append(.removeServer(id: server.id, name: role.rawValue, reason: "it never ran: \(fault)"))
      changes.append(.makeServer(role))
    case "SHUTOFF": changes.append(.startServer(role, id: server.id))
    default: break
    }
    if let flavor = wanted.flavors[role], server.flavor != flavor.name, server.flavor != flavor.id {
      notes.append(
        "\(role.rawValue) has the flavor \(shown(server.flavor)), deploy.yml says \(shown(flavor.name)): to change it, destroy and apply again"
      )
    }
    if !server.image.isEmpty, server.image != wanted.image.id {
      notes.append("\(role.rawValue) was made from another image than deploy.yml says: it stays as it is")
    }
  }

  private mutating func planFloatingAddress(_ role: DeployConfiguration.Role) {
    let port = found.port(named: name(role))
    let isWanted = wanted.configuration.machine(role).hasFloatingAddress
    let address = found.floatingAddress(at: port)
    if isWanted && address == nil {
      changes.append(.makeFloatingAddress(role, port: port?.id))
    } else if !isWanted, let address {
      changes.append(
        .removeFloatingAddress(id: address.id, address: address.address, reason: "deploy.yml asks for none"))
    }
    // Those that lead nowhere are counted once, with the last machine.
    guard role == DeployConfiguration.Role.allCases.last else { return }
    for left in found.floatingAddresses where !found.ports.contains(where: { $0.id == left.port }) {
      changes.append(
        .removeFloatingAddress(id: left.id, address: left.address, reason: "it leads to none of the machines"))
    }
  }

  /// Everything of a deployment, in an order in which it can be removed.
  static func removal(of found: Survey) -> [Change] {
    let reason = "made by learners deploy"
    var changes: [Change] = []
    changes += found.floatingAddresses.map { .removeFloatingAddress(id: $0.id, address: $0.address, reason: reason) }
    changes += found.servers.map { .removeServer(id: $0.id, name: $0.name, reason: reason) }
    changes += found.ports.map { .removePort(id: $0.id, name: $0.name, reason: reason) }
    // prod's group names dev's in a rule.
    let groups = found.groups.sorted { $0.name > $1.name }
    changes += groups.map { .removeGroup(id: $0.id, name: $0.name, reason: reason) }
    if found.keyPair != nil { changes.append(.removeKeyPair(reason: reason)) }
    return changes
  }
}

/// Comments behind keys differ from cloud to cloud.
private func isSameKey(_ one: String, _ other: String) -> Bool {
  let words = { (key: String) in key.split(whereSeparator: \.isWhitespace).prefix(2).map(String.init) }
  return words(one) == words(other)
}
