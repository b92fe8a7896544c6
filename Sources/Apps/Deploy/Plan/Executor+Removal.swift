internal import HTTPClient

extension Executor {
  /// What is gone already is no fault.
  func remove(_ change: Change) throws(DeployError) {
    switch change {
    case .removeServer(let id, let name, _): try removeServer(id, name)
    case .removeFloatingAddress(let id, let address, _):
      try delete(.network, "/floatingips/\(id)", purpose: "floating address \(address)")
    case .removePort(let id, let name, _): try deleteWhenFree("/ports/\(id)", purpose: "port \(name)")
    case .removeGroup(let id, let name, _):
      try deleteWhenFree("/security-groups/\(id)", purpose: "security group \(name)")
    case .removeRule(_, let id, let rule):
      try delete(.network, "/security-group-rules/\(id)", purpose: "rule: \(rule.words)")
    case .removeKeyPair:
      try delete(.compute, "/os-keypairs/\(percentEncoded(configuration.deployment))", purpose: "the key pair")
    default: preconditionFailure("Executor: \(change.text) removes nothing")
    }
  }

  @discardableResult
  private func delete(
    _ service: CloudService, _ path: String, purpose: String, accepting others: Set<Int> = []
  ) throws(DeployError) -> Int {
    try session.send(
      CloudCall("DELETE", service, path, purpose: purpose), accepting: others.union([404])
    ).status
  }

  /// The server's port stays in use until the server is gone, its group until the port is.
  private func deleteWhenFree(_ path: String, purpose: String) throws(DeployError) {
    let readiness = Readiness(session: session, configuration: configuration)
    try readiness.waitUntil("\(purpose) is free", seconds: Self.waitUntilFree) { () throws(DeployError) in
      try delete(.network, path, purpose: purpose, accepting: [409]) != 409
    }
  }

  private static let waitUntilFree = 120.0

  private func removeServer(_ id: String, _ name: String) throws(DeployError) {
    // A server that is being made or removed already may be told so with 409.
    try delete(.compute, "/servers/\(id)", purpose: "server \(name)", accepting: [409])
    let readiness = Readiness(session: session, configuration: configuration)
    try readiness.waitUntil("server \(name) is gone", seconds: configuration.waitForServer) { () throws(DeployError) in
      guard let server = try session.server(id, purpose: "server \(name)") else { return true }
      if !server.isGoing { try delete(.compute, "/servers/\(id)", purpose: "server \(name)", accepting: [409]) }
      return false
    }
  }
}
