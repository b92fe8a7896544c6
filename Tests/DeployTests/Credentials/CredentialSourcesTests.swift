import Deploy
import Testing

@Suite struct CredentialSourcesTests {
  private func credentials(
    _ environment: [String: String], files: [String: String] = [:], cloud: String? = nil, password: String? = nil
  ) throws -> Credentials {
    try CredentialSources(environment: environment) { files[$0] }.credentials(cloud: cloud) { _ in
      password.map { Secret($0) }
    }
  }

  private func message(_ environment: [String: String], files: [String: String] = [:], cloud: String? = nil) -> String {
    do { _ = try credentials(environment, files: files, cloud: cloud) } catch { return "\(error)" }
    return ""
  }

  static let variables = [
    "OS_AUTH_URL": "https://cloud.example.org:5000/v3", "OS_USERNAME": "me", "OS_USER_DOMAIN_NAME": "snic",
    "OS_PROJECT_NAME": "project", "OS_PROJECT_DOMAIN_ID": "d1", "OS_PASSWORD": "pass", "OS_REGION_NAME": "east",
  ]

  private func body(_ credentials: Credentials) -> String { String(decoding: credentials.request.bytes, as: UTF8.self) }

  @Test func variablesOfAnRCFile() throws {
    let credentials = try credentials(Self.variables)
    #expect(
      body(credentials)
        == #"{"auth":{"identity":{"methods":["password"],"password":{"user":{"domain":{"name":"snic"},"name":"me","password":"pass"}}},"scope":{"project":{"domain":{"id":"d1"},"name":"project"}}}}"#
    )
    #expect(credentials.region == "east" && credentials.identityURL == "https://cloud.example.org:5000/v3")
  }

  @Test func addressesLackTheVersionNowAndThen() throws {
    var variables = Self.variables
    variables["OS_AUTH_URL"] = "https://cloud.example.org/identity/"
    #expect(try credentials(variables).identityURL == "https://cloud.example.org/identity/v3")
  }

  @Test func applicationCredentialsHaveNoScope() throws {
    let credentials = try credentials([
      "OS_AUTH_URL": "https://c/v3", "OS_AUTH_TYPE": "v3applicationcredential", "OS_APPLICATION_CREDENTIAL_ID": "i",
      "OS_APPLICATION_CREDENTIAL_SECRET": "s", "OS_PROJECT_NAME": "left over",
    ])
    #expect(
      body(credentials)
        == #"{"auth":{"identity":{"application_credential":{"id":"i","secret":"s"},"methods":["application_credential"]}}}"#
    )
  }

  @Test func aTokenIsScopedToTheProject() throws {
    let credentials = try credentials([
      "OS_AUTH_URL": "https://c/v3", "OS_AUTH_TYPE": "token", "OS_TOKEN": "t", "OS_PROJECT_ID": "p",
    ])
    #expect(
      body(credentials)
        == #"{"auth":{"identity":{"methods":["token"],"token":{"id":"t"}},"scope":{"project":{"id":"p"}}}}"#)
  }

  @Test func aPasswordThatIsNotThereIsAskedFor() throws {
    var variables = Self.variables
    variables["OS_PASSWORD"] = nil
    #expect(body(try credentials(variables, password: "typed")).contains("typed"))
    #expect(message(variables).contains("OS_PASSWORD is missing"))
  }

  static let clouds = """
    clouds:
      lab:
        region_name: east
        auth: {auth_url: "http://127.0.0.1:5000/v3", username: me, project_name: p, user_domain_name: d, project_domain_name: d}
      app:
        auth_type: v3applicationcredential
        auth: {auth_url: "https://c/v3", application_credential_id: i}
      unsafe: {verify: false, auth: {auth_url: "https://c/v3", username: me, password: x, project_id: p}}
    """

  @Test func cloudsAndTheirSecretsInAnotherFile() throws {
    let files = [
      "/home/me/.config/openstack/clouds.yaml": Self.clouds,
      "secure.yaml": "clouds: {lab: {auth: {password: hidden}}, app: {auth: {application_credential_secret: s}}}",
    ]
    let environment = ["HOME": "/home/me", "OS_CLOUD": "lab"]
    #expect(body(try credentials(environment, files: files)).contains(#""password":"hidden""#))
    #expect(body(try credentials(environment, files: files, cloud: "app")).contains(#""secret":"s""#))
    #expect(
      message(environment, files: files, cloud: "lob").hasSuffix("it has no cloud lob: there are: app, lab, unsafe"))
    #expect(message(environment, files: files, cloud: "unsafe").contains("certificates are not to be verified"))
  }

  @Test func theFirstFileWins() throws {
    let files = ["clouds.yaml": "clouds: {other: {}}", "/etc/openstack/clouds.yaml": Self.clouds]
    #expect(message(["OS_CLOUD": "lab"], files: files).hasPrefix("clouds.yaml: it has no cloud lab"))
    let environment = ["OS_CLOUD": "lab", "OS_CLIENT_CONFIG_FILE": "/etc/openstack/clouds.yaml"]
    #expect(body(try credentials(environment, files: files, password: "x")).contains(#""name":"me""#))
  }

  @Test func withoutCredentialsItIsSaidWhereToGetThem() {
    #expect(message([:]).contains("source the RC file"))
    #expect(message(["OS_CLOUD": "lab"]).hasPrefix("clouds.yaml: there is none"))
    #expect(message(["OS_CLOUD": "lab"], files: ["clouds.yaml": "clouds: [secret"]).contains("is no YAML"))
  }

  @Test func secretsAreNotPrinted() throws {
    let credentials = try credentials(Self.variables)
    var text = ""
    dump(credentials, to: &text)
    #expect(!text.contains("pass\"") && !"\(credentials)".contains("\"pass\""))
  }
}
