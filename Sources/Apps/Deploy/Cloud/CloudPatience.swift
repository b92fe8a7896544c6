internal import Linalg

/// How long to wait after one more fault of the same call, and when to stop.
internal struct CloudPatience {
  /// Of one call: a cloud that is rolled over to new software is back within minutes.
  static let mostTries = 8

  private var random: RandomStream
  private var failures = 0

  /// - Parameter call: counts calls, so that each has a jitter of its own.
  init(seed: UInt64, call: Int) {
    random = RandomStream(seed: seed, purpose: RandomPurpose("deploy.jitter"), index: UInt64(call))
  }

  /// Seconds: 1, 2, 4, … up to 30, times 0.5 to 1.5, or what the cloud asks for; nil where trying again is of no use.
  mutating func wait(asked seconds: Double? = nil) -> Double? {
    failures += 1
    guard failures < Self.mostTries else { return nil }
    if let seconds { return min(max(seconds, 0), 300) + random.uniform() }
    return min(30, Double(1 << (failures - 1))) * (0.5 + random.uniform())
  }
}
