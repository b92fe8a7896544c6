/// What a cloud has, as far as it is looked at.

/// An image, a flavor or a network: chosen by name or id, never made.
internal struct NamedThing: Sendable, Hashable {
  let id: String
  let name: String
  /// For people who choose: “2 GiB, 1 CPU”.
  var details = ""
}

internal struct CloudServer: Sendable, Hashable {
  let id: String
  let name: String
  let status: String
  let metadata: [String: String]
  let flavor: String
  let image: String
  let fault: String?
  /// Whether it ever ran: what never did may be thrown away.
  let wasLaunched: Bool
  /// Whether it is being removed.
  let isGoing: Bool
  let created: String

  init?(_ json: JSONValue) {
    guard let id = json["id"]?.text, let status = json["status"]?.text else { return nil }
    self.id = id
    self.status = status
    name = json["name"]?.text ?? ""
    metadata = json["metadata"]?.members.compactMapValues(\.text) ?? [:]
    flavor = json["flavor"]?["original_name"]?.text ?? json["flavor"]?["id"]?.text ?? ""
    image = json["image"]?["id"]?.text ?? ""
    fault = json["fault"]?["message"]?.text.map(shown)
    wasLaunched = json["OS-SRV-USG:launched_at"]?.text != nil
    isGoing = json["OS-EXT-STS:task_state"]?.text == "deleting" || ["DELETED", "SOFT_DELETED"].contains(status)
    created = json["created"]?.text ?? ""
  }
}

internal struct CloudKeyPair: Sendable, Hashable {
  let name: String
  let publicKey: String
}

internal struct CloudGroup: Sendable, Hashable {
  let id: String
  let name: String
  let description: String
  let tags: [String]
  let rules: [Rule]

  struct Rule: Sendable, Hashable {
    let id: String
    let spec: GroupRule
  }

  init?(_ json: JSONValue) {
    guard let id = json["id"]?.text, let name = json["name"]?.text else { return nil }
    self.id = id
    self.name = name
    description = json["description"]?.text ?? ""
    tags = json["tags"]?.elements.compactMap(\.text) ?? []
    rules = (json["security_group_rules"]?.elements ?? []).compactMap { rule in
      guard let id = rule["id"]?.text, let spec = GroupRule(rule) else { return nil }
      return Rule(id: id, spec: spec)
    }
  }
}

/// Who may come in to which port.
internal struct GroupRule: Sendable, Hashable {
  enum Source: Sendable, Hashable {
    case addresses(String)
    /// Machines of another group, by its id.
    case group(String)
  }

  let port: Int
  let source: Source

  init(port: Int, from source: Source) {
    self.port = port
    self.source = source
  }

  /// nil for what lets nobody in: rules of the way out.
  init?(_ json: JSONValue) {
    guard json["direction"]?.text == "ingress" else { return nil }
    let source = json["remote_group_id"]?.text.map(Source.group)
    let range = json["remote_ip_prefix"]?.text ?? (json["ethertype"]?.text == "IPv6" ? "::/0" : "0.0.0.0/0")
    self.source = source ?? .addresses(range)
    // A rule that is not one of ours in form is one that has to go: its port is none.
    let isOne = json["protocol"]?.text == "tcp" && json["port_range_min"] == json["port_range_max"]
    port = isOne ? json["port_range_min"]?.integer ?? -1 : -1
  }

  func json(in group: String) -> JSONValue {
    var members: [String: JSONValue] = [
      "security_group_id": .text(group), "direction": "ingress", "protocol": "tcp",
      "port_range_min": .integer(port), "port_range_max": .integer(port), "ethertype": "IPv4",
    ]
    switch source {
    case .addresses(let range):
      members["remote_ip_prefix"] = .text(range)
      if range.contains(":") { members["ethertype"] = "IPv6" }
    case .group(let id): members["remote_group_id"] = .text(id)
    }
    return ["security_group_rule": .object(members)]
  }
}

internal struct CloudPort: Sendable, Hashable {
  let id: String
  let name: String
  let description: String
  let device: String
  let address: String
  let groups: [String]
  let network: String
  let tags: [String]

  init?(_ json: JSONValue) {
    guard let id = json["id"]?.text else { return nil }
    self.id = id
    name = json["name"]?.text ?? ""
    description = json["description"]?.text ?? ""
    device = json["device_id"]?.text ?? ""
    address = json["fixed_ips"]?.elements.first?["ip_address"]?.text ?? ""
    groups = json["security_groups"]?.elements.compactMap(\.text) ?? []
    network = json["network_id"]?.text ?? ""
    tags = json["tags"]?.elements.compactMap(\.text) ?? []
  }
}

internal struct CloudFloatingAddress: Sendable, Hashable {
  let id: String
  let address: String
  let port: String?
  let description: String
  let tags: [String]

  init?(_ json: JSONValue) {
    guard let id = json["id"]?.text, let address = json["floating_ip_address"]?.text else { return nil }
    self.id = id
    self.address = address
    port = json["port_id"]?.text
    description = json["description"]?.text ?? ""
    tags = json["tags"]?.elements.compactMap(\.text) ?? []
  }
}
