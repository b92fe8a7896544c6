/// Who asks an OpenStack cloud, where it is, and which of its regions is meant.
public struct Credentials: Sendable {
  /// Something that has a name or an id; an id wins.
  public struct Reference: Sendable, Hashable {
    public var id: String?
    public var name: String?

    public init(id: String? = nil, name: String? = nil) {
      self.id = id
      self.name = name
    }

    internal var isKnown: Bool { id != nil || name != nil }
  }

  public struct User: Sendable, Hashable {
    public var reference: Reference
    public var domain: Reference

    public init(_ reference: Reference, domain: Reference) {
      self.reference = reference
      self.domain = domain
    }
  }

  public enum Proof: Sendable {
    case password(User, Secret)
    /// An application credential by id, or by name with the user whose it is.
    case applicationCredential(Reference, user: User?, Secret)
    case token(Secret)
  }

  public var authURL: String
  public var proof: Proof
  /// What may be worked on; application credentials have it in them.
  public var project: Reference
  public var projectDomain: Reference
  public var region: String?
  public var interface: String
  /// A file of certificates to trust in place of the system's.
  public var certificateAuthority: String?

  public init(
    authURL: String, proof: Proof, project: Reference = Reference(), projectDomain: Reference = Reference(),
    region: String? = nil, interface: String = "public", certificateAuthority: String? = nil
  ) {
    self.authURL = authURL
    self.proof = proof
    self.project = project
    self.projectDomain = projectDomain
    self.region = region
    self.interface = interface
    self.certificateAuthority = certificateAuthority
  }

  /// Where tokens are asked for: what people have lacks the version now and then.
  package var identityURL: String {
    let base = authURL.hasSuffix("/") ? String(authURL.dropLast()) : authURL
    return base.hasSuffix("/v3") ? base : base + "/v3"
  }

  /// For a message: who asks, without what proves it.
  public var description: String {
    switch proof {
    case .password(let user, _): "user \(user.reference.name ?? user.reference.id ?? "?")"
    case .applicationCredential(let reference, _, _):
      "application credential \(reference.name ?? reference.id ?? "?")"
    case .token: "a token"
    }
  }
}

extension Credentials {
  /// The body of Keystone's POST /v3/auth/tokens.
  package var request: JSONValue {
    var identity: [String: JSONValue] = [:]
    switch proof {
    case .password(let user, let password):
      var members = user.json.members
      members["password"] = .text(password.text)
      identity = ["methods": ["password"], "password": ["user": .object(members)]]
    case .applicationCredential(let reference, let user, let secret):
      var members = reference.json.members
      members["secret"] = .text(secret.text)
      if let user { members["user"] = user.json }
      identity = ["methods": ["application_credential"], "application_credential": .object(members)]
      // It is scoped already, and Keystone refuses a scope beside it.
      return ["auth": ["identity": .object(identity)]]
    case .token(let token):
      identity = ["methods": ["token"], "token": ["id": .text(token.text)]]
    }
    var auth: [String: JSONValue] = ["identity": .object(identity)]
    if project.isKnown { auth["scope"] = ["project": scope] }
    return ["auth": .object(auth)]
  }

  private var scope: JSONValue {
    var members = project.json.members
    // The name of a project is one within its domain only; an id is one everywhere.
    if project.id == nil { members["domain"] = projectDomain.json }
    return .object(members)
  }
}

extension Credentials.Reference {
  internal var json: JSONValue {
    if let id { return ["id": .text(id)] }
    return ["name": .text(name ?? "")]
  }
}

extension Credentials.User {
  internal var json: JSONValue {
    var members = reference.json.members
    if reference.id == nil { members["domain"] = domain.json }
    return .object(members)
  }
}
