/// What variables and clouds.yaml say, in the words of the latter: both become credentials in one way.
internal struct CredentialFields {
  /// `auth_url`, `username`, `user_domain_name`, … and outside of `auth`: `region_name`, `interface`, `cacert`, `verify`,
  /// `auth_type`.
  var values: [String: String]
  /// Where they come from, for messages.
  let place: String
  /// How a field is called there.
  let spelling: @Sendable (String) -> String

  func value(_ name: String) -> String? {
    guard let value = values[name], !value.isEmpty else { return nil }
    return value
  }

  private func needed(_ names: String...) throws(DeployError) -> String {
    for name in names { if let value = value(name) { return value } }
    throw DeployError(
      .usage, "\(place): \(names.map(spelling).joined(separator: " or ")) is missing",
      advice: "source the cloud's RC file again, or complete clouds.yaml")
  }

  private func reference(_ name: String) -> Credentials.Reference {
    Credentials.Reference(id: value("\(name)_id"), name: value("\(name)_name"))
  }

  /// - Parameter ask: asks a person for the password where there is none; nil where nobody is there.
  func credentials(ask: ((_ user: String) throws(DeployError) -> Secret?)) throws(DeployError) -> Credentials {
    let url = try needed("auth_url")
    guard url.lowercased().hasPrefix("https://") || url.lowercased().hasPrefix("http://") else {
      throw DeployError(
        .usage, "\(place): \(spelling("auth_url")) is no http or https address", advice: "correct it")
    }
    if value("verify")?.lowercased() == "false" || value("insecure")?.lowercased() == "true" {
      throw DeployError(
        .usage, "\(place): certificates are not to be verified, but they always are here",
        advice: "name the cloud's certificate authority with \(spelling("cacert")) in place of it")
    }
    var credentials = Credentials(
      authURL: url, proof: try proof(ask), project: reference("project"), projectDomain: domain("project_domain"),
      region: value("region_name"), interface: plainInterface, certificateAuthority: value("cacert"))
    if !credentials.project.isKnown { credentials.project = reference("tenant") }
    if case .applicationCredential = credentials.proof { return credentials }
    guard credentials.project.isKnown else {
      throw DeployError(
        .usage, "\(place): \(spelling("project_name")) or \(spelling("project_id")) is missing",
        advice: "machines are made in a project: name it")
    }
    return credentials
  }

  /// `publicURL` is an old word for `public`.
  private var plainInterface: String {
    let word = value("interface") ?? "public"
    return word.hasSuffix("URL") ? String(word.dropLast(3)) : word
  }

  private func domain(_ name: String) -> Credentials.Reference {
    let found = reference(name)
    if found.isKnown { return found }
    let both = reference("domain")
    return both.isKnown ? both : Credentials.Reference(id: value("default_domain") ?? "default")
  }

  private func proof(_ ask: ((_ user: String) throws(DeployError) -> Secret?)) throws(DeployError) -> Credentials.Proof
  {
    let kind = value("auth_type")?.lowercased() ?? guessedKind
    let user = Credentials.User(
      Credentials.Reference(id: value("user_id"), name: value("username")), domain: domain("user_domain"))
    switch kind {
    case "v3applicationcredential":
      let reference = Credentials.Reference(
        id: value("application_credential_id"), name: value("application_credential_name"))
      guard reference.isKnown else {
        throw DeployError(
          .usage, "\(place): \(spelling("application_credential_id")) is missing", advice: "complete it")
      }
      let secret = Secret(try needed("application_credential_secret"))
      return .applicationCredential(reference, user: reference.id == nil ? user : nil, secret)
    case "token", "v3token": return .token(Secret(try needed("token")))
    case "password", "v3password":
      guard user.reference.isKnown else { return .password(user, Secret(try needed("username", "user_id"))) }
      if let password = value("password") { return .password(user, Secret(password)) }
      if let asked = try ask(user.reference.name ?? user.reference.id ?? "") { return .password(user, asked) }
      return .password(user, Secret(try needed("password")))
    default:
      throw DeployError(
        .usage, "\(place): \(spelling("auth_type")) is \(shown(kind))",
        advice: "password, token and v3applicationcredential are spoken here")
    }
  }

  private var guessedKind: String {
    if value("application_credential_secret") != nil { return "v3applicationcredential" }
    return value("token") != nil && value("password") == nil && value("username") == nil ? "token" : "password"
  }
}
