/// What there is to be, with names of the cloud's things become ids.
internal struct Wanted: Sendable {
  let configuration: DeployConfiguration
  let publicKey: String
  let image: NamedThing
  let network: NamedThing
  let externalNetwork: NamedThing?
  let flavors: [DeployConfiguration.Role: NamedThing]

  init(_ configuration: DeployConfiguration, publicKey: String, _ session: CloudSession) throws(DeployError) {
    self.configuration = configuration
    self.publicKey = publicKey
    image = try chosen(configuration.image, of: try session.images(), "image", key: "image")
    network = try chosen(configuration.network, of: try session.networks(external: false), "network", key: "network")
    externalNetwork =
      if let name = configuration.externalNetwork {
        try chosen(name, of: try session.networks(external: true), "external network", key: "external-network")
      } else { nil }
    let offered = try session.flavors().map(\.thing)
    var flavors: [DeployConfiguration.Role: NamedThing] = [:]
    for role in DeployConfiguration.Role.allCases {
      let name = configuration.machine(role).flavor
      flavors[role] = try chosen(name, of: offered, "flavor", key: "machines.\(role.rawValue).flavor")
    }
    self.flavors = flavors
  }

  /// Who may come in to a machine; `development` is the group of dev once it is there.
  func rules(for role: DeployConfiguration.Role, development: String?) -> [GroupRule] {
    var rules = configuration.sshFrom.map { GroupRule(port: 22, from: .addresses($0)) }
    guard role == .production else { return rules }
    rules += configuration.webFrom.map { GroupRule(port: DeployConfiguration.port, from: .addresses($0)) }
    // Models are pushed from dev, wherever ssh from outside is allowed from, and so are requests that try them.
    for port in [22, DeployConfiguration.port] {
      rules += development.map { [GroupRule(port: port, from: .group($0))] } ?? []
    }
    return rules
  }
}
