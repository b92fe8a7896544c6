internal import HTTPClient
internal import Learners

/// Does one change after the other. Everything that it makes has the deployment's mark from its first moment, so that a
/// process that is killed anywhere leaves nothing that the next one does not find.
internal struct Executor {
  let session: CloudSession
  let configuration: DeployConfiguration
  /// Reads the first boot's instructions of a machine, in base64.
  let userData: (DeployConfiguration.Role) throws(DeployError) -> String

  private func name(_ role: DeployConfiguration.Role) -> String { configuration.name(of: role) }
  private var mark: JSONValue { .text(configuration.mark) }

  /// Surveys, plans and does the first change until there is none: what came between is seen.
  func apply(_ wanted: Wanted) throws(DeployError) -> Survey {
    var last: (change: Change, times: Int)?
    while true {
      let found = try Survey(session, configuration)
      guard let change = try Plan(wanted, found).changes.first else { return found }
      let times = last?.change == change ? (last?.times ?? 0) + 1 : 1
      guard times <= Self.mostRepetitions else {
        throw DeployError(
          .unavailable, "\(change.text): it was done \(times - 1) times and is not seen to be done",
          advice: "look at the cloud's pages, and run it again later")
      }
      // A cloud of many machines shows what was made a moment later.
      if times > 1 { session.clock.sleep(seconds: 2) }
      try perform(change, wanted, found)
      session.observer?.notes("\(change.kind.rawValue) \(change.text)")
      last = (change, times)
    }
  }

  private static let mostRepetitions = 5

  /// Removes everything with the mark.
  func destroy() throws(DeployError) {
    for _ in 0..<Self.mostRepetitions {
      let changes = Plan.removal(of: try Survey(session, configuration))
      if changes.isEmpty { return }
      for change in changes {
        try remove(change)
        session.observer?.notes("- \(change.text)")
      }
    }
    let left = Plan.removal(of: try Survey(session, configuration))
    guard left.isEmpty else {
      throw DeployError(
        .unavailable, "\(listed(left.map(\.text))): removed, and still there", advice: "run it again later")
    }
  }

  // MARK: One change

  private func perform(_ change: Change, _ wanted: Wanted, _ found: Survey) throws(DeployError) {
    switch change {
    case .makeKeyPair: try makeKeyPair(wanted.publicKey)
    case .makeGroup(let role): try makeGroup(role)
    case .addRule(let role, let group, let rule): try addRule(role, rule, to: group)
    case .makePort(let role): try makePort(role, wanted, found)
    case .setGroup(let role, let port, let group):
      try setGroup(of: port, to: group, purpose: "the port of \(role.rawValue)")
    case .makeServer(let role): try makeServer(role, wanted, found)
    case .startServer(let role, let id): try start(id, purpose: "server \(role.rawValue) is started")
    case .makeFloatingAddress(let role, let port): try makeFloatingAddress(role, port, wanted)
    case .removeKeyPair, .removeRule, .removeFloatingAddress, .removeServer, .removePort, .removeGroup:
      try remove(change)
    }
  }

  private func makeKeyPair(_ publicKey: String) throws(DeployError) {
    let name = configuration.deployment
    let body: JSONValue = ["keypair": ["name": .text(name), "public_key": .text(publicKey), "type": "ssh"]]
    _ = try session.make(
      CloudCall("POST", .compute, "/os-keypairs", body: body, purpose: "the key pair \(name)"),
      lookup: { () throws(DeployError) in try session.keyPair(name) },
      reading: { $0["keypair"].map { _ in CloudKeyPair(name: name, publicKey: publicKey) } })
  }

  private func makeGroup(_ role: DeployConfiguration.Role) throws(DeployError) {
    let body: JSONValue = ["security_group": ["name": .text(name(role)), "description": mark]]
    let group = try session.make(
      CloudCall(
        "POST", .network, "/security-groups", body: body, purpose: "the security group of \(role.rawValue)"),
      lookup: { () throws(DeployError) in try Survey(session, configuration).group(named: name(role)) },
      reading: { $0["security_group"].flatMap(CloudGroup.init) })
    try tag("security-groups", group.id)
  }

  private func addRule(_ role: DeployConfiguration.Role, _ rule: GroupRule, to group: String) throws(DeployError) {
    let call = CloudCall(
      "POST", .network, "/security-group-rules", body: rule.json(in: group),
      purpose: "rule of \(role.rawValue): \(rule.words)")
    _ = try session.make(
      call,
      lookup: { () throws(DeployError) -> GroupRule? in
        let found = try Survey(session, configuration).groups.first { $0.id == group }
        return found?.rules.first { $0.spec == rule }?.spec
      },
      reading: { $0["security_group_rule"].map { _ in rule } })
  }

  private func makePort(_ role: DeployConfiguration.Role, _ wanted: Wanted, _ found: Survey) throws(DeployError) {
    let groups = found.group(named: name(role)).map { [JSONValue.text($0.id)] } ?? []
    let body: JSONValue = [
      "port": [
        "network_id": .text(wanted.network.id), "name": .text(name(role)), "description": mark,
        "security_groups": .array(groups),
      ]
    ]
    let port = try session.make(
      CloudCall("POST", .network, "/ports", body: body, purpose: "the port of \(role.rawValue)"),
      lookup: { () throws(DeployError) in try Survey(session, configuration).port(named: name(role)) },
      reading: { $0["port"].flatMap(CloudPort.init) })
    try tag("ports", port.id)
  }

  private func setGroup(of port: String, to group: String, purpose: String) throws(DeployError) {
    let body: JSONValue = ["port": ["security_groups": [.text(group)]]]
    _ = try session.send(CloudCall("PUT", .network, "/ports/\(port)", body: body, purpose: purpose))
  }

  private func makeServer(_ role: DeployConfiguration.Role, _ wanted: Wanted, _ found: Survey) throws(DeployError) {
    guard let port = found.port(named: name(role)), let flavor = wanted.flavors[role] else {
      preconditionFailure("Executor: a server of \(role.rawValue) is made before its port")
    }
    let body: JSONValue = [
      "server": [
        "name": .text(name(role)), "imageRef": .text(wanted.image.id), "flavorRef": .text(flavor.id),
        "key_name": .text(configuration.deployment), "networks": [["port": .text(port.id)]],
        "user_data": .text(try userData(role)),
        "metadata": ["learners-deploy": .text(configuration.deployment), "learners-role": .text(role.rawValue)],
        "tags": [mark],
      ]
    ]
    _ = try session.make(
      CloudCall("POST", .compute, "/servers", body: body, purpose: "server \(role.rawValue)"),
      lookup: { () throws(DeployError) in try Survey(session, configuration).server(named: name(role))?.id },
      reading: { $0["server"]?["id"]?.text })
  }

  private func start(_ id: String, purpose: String) throws(DeployError) {
    let call = CloudCall("POST", .compute, "/servers/\(id)/action", body: ["os-start": .null], purpose: purpose)
    _ = try session.make(
      call,
      lookup: { () throws(DeployError) -> String? in
        let server = try session.server(id, purpose: purpose)
        return server?.status == "SHUTOFF" ? nil : id
      }, reading: { _ in id })
    try Readiness(session: session, configuration: configuration).waitUntil(
      purpose, seconds: configuration.waitForServer
    ) { () throws(DeployError) in try session.server(id, purpose: purpose)?.status != "SHUTOFF" }
  }

  private func makeFloatingAddress(
    _ role: DeployConfiguration.Role, _ port: String?, _ wanted: Wanted
  ) throws(DeployError) {
    guard let port, let network = wanted.externalNetwork else {
      preconditionFailure("Executor: a floating address of \(role.rawValue) is made before its port")
    }
    let body: JSONValue = [
      "floatingip": [
        "floating_network_id": .text(network.id), "port_id": .text(port), "description": mark,
      ]
    ]
    let made = try session.make(
      CloudCall("POST", .network, "/floatingips", body: body, purpose: "the floating address of \(role.rawValue)"),
      lookup: { () throws(DeployError) -> CloudFloatingAddress? in
        try Survey(session, configuration).floatingAddresses.first { $0.port == port }
      }, reading: { $0["floatingip"].flatMap(CloudFloatingAddress.init) })
    try tag("floatingips", made.id)
  }

  /// Beside the description, which is the mark that is there from the first moment. Clouds without tags answer 404.
  private func tag(_ kind: String, _ id: String) throws(DeployError) {
    _ = try session.send(
      CloudCall("PUT", .network, "/\(kind)/\(id)/tags/\(percentEncoded(configuration.mark))", purpose: "a tag"),
      accepting: [404])
  }
}
