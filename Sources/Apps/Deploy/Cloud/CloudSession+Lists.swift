internal import HTTPClient

extension CloudSession {
  internal func images() throws(DeployError) -> [NamedThing] {
    try list(.image, "/images", key: "images", query: [("status", "active"), ("limit", "200")], purpose: "the images")
      .compactMap { image in
        guard let id = image["id"]?.text else { return nil }
        return NamedThing(id: id, name: image["name"]?.text ?? id, details: image["created_at"]?.text ?? "")
      }
  }

  /// Flavors with their memory in MiB, the smallest first.
  internal func flavors() throws(DeployError) -> [(thing: NamedThing, memory: Int, disk: Int)] {
    try list(.compute, "/flavors/detail", key: "flavors", purpose: "the flavors").compactMap { flavor in
      guard let id = flavor["id"]?.text, let memory = flavor["ram"]?.integer else { return nil }
      let (disk, cores) = (flavor["disk"]?.integer ?? 0, flavor["vcpus"]?.integer ?? 0)
      let words = "\(cores) \(cores == 1 ? "CPU" : "CPUs"), \(memory) MiB memory, \(disk) GiB disk"
      return (NamedThing(id: id, name: flavor["name"]?.text ?? id, details: words), memory, disk)
    }.sorted { ($0.memory, $0.thing.name) < ($1.memory, $1.thing.name) }
  }

  /// - Parameter external: those that lead outside, or the others.
  internal func networks(external: Bool) throws(DeployError) -> [NamedThing] {
    try list(
      .network, "/networks", key: "networks",
      query: [("router:external", external ? "true" : "false"), ("limit", "500")],
      purpose: "the networks"
    ).compactMap { network in
      guard let id = network["id"]?.text else { return nil }
      return NamedThing(id: id, name: network["name"]?.text ?? id)
    }
  }

  internal func servers() throws(DeployError) -> [CloudServer] {
    try list(.compute, "/servers/detail", key: "servers", query: [("limit", "200")], purpose: "the servers")
      .compactMap(CloudServer.init)
  }

  /// nil where it is gone.
  internal func server(_ id: String, purpose: String) throws(DeployError) -> CloudServer? {
    let answer = try send(CloudCall("GET", .compute, "/servers/\(id)", purpose: purpose), accepting: [404])
    return answer.status == 404 ? nil : answer.json["server"].flatMap(CloudServer.init)
  }

  internal func keyPair(_ name: String) throws(DeployError) -> CloudKeyPair? {
    let answer = try send(
      CloudCall("GET", .compute, "/os-keypairs/\(percentEncoded(name))", purpose: "the key pair \(name)"),
      accepting: [404])
    guard answer.status != 404, let pair = answer.json["keypair"] else { return nil }
    return CloudKeyPair(name: name, publicKey: pair["public_key"]?.text ?? "")
  }

  internal func groups() throws(DeployError) -> [CloudGroup] {
    try list(
      .network, "/security-groups", key: "security_groups", query: [("limit", "500")], purpose: "the security groups"
    ).compactMap(CloudGroup.init)
  }

  internal func ports() throws(DeployError) -> [CloudPort] {
    try list(.network, "/ports", key: "ports", query: [("limit", "500")], purpose: "the ports")
      .compactMap(CloudPort.init)
  }

  internal func floatingAddresses() throws(DeployError) -> [CloudFloatingAddress] {
    try list(.network, "/floatingips", key: "floatingips", query: [("limit", "500")], purpose: "the floating addresses")
      .compactMap(CloudFloatingAddress.init)
  }
}

/// The one that is meant by a name or an id.
/// - Throws: `DeployError` with those that there are.
internal func chosen(_ text: String, of things: [NamedThing], _ kind: String, key: String) throws(DeployError)
  -> NamedThing
{
  if let thing = things.first(where: { $0.id == text }) { return thing }
  let named = things.filter { $0.name == text }
  guard let thing = named.first else {
    throw DeployError(
      .noInput, "\(key): the cloud has no \(kind) \(shown(text))",
      advice: "choose one: \(listed(things.map(\.name).sorted()))")
  }
  guard named.count == 1 else {
    let choices = named.map { $0.details.isEmpty ? $0.id : "\($0.id) (\($0.details))" }
    throw DeployError(
      .usage, "\(key): \(named.count) \(kind)s are called \(shown(text))", advice: "write an id: \(listed(choices))")
  }
  return thing
}
