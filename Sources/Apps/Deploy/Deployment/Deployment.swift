public import HTTPClient

/// Two machines from nothing, and back: what `learners deploy` does.
public final class Deployment {
  public typealias Role = DeployConfiguration.Role

  internal let configuration: DeployConfiguration
  internal let keys: KeyFolder
  internal let ssh: SSHConfiguration
  internal let session: CloudSession
  internal let exchange: any HTTPExchange
  internal let clock: any DeployClock
  internal weak let observer: (any DeployObserver)?

  /// - Parameters:
  ///   - exchange: asks the cloud and the page; follows no redirects.
  ///   - home: the user's home folder, where keys and ssh's configuration are.
  public init(
    _ configuration: DeployConfiguration, credentials: Credentials, exchange: any HTTPExchange, home: String,
    clock: any DeployClock = PassingClock(), observer: (any DeployObserver)?
  ) {
    self.configuration = configuration
    self.exchange = exchange
    self.clock = clock
    self.observer = observer
    keys = KeyFolder(configuration, home: home)
    ssh = SSHConfiguration(configuration, keys: keys, home: home)
    session = CloudSession(credentials, exchange: exchange, clock: clock, observer: observer)
  }

  private var executor: Executor {
    Executor(session: session, configuration: configuration) { [configuration, keys] role throws(DeployError) in
      try UserData(role, configuration, keys).encoded
    }
  }

  private func wanted() throws(DeployError) -> Wanted {
    try Wanted(configuration, publicKey: try keys.publicKey, session)
  }

  // MARK: What is told before it is done

  /// What a run would do.
  public struct Outlook: Sendable {
    /// One a line, with the sign of its kind before it: + - ~.
    public let changes: [String]
    public let notes: [String]
    public var isEmpty: Bool { changes.isEmpty }
    /// What the run found, by name.
    public let found: [String]
  }

  public func plan() throws(DeployError) -> Outlook {
    try keys.mendHostKeys()
    let wanted = try wanted()
    let found = try Survey(session, configuration)
    let plan = try Plan(wanted, found)
    // The least that may be wrong with them is found before anything is made.
    for role in Role.allCases { _ = try UserData(role, configuration, keys).encoded }
    return Outlook(
      changes: plan.changes.map { "\($0.kind.rawValue) \($0.text)" }, notes: plan.notes, found: found.words)
  }

  public func removal() throws(DeployError) -> Outlook {
    let found = try Survey(session, configuration)
    return Outlook(changes: Plan.removal(of: found).map { "- \($0.text)" }, notes: [], found: found.words)
  }

  // MARK: Doing it

  /// Makes the machines and waits until they can be worked on.
  public func apply() throws(DeployError) {
    try checkFiles()
    try timed("the cloud has what deploy.yml says") { () throws(DeployError) in try makeMachines() }
    let found = try Survey(session, configuration)
    try timed("ssh knows prod and dev, and their host keys") { () throws(DeployError) in
      try ssh.write(addresses(found), servers: servers(found))
    }
    for role in Role.allCases {
      try timed("\(role.rawValue) is booted, and logged into") { () throws(DeployError) in
        try FirstLogin(ssh, configuration, clock: clock, observer: observer).wait(for: role)
      }
    }
    for role in Role.allCases where !keys.hasOwnKey(role, of: servers(found)[role]) {
      try timed("\(role.rawValue) has a host key of its own") { () throws(DeployError) in
        let change = HostKeyChange(keys, servers: servers(found), clock: clock) { command, role throws(DeployError) in
          try self.ssh.run(command, on: role, deadline: 60)
        }
        _ = try change.change(role)
      }
    }
    guard configuration.release != nil else {
      observer?.notes("note: the machines are bare: name an archive of make dist with release: in deploy.yml")
      return
    }
    try timed("both are configured") { () throws(DeployError) in try configure() }
  }

  /// The part that needs nothing but the cloud's interface.
  package func makeMachines() throws(DeployError) {
    let found = try executor.apply(try wanted())
    let readiness = Readiness(session: session, configuration: configuration)
    for role in Role.allCases {
      guard let server = found.server(named: configuration.name(of: role)) else { continue }
      try readiness.waitUntilActive(role, id: server.id)
    }
  }

  /// Removes what has the deployment's mark, and what was written for ssh. The key of login stays; hosts that are made later get
  /// other keys.
  public func destroy() throws(DeployError) {
    try executor.destroy()
    ssh.remove()
    try keys.renewHostKeys()
  }

  private func timed(_ what: String, _ body: () throws(DeployError) -> Void) throws(DeployError) {
    let start = clock.seconds
    try body()
    let tenths = ((clock.seconds - start) * 10).rounded() / 10
    observer?.notes("= \(what) (\(tenths) s)")
  }

  /// Where each machine is reached from here.
  internal func addresses(_ found: Survey) -> [Role: String] {
    var addresses: [Role: String] = [:]
    for role in Role.allCases {
      let port = found.port(named: configuration.name(of: role))
      addresses[role] = found.floatingAddress(at: port)?.address ?? port?.address
    }
    return addresses
  }
}

extension Deployment {
  /// Ids of the servers.
  internal func servers(_ found: Survey) -> [Role: String] {
    var servers: [Role: String] = [:]
    for role in Role.allCases { servers[role] = found.server(named: configuration.name(of: role))?.id }
    return servers
  }
}

extension Survey {
  /// What there is, for a person.
  internal var words: [String] {
    var words: [String] = []
    if keyPair != nil { words.append("the key pair") }
    words += groups.map { "security group \($0.name) with \($0.rules.count) rules" }
    words += ports.map { "port \($0.name), \($0.address)" }
    words += servers.map { "server \($0.name), \($0.status)" }
    words += floatingAddresses.map { "floating address \($0.address)" }
    return words
  }
}
