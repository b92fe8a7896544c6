internal import FoundationEssentials
internal import Yams

/// Where OpenStack's own tools look for credentials, in their order.
public struct CredentialSources {
  let environment: [String: String]
  let readFile: (String) -> String?

  /// - Parameters:
  ///   - environment: the variables of the process.
  ///   - readFile: the text of a file; nil where there is none.
  public init(environment: [String: String], readFile: @escaping (String) -> String?) {
    self.environment = environment
    self.readFile = readFile
  }

  /// - Parameters:
  ///   - cloud: a cloud of clouds.yaml; nil for the one that `OS_CLOUD` names, or for the variables of an RC file.
  ///   - ask: asks a person for the password of a user; returns nil where nobody is there.
  public func credentials(
    cloud: String?, ask: (_ user: String) throws(DeployError) -> Secret?
  ) throws(DeployError) -> Credentials {
    if let cloud = cloud ?? variable("OS_CLOUD") { return try fields(ofCloud: cloud).credentials(ask: ask) }
    guard variable("OS_AUTH_URL") != nil else {
      throw DeployError(
        .usage, "there are no credentials of a cloud",
        advice: "source the RC file of your cloud (. openrc.sh), or set OS_CLOUD to a cloud of clouds.yaml")
    }
    return try fieldsOfVariables.credentials(ask: ask)
  }

  private func variable(_ name: String) -> String? {
    guard let value = environment[name], !value.isEmpty else { return nil }
    return value
  }

  private var fieldsOfVariables: CredentialFields {
    var values: [String: String] = [:]
    for (name, value) in environment where name.hasPrefix("OS_") { values[name.dropFirst(3).lowercased()] = value }
    values["project_name"] = values["project_name"] ?? values["tenant_name"]
    values["project_id"] = values["project_id"] ?? values["tenant_id"]
    values["interface"] = values["interface"] ?? values["endpoint_type"]
    return CredentialFields(values: values, place: "the variables of the RC file") { "OS_\($0.uppercased())" }
  }

  private func fields(ofCloud name: String) throws(DeployError) -> CredentialFields {
    guard let file = first("OS_CLIENT_CONFIG_FILE", "clouds") else {
      throw DeployError(
        .noInput, "clouds.yaml: there is none in this folder, ~/.config/openstack or /etc/openstack",
        advice: "download it from the cloud's pages, or source the RC file")
    }
    let clouds = try Self.clouds(file)
    guard var cloud = clouds[name] else {
      throw DeployError(
        .noInput, "\(file.path): it has no cloud \(shown(name))", advice: "there are: \(listed(clouds.keys.sorted()))")
    }
    if let secure = first("OS_CLIENT_SECURE_FILE", "secure") {
      cloud.merge(try Self.clouds(secure)[name] ?? [:]) { _, secret in secret }
    }
    if let region = variable("OS_REGION_NAME") { cloud["region_name"] = region }
    if let profile = cloud["profile"], cloud["auth_url"] == nil {
      throw DeployError(
        .usage, "\(file.path): the cloud \(shown(name)) has its address from the profile \(shown(profile))",
        advice: "profiles are not read here: write auth_url below auth")
    }
    return CredentialFields(values: cloud, place: "\(file.path), cloud \(shown(name))") { $0 }
  }

  /// The first file of that kind wins; others are not looked at.
  private func first(_ override: String, _ kind: String) -> (path: String, text: String)? {
    let home = environment["HOME"].map { ["\($0)/.config/openstack/"] } ?? []
    let folders = [""] + home + ["/etc/openstack/"]
    let paths =
      (variable(override).map { [$0] } ?? []) + folders.flatMap { ["\($0)\(kind).yaml", "\($0)\(kind).yml"] }
    for path in paths { if let text = readFile(path) { return (path, text) } }
    return nil
  }

  /// Each cloud's fields, those of `auth` among the others: no two of them have one name.
  private static func clouds(_ file: (path: String, text: String)) throws(DeployError) -> [String: [String: String]] {
    let root: Node?
    do { root = try Yams.compose(yaml: file.text) } catch {
      throw DeployError(.badData, "\(file.path): it is no YAML", advice: "correct it (its content is not shown here)")
    }
    guard let clouds = root?.mapping?["clouds"]?.mapping else {
      throw DeployError(.badData, "\(file.path): it has no “clouds”", advice: "download it again")
    }
    var found: [String: [String: String]] = [:]
    for (name, cloud) in clouds {
      var fields: [String: String] = [:]
      for (key, value) in cloud.mapping ?? [:] {
        guard let key = key.string else { continue }
        if key == "auth" {
          for (key, value) in value.mapping ?? [:] {
            if let key = key.string, let text = value.scalar?.string { fields[key] = text }
          }
        } else if key == "regions", let first = value.sequence?.first {
          fields["region_name"] = fields["region_name"] ?? first.scalar?.string ?? first["name"]?.scalar?.string
        } else if let text = value.scalar?.string {
          fields[key] = text
        }
      }
      if let name = name.string { found[name] = fields }
    }
    return found
  }
}
