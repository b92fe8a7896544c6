import Foundation
import TestSupport
import Testing

/// What can be seen of `deploy` without a cloud.
@Suite struct DeployCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func deploy(_ arguments: String..., variables: [String: String] = [:]) throws -> Program.Result {
    var environment = ["HOME": folder.url.path(), "PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
    environment.merge(variables) { _, new in new }
    return try Program.run(["deploy"] + arguments, in: folder.url, environment: environment)
  }

  private static let description = """
    deployment: d
    image: i
    network: n
    machines: {prod: {flavor: f}, dev: {flavor: f}}
    """

  @Test(arguments: ["init", "plan", "apply", "status", "destroy"])
  func everyCommandExplainsItself(command: String) throws {
    let result = try deploy(command, "--help")
    #expect(result.status == 0 && result.output.contains("USAGE: learners deploy \(command)"))
  }

  @Test func withoutADescriptionItIsSaidHowToGetOne() throws {
    let result = try deploy("plan")
    #expect(result.status == 66)
    #expect(result.errors == "learners: deploy.yml: it is not there: make one with learners deploy init\n")
  }

  @Test func withoutCredentialsItIsSaidWhereTheyAre() throws {
    try folder.write("deploy.yml", Self.description)
    for command in ["plan", "apply", "status", "destroy"] {
      let result = try deploy(command)
      #expect(result.status == 64 && result.errors.contains("source the RC file of your cloud"), "\(command)")
    }
    let result = try deploy("init", "--config", "other.yml")
    #expect(result.status == 64 && folder.files() == ["deploy.yml"], "nothing is written")
  }

  @Test func aDescriptionIsNotReplaced() throws {
    try folder.write("deploy.yml", "mine")
    let result = try deploy("init")
    #expect(result.status == 64 && result.errors.contains("--force"))
    #expect(try folder.read("deploy.yml") == Array("mine".utf8))
  }

  @Test func aTypingErrorIsNamedWithItsLine() throws {
    try folder.write("deploy.yml", Self.description + "\nimge: x\n")
    let result = try deploy("plan")
    #expect(result.status == 65 && result.errors.hasPrefix("learners: deploy.yml:5: imge: there is no such setting"))
  }

  @Test func aPasswordIsNotAskedForWithoutATerminal() throws {
    try folder.write("deploy.yml", Self.description)
    let variables = ["OS_AUTH_URL": "http://127.0.0.1:9/v3", "OS_USERNAME": "me", "OS_PROJECT_NAME": "p"]
    // A test may have a terminal; `setsid` takes it away.
    let environment = variables.merging(["HOME": folder.url.path(), "PATH": "/usr/bin:/bin"]) { first, _ in first }
    let result = try Program.run(
      ["setsid", "--wait", Program.url.path(), "deploy", "plan"], in: folder.url,
      program: URL(filePath: "/usr/bin/env"), environment: environment)
    #expect(result.status == 64 && result.errors.contains("OS_PASSWORD is missing"), "\(result.errors)")
  }
}
