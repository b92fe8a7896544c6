import Deploy
import Testing

@Suite struct ApplyTests {
  static let inventory = [
    "servers": ["learners-test-dev", "learners-test-prod"], "ports": ["learners-test-dev", "learners-test-prod"],
    "security-groups": ["learners-test-dev", "learners-test-prod"], "os-keypairs": ["learners-test"],
    "floatingips": ["learners-deploy=learners-test"],
  ]

  @Test func aPlanTellsWhatIsMissingAndChangesNothing() throws {
    let scene = try Scene(floating: true)
    let outlook = try scene.deployment().plan()
    #expect(outlook.found.isEmpty)
    #expect(outlook.changes.contains("+ server prod") && outlook.changes.contains("+ floating address of prod"))
    #expect(outlook.changes.contains("+ rule of prod: port 5100 from 0.0.0.0/0"))
    #expect(!outlook.changes.contains { $0.contains("rule of dev: port 5100") })
    #expect(scene.cloud.isEmpty)
  }

  @Test func aSecondRunHasNothingToDo() throws {
    let scene = try Scene(floating: true)
    try scene.deployment().makeMachines()
    #expect(scene.cloud.inventory == Self.inventory)
    let outlook = try scene.deployment().plan()
    #expect(outlook.isEmpty, "\(outlook.changes)")
    let before = scene.cloud.requests.count
    try scene.deployment().makeMachines()
    #expect(!scene.cloud.requests[before...].contains { $0.hasPrefix("POST") && !$0.hasSuffix("tokens") })
    #expect(scene.cloud.inventory == Self.inventory)
  }

  /// Killed before and after every single request: the next run makes the same machines, and nothing twice.
  @Test(arguments: [false, true])
  func whatWasKilledAnywhereGoesOn(dyingIsDone: Bool) throws {
    let whole = try Scene(floating: true)
    try whole.deployment().makeMachines()
    let count = whole.cloud.requests.count
    #expect(count > 30)
    for life in 0..<count {
      let scene = try Scene(floating: true)
      scene.cloud.change { ($0.life, $0.dyingIsDone) = (life, dyingIsDone) }
      #expect(throws: DeployError.self) { try scene.deployment().makeMachines() }
      scene.cloud.change { $0.life = nil }
      try scene.deployment().makeMachines()
      #expect(scene.cloud.inventory == Self.inventory, "killed after \(life) requests")
      try scene.deployment().destroy()
      #expect(scene.cloud.isEmpty, "killed after \(life) requests")
    }
  }

  @Test(arguments: [false, true])
  func aRemovalThatWasKilledAnywhereGoesOn(dyingIsDone: Bool) throws {
    let whole = try Scene(floating: true)
    try whole.deployment().makeMachines()
    let before = whole.cloud.requests.count
    try whole.deployment().destroy()
    for life in 0..<whole.cloud.requests.count - before {
      let scene = try Scene(floating: true)
      try scene.deployment().makeMachines()
      scene.cloud.change { ($0.life, $0.dyingIsDone) = (life, dyingIsDone) }
      #expect(throws: DeployError.self) { try scene.deployment().destroy() }
      scene.cloud.change { $0.life = nil }
      try scene.deployment().destroy()
      #expect(scene.cloud.isEmpty, "killed after \(life) requests")
    }
  }

  @Test func whatOthersMadeStays() throws {
    let scene = try Scene()
    scene.cloud.change {
      $0.things["servers"] = [("s", ["id": "s", "name": "learners-test-prod", "status": "ACTIVE"])]
      $0.things["security-groups"] = [("g", ["id": "g", "name": "learners-test-prod", "description": "mine"])]
      $0.things["floatingips"] = [("f", ["id": "f", "floating_ip_address": "198.51.100.9"])]
    }
    try scene.deployment().makeMachines()
    #expect(scene.cloud.inventory["servers"]?.count == 3)
    try scene.deployment().destroy()
    #expect(scene.cloud.inventory["servers"] == ["learners-test-prod"])
    #expect(scene.cloud.inventory["security-groups"] == ["learners-test-prod"])
    #expect(scene.cloud.inventory["floatingips"]?.count == 1)
  }

  @Test func rulesThatSomebodyAddedByHandAreTakenAway() throws {
    let scene = try Scene()
    try scene.deployment().makeMachines()
    scene.configuration.webFrom = ["203.0.113.0/24"]
    let outlook = try scene.deployment().plan()
    #expect(
      outlook.changes == [
        "+ rule of prod: port 5100 from 203.0.113.0/24", "- rule of prod: port 5100 from 0.0.0.0/0",
      ])
    try scene.deployment().makeMachines()
    #expect(try scene.deployment().plan().isEmpty)
  }

  @Test func aMachineThatIsShutOffIsStarted() throws {
    let scene = try Scene()
    try scene.deployment().makeMachines()
    scene.cloud.change { state in
      guard var members = state.things["servers"]?[0].value.members else { return }
      members["status"] = "SHUTOFF"
      state.things["servers"]?[0].value = .object(members)
    }
    #expect(try scene.deployment().plan().changes == ["~ server prod: it is shut off, and is started"])
    try scene.deployment().makeMachines()
    #expect(try scene.deployment().plan().isEmpty)
  }
}
