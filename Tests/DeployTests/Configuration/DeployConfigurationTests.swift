import Deploy
import Testing

@Suite struct DeployConfigurationTests {
  private func message(_ text: String) -> String {
    do { _ = try DeployConfiguration(parsing: text, file: "deploy.yml") } catch { return "\(error)" }
    return ""
  }

  private func description(_ more: String, machines: String = "{prod: {flavor: a}, dev: {flavor: b}}") -> String {
    "deployment: d\nimage: i\nnetwork: n\nmachines: \(machines)\n\(more)"
  }

  @Test func whatIsProposedIsRead() throws {
    let scene = try Scene()
    let session = CloudSession(Scene.credentials, exchange: scene.cloud, clock: scene.time, observer: nil)
    let text = try DeployConfiguration.proposal(for: session, cloud: "a \"cloud\"", deployment: "learners-1")
    let configuration = try DeployConfiguration(parsing: text, file: "deploy.yml")
    #expect(configuration.image == "Ubuntu 22.04" && configuration.network == "Internal")
    #expect(configuration.cloud == "a \"cloud\"" && configuration.externalNetwork == "Public")
    #expect(configuration.machines[.production]?.flavor == "ssc.small")
    #expect(!configuration.hasWorkbench && configuration.wheels == nil && configuration.package == nil)
    #expect(text.contains("ssc.small: 1 CPU, 2048 MiB memory, 20 GiB disk"))
  }

  @Test func aTypingErrorIsNamedWithItsLine() {
    #expect(
      message(description("imge: x")).hasPrefix("deploy.yml:5: imge: there is no such setting: there are: deployment"))
    #expect(message(description("", machines: "{prod: {flavr: a}, dev: {flavor: b}}")).contains("machines.prod.flavr"))
    #expect(message(description("", machines: "{dev: {flavor: b}}")).contains("machines.prod.flavor: it is missing"))
  }

  @Test(arguments: [
    ("web-from: [everywhere]", "everywhere is no range of addresses"), ("ssh-from: [10.0.0.0/33]", "no range"),
    ("user: root", "root is no name"), ("wait: {server: soon}", "soon is not a number"),
    ("wait: 5", "must have settings below it"), ("user: [a]", "it must be one text"),
  ])
  func aWrongValueIsNamed(more: String, words: String) {
    #expect(message(description(more)).contains(words), "\(message(description(more)))")
  }

  @Test func aWorkbenchIsAskedFor() throws {
    let text = description("workbench: yes\nwheels: dist/wheels.tar\npackage: dist/a.whl")
    let configuration = try DeployConfiguration(parsing: text, file: "deploy.yml")
    #expect(configuration.hasWorkbench)
    #expect(configuration.wheels == "dist/wheels.tar" && configuration.package == "dist/a.whl")
  }

  @Test func aFloatingAddressNeedsANetworkOutside() {
    let machines = "{prod: {flavor: a, floating-address: yes}, dev: {flavor: b}}"
    #expect(message(description("", machines: machines)).contains("external-network: it is missing"))
  }

  @Test func whatIsNoYAMLIsSaidToBeNone() {
    #expect(message("a: [").contains("it is no YAML"))
    #expect(message("").contains("it is empty"))
    #expect(message("deployment: d\ndeployment: d") != "")
  }
}
