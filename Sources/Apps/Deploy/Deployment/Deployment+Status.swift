internal import HTTPClient

extension Deployment {
  /// How the machines are.
  public struct Status: Sendable, Encodable {
    public struct Machine: Sendable, Encodable {
      public let name: String
      /// The cloud's word: ACTIVE, BUILD, SHUTOFF, …; “missing” where there is none.
      public let state: String
      /// In the cloud's own network.
      public let address: String?
      public let floatingAddress: String?
      public let flavor: String?
      /// Of the program on the machine; nil where it is not there, or the machine cannot be logged into.
      public let version: String?

      private enum CodingKeys: String, CodingKey {
        case name, state, address, flavor, version
        case floatingAddress = "floating_address"
      }
    }

    public let deployment: String
    public let machines: [Machine]
    /// Where the page is; nil where there is no machine for it.
    public let page: String?
    /// “ok”, what the page says otherwise, or why it does not answer.
    public let health: String
    /// Version of each model by its name.
    public let models: [String: String]

    public var isWell: Bool { health == "ok" && machines.allSatisfy { $0.state == "ACTIVE" } }
  }

  public func status() throws(DeployError) -> Status {
    let found = try Survey(session, configuration)
    var machines: [Status.Machine] = []
    for role in Role.allCases {
      let name = configuration.name(of: role)
      let (server, port) = (found.server(named: name), found.port(named: name))
      machines.append(
        Status.Machine(
          name: role.rawValue, state: server?.status ?? "missing", address: port?.address,
          floatingAddress: found.floatingAddress(at: port)?.address, flavor: server?.flavor,
          version: server?.status == "ACTIVE" ? version(on: role) : nil))
    }
    let address = addresses(found)[.production]
    let page = address.map { "http://\($0.contains(":") ? "[\($0)]" : $0):\(DeployConfiguration.port)/" }
    let (health, models) = page.map(health) ?? ("there is no prod", [:])
    return Status(
      deployment: configuration.deployment, machines: machines, page: page, health: health, models: models)
  }

  private func version(on role: Role) -> String? {
    guard let result = try? ssh.run("learners --version", on: role, deadline: 15), result.status == 0 else {
      return nil
    }
    return result.text.split(whereSeparator: \.isNewline).first.map { shown(String($0)) }
  }

  private func health(of page: String) -> (String, [String: String]) {
    do throws(HTTPError) {
      let response = try exchange.send(HTTPRequest("GET", page + "healthz"))
      guard response.status == 200, let json = JSONValue(parsing: response.body) else {
        return ("the page answers \(response.status)", [:])
      }
      let models = json["models"]?.members.compactMapValues { $0.text.map(shown) } ?? [:]
      return (json["status"]?.text.map(shown) ?? "?", models)
    } catch {
      return ("no page: \(error.reason)", [:])
    }
  }
}
