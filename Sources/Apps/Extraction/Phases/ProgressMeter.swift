internal import Repositories

/// Tells an observer how far a phase is and how long it will go on.
internal struct ProgressMeter {
  private let client: GitHubClient
  private let resource: Resource
  private let unitsPerRequest: Int
  private var progress = ExtractionProgress()
  private let start: (moment: Timestamp, done: Int)
  internal var total: Int?

  internal init(_ client: GitHubClient, _ phase: ExtractionProgress.Phase, done: Int, unitsPerRequest: Int) {
    self.client = client
    self.unitsPerRequest = unitsPerRequest
    resource = phase == .search ? .search : .graphQL
    progress.phase = phase
    progress.done = done
    start = (client.now, done)
  }

  internal mutating func advance(_ count: Int, observer: (any ExtractionObserver)?) {
    progress.done += count
    progress.total = total
    progress.requests = client.requests
    (progress.remaining, progress.reset) = client.limits(resource)
    progress.secondsLeft = secondsLeft
    observer?.progressed(progress)
  }

  /// As fast as it went so far, or, before much is done, as fast as requests may follow each other.
  private var secondsLeft: Double? {
    guard let total else { return nil }
    let left = Double(max(0, total - progress.done))
    let passed = client.now.secondsSince1970 - start.moment.secondsSince1970
    let done = progress.done - start.done
    guard passed > 10, done > 0 else { return left / Double(unitsPerRequest) * client.interval(resource) }
    return left / Double(done) * passed
  }
}
