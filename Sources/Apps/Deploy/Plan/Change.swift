/// One step from what there is to what there is to be.
internal enum Change: Sendable, Hashable {
  typealias Role = DeployConfiguration.Role

  case makeKeyPair
  case removeKeyPair(reason: String)
  case makeGroup(Role)
  case addRule(Role, group: String, GroupRule)
  case removeRule(Role, id: String, GroupRule)
  case makePort(Role)
  case setGroup(Role, port: String, group: String)
  case makeServer(Role)
  case startServer(Role, id: String)
  case makeFloatingAddress(Role, port: String?)
  case removeFloatingAddress(id: String, address: String, reason: String)
  case removeServer(id: String, name: String, reason: String)
  case removePort(id: String, name: String, reason: String)
  case removeGroup(id: String, name: String, reason: String)

  enum Kind: String { case make = "+", change = "~", remove = "-" }

  var kind: Kind {
    switch self {
    case .makeKeyPair, .makeGroup, .addRule, .makePort, .makeServer, .makeFloatingAddress: .make
    case .setGroup, .startServer: .change
    case .removeKeyPair, .removeRule, .removeFloatingAddress, .removeServer, .removePort, .removeGroup: .remove
    }
  }

  /// For a person, without the sign of its kind.
  var text: String {
    switch self {
    case .makeKeyPair: "key pair: the public key is given to the cloud"
    case .removeKeyPair(let reason): "key pair: \(reason)"
    case .makeGroup(let role): "security group of \(role.rawValue)"
    case .addRule(let role, _, let rule): "rule of \(role.rawValue): \(rule.words)"
    case .removeRule(let role, _, let rule): "rule of \(role.rawValue): \(rule.words)"
    case .makePort(let role): "port of \(role.rawValue): its address in the network"
    case .setGroup(let role, _, _): "port of \(role.rawValue): gets the security group of \(role.rawValue) alone"
    case .makeServer(let role): "server \(role.rawValue)"
    case .startServer(let role, _): "server \(role.rawValue): it is shut off, and is started"
    case .makeFloatingAddress(let role, _): "floating address of \(role.rawValue)"
    case .removeFloatingAddress(_, let address, let reason): "floating address \(address): \(reason)"
    case .removeServer(_, let name, let reason): "server \(name): \(reason)"
    case .removePort(_, let name, let reason): "port \(name): \(reason)"
    case .removeGroup(_, let name, let reason): "security group \(name): \(reason)"
    }
  }
}

extension GroupRule {
  internal var words: String {
    let from = if case .addresses(let range) = source { range } else { "dev" }
    return port < 0 ? "something that is not in deploy.yml, from \(from)" : "port \(port) from \(from)"
  }
}
