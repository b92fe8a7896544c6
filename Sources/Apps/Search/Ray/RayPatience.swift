/// How long a cluster may leave units alone, and what is said meanwhile.
struct RayPatience {
  /// Why no unit is being done.
  enum Hold: String {
    case starting = "Ray has not started the job yet"
    case busy = "no processor of the cluster is free, or its nodes do not have the package yet"
    case noProcessor = "the cluster has no processor for a unit"
  }

  let limit: Duration
  let tell: (String) -> Void
  private var hold: Hold?
  private var heldSince: ContinuousClock.Instant?
  private var silentSince: ContinuousClock.Instant?
  private var silence: SearchError?
  private var isTold = false
  private var failure: SearchError?

  private static let quiet = Duration.seconds(15)

  init(limit: Duration, tell: @escaping (String) -> Void) {
    self.limit = limit
    self.tell = tell
  }

  /// Nothing goes on, for this reason; nil: something does.
  mutating func hold(_ reason: Hold?) {
    hold = reason
    if reason == nil {
      heldSince = nil
      isTold = false
    } else if heldSince == nil {
      heldSince = .now
    }
  }

  mutating func answered() {
    if silentSince != nil { tell("note: Ray answers again") }
    (silentSince, silence) = (nil, nil)
  }

  /// - Throws: what is wrong, when it has been so for too long.
  mutating func failed(_ error: SearchError) throws(SearchError) {
    if silentSince == nil {
      tell("warning: \(error.what): trying again for \(limit.words)")
      silentSince = .now
    }
    if let since = silentSince, ContinuousClock.now - since > limit {
      throw SearchError(.unavailable, error.what, advice: Self.advice(error.advice))
    }
  }

  /// What no patience helps against: thrown when what came of the job is kept.
  mutating func fail(_ what: String, _ place: String) {
    failure = SearchError(
      .unavailable, "\(place): \(what)", advice: Self.advice("see what the cluster's dashboard says"))
  }

  mutating func check() throws(SearchError) {
    if let failure { throw failure }
    guard let hold, let since = heldSince else { return }
    let held = ContinuousClock.now - since
    if held > limit {
      throw SearchError(
        .unavailable, "\(hold.rawValue) for \(limit.words) (--ray-wait)",
        advice: Self.advice("add nodes, use fewer --threads, or wait longer"))
    }
    if held > Self.quiet, !isTold {
      tell("warning: \(hold.rawValue): waiting for \(limit.words) (--ray-wait)")
      isTold = true
    }
  }

  private static func advice(_ text: String) -> String {
    "\(text); what is done is kept: run the same command again, with this cluster, another one or without --ray"
  }
}

extension Duration {
  /// "90 s", "10 min".
  fileprivate var words: String {
    let seconds = Int(self.seconds.rounded())
    return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds) s"
  }
}
