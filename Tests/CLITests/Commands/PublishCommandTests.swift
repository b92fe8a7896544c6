import Foundation
import TestSupport
import Testing

/// A model goes all the way: the commit, the push, the hook, the release, the page.
@Suite struct PublishCommandTests {
  /// A repository on each side, the hook between, and the page.
  private final class Scene {
    let folder: TemporaryFolder
    private let page: Process
    let port: Int

    init() throws {
      folder = try TemporaryFolder()
      _ = try folder.folder("srv/releases")
      let started = try Program.start(["serve", "--port", "0"], in: folder.url.appending(path: "srv"))
      page = started.process
      var text = ""
      while text.firstMatch(of: /127\.0\.0\.1:(\d+)/) == nil {
        let piece = started.errors.availableData
        guard !piece.isEmpty else { break }
        text += String(decoding: piece, as: UTF8.self)
      }
      // Nobody reads on: what it logs later is lost, and does not stop it.
      port = text.firstMatch(of: /127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) } ?? 0
      try folder.write("held-out.csv", smallTable(rows: 400))
      try folder.write("table.csv", smallTable(rows: 200))
      try folder.write(
        "delivery.yml",
        """
        repository: \(folder.path("models.git"))
        folder: \(folder.path("srv"))
        held-out: \(folder.path("held-out.csv"))
        page: http://127.0.0.1:\(port)
        slowest-prediction: 60
        patience: 120
        """)
      try shell(
        """
        git init --quiet --bare --initial-branch main models.git
        git init --quiet --initial-branch main work
        cd work
        git config user.name test; git config user.email test@test
        git remote add production '\(folder.path("models.git"))'
        printf '#!/bin/sh\\nexec %s receive check --config %s\\n' '\(Program.url.path())' '\(folder.path("delivery.yml"))' > ../models.git/hooks/pre-receive
        chmod +x ../models.git/hooks/pre-receive
        """)
    }

    deinit {
      kill(page.processIdentifier, SIGKILL)
      page.waitUntilExit()
    }

    @discardableResult
    func shell(_ script: String) throws -> String {
      let result = try Program.run(["-ec", script], in: folder.url, program: URL(filePath: "/bin/sh"))
      #expect(result.status == 0, "\(result.errors)")
      return result.output
    }

    func fit(_ model: String, _ out: String) throws {
      let result = try folder.run("fit", "--data", "table.csv", "--model", model, "--cv", "3", "--out", out)
      #expect(result.status == 0, "\(result.errors)")
    }

    func publish(_ model: String) throws -> Program.Result {
      try folder.run("publish", model, "--repository", "work")
    }

    var served: String? { try? FileManager.default.destinationOfSymbolicLink(atPath: folder.path("srv/models")) }
  }

  @Test func goodOnesAreServedAndBadOnesAreNot() throws {
    let scene = try Scene()
    try scene.fit("ridge", "good")
    try scene.fit("mean", "bad")
    let first = try scene.publish("good/best.safetensors")
    #expect(first.status == 0 && first.errors.contains("PUBLISHED"), "\(first.errors)")
    let served = scene.served
    let second = try scene.publish("bad/best.safetensors")
    #expect(second.status == 65 && second.errors.contains("REJECTED: error +"), "\(second.errors)")
    #expect(scene.served == served && served != nil)
    let again = try scene.publish("good/best.safetensors")
    #expect(again.status == 0 && again.errors.contains("is served already"), "\(again.errors)")
  }

  @Test func whatIsNoModelDoesNotLeaveTheMachine() throws {
    let folder = try TemporaryFolder()
    try folder.write("model.safetensors", "pickle")
    let result = try folder.run("publish", "model.safetensors", "--repository", ".")
    #expect(result.status == 65 && result.errors.contains("this is no model to be trusted"))
    #expect(try folder.run("publish", "none.safetensors", "--repository", ".").status == 66)
  }

  @Test func aFolderWithoutTheRemoteIsNamed() throws {
    let folder = try TemporaryFolder()
    try folder.write("table.csv", smallTable(rows: 60))
    #expect(try folder.run("fit", "--data", "table.csv", "--model", "mean", "--out", "m").status == 0)
    let result = try folder.run("publish", "m/best.safetensors", "--repository", ".")
    #expect(result.status == 66 && result.errors.contains("no git repository with a remote production"))
  }

  @Test func theDoorIsForNothingElse() throws {
    let folder = try TemporaryFolder()
    try folder.write("delivery.yml", "folder: \(folder.url.path())\n")
    let arguments = ["receive", "door", "--config", folder.path("delivery.yml")]
    let result = try Program.run(
      arguments, in: folder.url, environment: ["SSH_ORIGINAL_COMMAND": "sh -c id", "PATH": "/usr/bin:/bin"])
    #expect(result.status == 77 && result.errors.contains("this key delivers models and does nothing else"))
  }
}
