/// What of a deployment is in the cloud now: found by its mark, never remembered.
internal struct Survey: Sendable, Hashable {
  var keyPair: CloudKeyPair?
  var groups: [CloudGroup] = []
  var ports: [CloudPort] = []
  var servers: [CloudServer] = []
  var floatingAddresses: [CloudFloatingAddress] = []

  init() {}

  init(_ session: CloudSession, _ configuration: DeployConfiguration) throws(DeployError) {
    let mark = configuration.mark
    keyPair = try session.keyPair(configuration.deployment)
    groups = try session.groups().filter { $0.description == mark || $0.tags.contains(mark) }
    ports = try session.ports().filter { $0.description == mark || $0.tags.contains(mark) }
    servers = try session.servers().filter { $0.metadata["learners-deploy"] == configuration.deployment }
    floatingAddresses = try session.floatingAddresses().filter { $0.description == mark || $0.tags.contains(mark) }
  }

  /// The oldest of a name: others of it are too many.
  func group(named name: String) -> CloudGroup? { groups.filter { $0.name == name }.min { $0.id < $1.id } }

  /// The one that a server has, before those that none has.
  func port(named name: String) -> CloudPort? {
    ports.filter { $0.name == name }.min { ($0.device.isEmpty ? 1 : 0, $0.id) < ($1.device.isEmpty ? 1 : 0, $1.id) }
  }

  func server(named name: String) -> CloudServer? {
    servers.filter { $0.name == name && !$0.isGoing }
      .min { ($0.status == "ERROR" ? 1 : 0, $0.created, $0.id) < ($1.status == "ERROR" ? 1 : 0, $1.created, $1.id) }
  }

  func floatingAddress(at port: CloudPort?) -> CloudFloatingAddress? {
    guard let port else { return nil }
    return floatingAddresses.first { $0.port == port.id }
  }

  var isEmpty: Bool {
    keyPair == nil && groups.isEmpty && ports.isEmpty && servers.isEmpty && floatingAddresses.isEmpty
  }
}
