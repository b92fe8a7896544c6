import Deploy
import Testing

@Suite struct DoorTests {
  private let door = Door(DeliverySettings())

  @Test(arguments: [
    "git-receive-pack 'models.git'", "git-receive-pack '/srv/learners/models.git'", "git-receive-pack models.git",
    "git-receive-pack '~/models.git'",
  ])
  func thePushOfTheRepositoryComesIn(command: String) throws {
    #expect(try door.program(for: command) == "git-receive-pack")
  }

  @Test func soDoesWhoReadsIt() throws {
    #expect(try door.program(for: "git-upload-pack 'models.git'") == "git-upload-pack")
  }

  @Test(arguments: [
    nil, "", "sh", "git-receive-pack", "git-receive-pack '/etc'", "git-receive-pack 'models.git'; sh",
    "git-receive-pack '../models.git'", "git-upload-archive 'models.git'", "scp -t /srv/learners",
    "git-receive-pack 'models.git' '--help'", "git-receive-pack --advertise-refs models.git",
  ])
  func nothingElseDoes(command: String?) {
    #expect(throws: DeployError.self) { try door.program(for: command) }
  }
}
