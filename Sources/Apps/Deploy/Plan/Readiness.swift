/// Waits until what was asked for is there.
internal struct Readiness {
  let session: CloudSession
  let configuration: DeployConfiguration

  private static let interval = 2.0

  /// Asks again and again, until `isDone` or for so long.
  func waitUntil(
    _ what: String, seconds: Double, advice: String = "run the same command again: it goes on",
    _ isDone: () throws(DeployError) -> Bool
  ) throws(DeployError) {
    let start = session.clock.seconds
    while try !isDone() {
      let passed = session.clock.seconds - start
      guard passed < seconds else {
        throw DeployError(.unavailable, "\(what): not within \(Int(seconds)) s", advice: advice)
      }
      session.observer?.waits(for: "\(what): \(Int(passed)) s")
      session.clock.sleep(seconds: Self.interval)
    }
  }

  /// Until a server runs. - Throws: with the cloud's reason where it never will.
  func waitUntilActive(_ role: DeployConfiguration.Role, id: String) throws(DeployError) {
    let purpose = "server \(role.rawValue)"
    try waitUntil(
      "\(purpose) runs", seconds: configuration.waitForServer,
      advice: "look at it in the cloud's pages; run it again to go on waiting"
    ) { () throws(DeployError) in
      guard let server = try session.server(id, purpose: purpose) else {
        throw DeployError(.unavailable, "\(purpose): it is gone while it was made", advice: "run it again")
      }
      switch server.status {
      case "ACTIVE": return true
      case "ERROR":
        throw DeployError(
          .unavailable, "\(purpose): the cloud could not make it: \(server.fault ?? "it gives no reason")",
          advice: "choose another flavor or image, or wait; the next apply makes it anew")
      case "DELETED", "SOFT_DELETED":
        throw DeployError(.unavailable, "\(purpose): somebody removed it meanwhile", advice: "run it again")
      default: return false
      }
    }
  }
}
