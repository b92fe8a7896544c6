import Deploy
import Testing

/// What goes wrong in clouds, and what comes of it.
@Suite struct FaultTests {
  private func error(_ body: () throws -> Void) -> DeployError? {
    do { try body() } catch { return error as? DeployError }
    return nil
  }

  @Test func aTokenThatIsNotKnownAnyMoreIsRenewed() throws {
    let scene = try Scene(floating: true)
    scene.cloud.change { $0.tokenLife = 7 }
    try scene.deployment().makeMachines()
    #expect(scene.cloud.inventory == ApplyTests.inventory)
    #expect(scene.cloud.tokens > 3)
  }

  @Test func aWrongPasswordIsSaidToBeOneAndNotShown() throws {
    let scene = try Scene()
    var credentials = Scene.credentials
    credentials.proof = .password(.init(.init(name: "me"), domain: .init(name: "snic")), Secret("wrong-password"))
    let error = error { _ = try scene.deployment(credentials).plan() }
    #expect(error?.code == .noPermission)
    #expect(error?.description.contains("Invalid user name or password") == true)
    #expect(error?.description.contains("wrong-password") == false)
    #expect(scene.cloud.requests.count == 1, "a wrong password is not tried again: accounts are locked that way")
  }

  @Test(arguments: ["servers", "ports", "security-groups", "floatingips", "os-keypairs", "security-group-rules"])
  func anAnswerThatIsLostDoesNotMakeTwo(kind: String) throws {
    let scene = try Scene(floating: true)
    scene.cloud.spoil("POST", kind, .lostAnswer)
    try scene.deployment().makeMachines()
    #expect(scene.cloud.inventory == ApplyTests.inventory)
    #expect(try scene.deployment().plan().isEmpty)
  }

  @Test(arguments: ["servers", "ports", "security-groups", "floatingips", "os-keypairs"])
  func aRequestThatIsLostIsRepeated(kind: String) throws {
    let scene = try Scene(floating: true)
    scene.cloud.spoil("POST", kind, .lostRequest)
    try scene.deployment().makeMachines()
    #expect(scene.cloud.inventory == ApplyTests.inventory)
  }

  @Test(arguments: [500, 502, 503, 504, 429])
  func aFaultThatPassesIsWaitedFor(status: Int) throws {
    let scene = try Scene(floating: true)
    for kind in ["servers", "ports", "security-groups"] {
      for method in ["GET", "POST"] { scene.cloud.spoil(method, kind, .status(status, "{}"), times: 2) }
    }
    try scene.deployment().makeMachines()
    #expect(scene.cloud.inventory == ApplyTests.inventory)
  }

  @Test func theCloudsWishToWaitIsHeard() throws {
    let scene = try Scene()
    scene.cloud.spoil("GET", "images", .status(429, "{}", retryAfter: "77"))
    _ = try scene.deployment().plan()
    #expect(scene.time.seconds >= 77 && scene.time.seconds < 90)
  }

  @Test func aFaultThatDoesNotPassEnds() throws {
    let scene = try Scene()
    scene.cloud.spoil("GET", "images", .status(503, #"{"message": "maintenance"}"#), times: 1000)
    let error = error { _ = try scene.deployment().plan() }
    #expect(error?.code == .unavailable)
    #expect(error?.description.contains("maintenance") == true)
  }

  @Test func aQuotaIsSaidToBeOne() throws {
    let scene = try Scene()
    let body =
      #"{"forbidden": {"code": 403, "message": "Quota exceeded for cores: Requested 4, but already used 18 of 20 cores"}}"#
    scene.cloud.spoil("POST", "servers", .status(403, body))
    let error = error { try scene.deployment().makeMachines() }
    #expect(error?.code == .unavailable)
    #expect(error?.description.contains("18 of 20 cores: the project's quota is used up") == true)
    try scene.deployment().makeMachines()
    #expect(scene.cloud.inventory["servers"]?.count == 2)
  }

  @Test func aRefusalIsNotAQuota() throws {
    let scene = try Scene()
    scene.cloud.spoil("POST", "security-groups", .status(403, #"{"NeutronError": {"message": "rule:create"}}"#))
    #expect(error { try scene.deployment().makeMachines() }?.code == .noPermission)
  }

  @Test func aServerThatNeverRanIsMadeAnew() throws {
    let scene = try Scene()
    scene.cloud.change { $0.serverFault = "No valid host was found." }
    let error = error { try scene.deployment().makeMachines() }
    #expect(error?.description.contains("No valid host was found.") == true)
    scene.cloud.change { $0.serverFault = nil }
    #expect(
      try scene.deployment().plan().changes.first == "- server prod: it never ran: No valid host was found.")
    try scene.deployment().makeMachines()
    #expect(scene.cloud.inventory["servers"] == ["learners-test-dev", "learners-test-prod"])
  }

  @Test func aServerThatRanIsNotThrownAway() throws {
    let scene = try Scene()
    try scene.deployment().makeMachines()
    scene.cloud.change { state in
      for index in state.things["servers"]?.indices ?? 0..<0 {
        var members = state.things["servers"]?[index].value.members ?? [:]
        members["status"] = "ERROR"
        state.things["servers"]?[index].value = .object(members)
      }
    }
    #expect(error { _ = try scene.deployment().plan() }?.description.contains("it ran before") == true)
    #expect(scene.cloud.inventory["servers"]?.count == 2)
  }

  @Test func aSlowServerIsWaitedFor() throws {
    let scene = try Scene()
    scene.cloud.change { $0.slowness = 100 }
    try scene.deployment().makeMachines()
    #expect(scene.time.seconds > 100)
  }

  @Test func aServerThatIsTooSlowIsAnErrorThatGoesOnLater() throws {
    let scene = try Scene()
    scene.cloud.change { $0.slowness = 1_000 }
    #expect(error { try scene.deployment().makeMachines() }?.description.contains("not within 600 s") == true)
    scene.cloud.change { $0.slowness = 1 }
    try scene.deployment().makeMachines()
    #expect(scene.cloud.inventory["servers"]?.count == 2)
  }

  @Test func anImageThatIsGoneIsAnsweredWithThoseThereAre() throws {
    let scene = try Scene()
    scene.cloud.change { $0.images.removeFirst() }
    let error = error { _ = try scene.deployment().plan() }
    #expect(error?.code == .noInput)
    #expect(error?.description == "image: the cloud has no image Ubuntu 22.04: choose one: Debian 12")
  }

  @Test func twoImagesOfOneNameAreAQuestion() throws {
    let scene = try Scene()
    scene.cloud.change { $0.images.append(["id": "image-3", "name": "Ubuntu 22.04", "created_at": "2024-03-01"]) }
    let error = error { _ = try scene.deployment().plan() }
    #expect(error?.code == .usage)
    #expect(error?.description.contains("image-1 (2024-01-15), image-3 (2024-03-01)") == true)
    scene.configuration.image = "image-3"
    _ = try scene.deployment().plan()
  }

  @Test func listsAreReadPageByPage() throws {
    let scene = try Scene(floating: true)
    scene.cloud.change { $0.pageSize = 1 }
    try scene.deployment().makeMachines()
    #expect(scene.cloud.inventory == ApplyTests.inventory)
    #expect(try scene.deployment().plan().isEmpty)
  }

  @Test func aRegionThatIsNotThereIsAnsweredWithThoseThereAre() throws {
    let scene = try Scene()
    var credentials = Scene.credentials
    credentials.region = "west"
    let error = error { _ = try scene.deployment(credentials).plan() }
    #expect(error?.description == "region west: the cloud has no such region: there are: east")
  }
}
