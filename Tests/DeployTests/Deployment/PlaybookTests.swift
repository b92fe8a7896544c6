import Deploy
import FoundationEssentials
import Testing

/// What the playbook is told.
@Suite struct PlaybookTests {
  private func variables(_ scene: Scene) throws -> JSONValue {
    let text = scene.deployment().inventory("192.168.2.1", productionKey: "ssh-ed25519 KEY")
    let json = text.split(separator: "\n", maxSplits: 1).last ?? ""
    return try #require(JSONValue(parsing: Array(json.utf8))?["all"]?["vars"])
  }

  @Test func productionIsKnownByItsKey() throws {
    let variables = try variables(Scene())
    #expect(variables["learners_production_address"]?.text == "192.168.2.1")
    #expect(variables["learners_production_alias"]?.text == "learners-test-prod")
    #expect(variables["learners_production_host_key"]?.text == "ssh-ed25519 KEY")
  }

  @Test func whatIsNotAskedForIsNotSaid() throws {
    let variables = try variables(Scene())
    #expect(variables["learners_workbench"] == false)
    for name in ["learners_held_out", "learners_package", "learners_wheels"] { #expect(variables[name] == nil) }
  }

  @Test func filesAreNamedWhereverTheToolRuns() throws {
    let scene = try Scene()
    scene.configuration.hasWorkbench = true
    scene.configuration.wheels = "dist/wheels.tar"
    scene.configuration.package = "/tmp/swift_learners.whl"
    let variables = try variables(scene)
    #expect(variables["learners_workbench"] == true)
    #expect(variables["learners_wheels"]?.text == FileManager.default.currentDirectoryPath + "/dist/wheels.tar")
    #expect(variables["learners_package"]?.text == "/tmp/swift_learners.whl")
  }
}
