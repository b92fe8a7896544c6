import Deploy
import HTTPClient
import Testing

/// The same faults as in memory, over the wire: with the program's own client, its deadlines and its reading of answers.
@Suite struct WireTests {
  private func deployment(_ scene: Scene, _ server: CloudServer) throws -> Deployment {
    var credentials = Scene.credentials
    credentials.authURL = "\(server.url)/identity"
    return Deployment(
      scene.configuration, credentials: credentials, exchange: try server.client(), home: scene.home, clock: scene.time,
      observer: scene.recorder)
  }

  private func error(_ body: () throws -> Void) -> DeployError? {
    do { try body() } catch { return error as? DeployError }
    return nil
  }

  /// Makes the machines in spite of what is done to the cloud, and looks that nothing is there twice.
  private func expectMachines(
    loss: CloudServer.Loss = .silence, sourceLocation: SourceLocation = #_sourceLocation,
    after spoil: (FakeCloud) -> Void
  ) throws -> Scene {
    let scene = try Scene(floating: true)
    let server = try CloudServer(scene.cloud, loss: loss)
    spoil(scene.cloud)
    try deployment(scene, server).makeMachines()
    #expect(scene.cloud.inventory == ApplyTests.inventory, sourceLocation: sourceLocation)
    #expect(try deployment(scene, server).plan().isEmpty, sourceLocation: sourceLocation)
    try server.stop()
    return scene
  }

  private func expectFailure(
    _ code: DeployError.Code, _ words: String, sourceLocation: SourceLocation = #_sourceLocation,
    after spoil: (FakeCloud) -> Void
  ) throws {
    let scene = try Scene()
    let server = try CloudServer(scene.cloud)
    spoil(scene.cloud)
    let error = error { try deployment(scene, server).makeMachines() }
    #expect(error?.code == code, sourceLocation: sourceLocation)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")", sourceLocation: sourceLocation)
    try server.stop()
  }

  @Test func machinesAreMadeAndRemoved() throws {
    let scene = try expectMachines { _ in }
    let server = try CloudServer(scene.cloud)
    try deployment(scene, server).destroy()
    #expect(scene.cloud.isEmpty)
  }

  @Test func aTokenThatEndsInMidRunIsRenewed() throws {
    let scene = try expectMachines { $0.change { $0.tokenLife = 5 } }
    #expect(scene.cloud.tokens > 3)
  }

  @Test(arguments: [CloudServer.Loss.silence, .cut])
  func postsThatWorkedWithoutAnAnswerMakeNothingTwice(loss: CloudServer.Loss) throws {
    _ = try expectMachines(loss: loss) { cloud in
      for kind in ["/servers", "/ports", "/security-groups", "/floatingips", "/os-keypairs"] {
        cloud.spoil("POST", kind, .lostAnswer)
      }
    }
  }

  @Test func whatPassesIsWaitedFor() throws {
    let scene = try expectMachines { cloud in
      for status in [500, 503] {
        cloud.spoil("GET", "/servers/detail", .status(status, "<html>busy</html>"))
        cloud.spoil("POST", "/servers", .status(status, "{}"))
      }
      cloud.spoil("GET", "/ports", .status(429, "{}", retryAfter: "33"))
    }
    #expect(scene.time.seconds > 33, "the cloud's wish to wait is heard")
  }

  @Test func whatIsThereAlreadyIsFound() throws {
    _ = try expectMachines { cloud in
      for kind in ["/os-keypairs", "/servers", "/security-group-rules"] {
        cloud.spoil("POST", kind, .doneAndRefused(409, #"{"conflictingRequest": {"message": "it is there"}}"#))
      }
    }
  }

  @Test func aConflictWithSomethingElseIsToldAsTheCloudTellsIt() throws {
    try expectFailure(.unavailable, "No more IP addresses available on network") {
      $0.spoil(
        "POST", "/ports",
        .status(409, #"{"NeutronError": {"message": "No more IP addresses available on network net."}}"#))
    }
  }

  @Test func quotasAreToldAsQuotas() throws {
    try expectFailure(.unavailable, "the project's quota is used up") {
      $0.spoil("POST", "/servers", .status(403, #"{"forbidden": {"message": "Quota exceeded for instances"}}"#))
    }
    try expectFailure(.unavailable, "the project's quota is used up") {
      $0.spoil("POST", "/ports", .status(409, #"{"NeutronError": {"message": "Quota exceeded for resources: port"}}"#))
    }
  }

  @Test func aServerInErrorSaysWhyInTheCloudsWords() throws {
    try expectFailure(.unavailable, "No valid host was found.") {
      $0.change { $0.serverFault = "No valid host was found." }
    }
  }

  @Test func aSlowServerIsWaitedForUntilTheTimeIsOver() throws {
    _ = try expectMachines { $0.change { $0.slowness = 40 } }
    try expectFailure(.unavailable, "not within 600 s") { $0.change { $0.slowness = 1_000 } }
  }

  @Test func imagesThatAreGoneOrDoubtfulAreQuestions() throws {
    try expectFailure(.noInput, "choose one: Debian 12") { $0.change { $0.images.removeFirst() } }
    try expectFailure(.usage, "image-1 (2024-01-15), image-3 (2024-03-01)") {
      $0.change { $0.images.append(["id": "image-3", "name": "Ubuntu 22.04", "created_at": "2024-03-01"]) }
    }
  }

  @Test func aCloudThatIsNotThereIsSaidToBe() throws {
    let scene = try Scene()
    let server = try CloudServer(scene.cloud)
    let deployment = try deployment(scene, server)
    try server.stop()
    let error = error { _ = try deployment.plan() }
    #expect(error?.code == .unavailable && error?.advice.contains("it goes on") == true)
  }
}
