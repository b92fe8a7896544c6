internal import Glibc

/// A Ray cluster as somebody who does units: a job is begun with those that are given, further ones are brought to it, and its log
/// brings the results.
///
/// The cluster is believed nothing but results: what becomes of a node, a job or all of it, units without a result are given back.
package final class RayWorkers: Workers {
  private typealias Given = (key: String, unit: WorkUnit)

  private let cluster: RayCluster
  private let jobs: JobsClient
  private let package: ShippedPackage
  private var leftovers: RayLeftovers
  private let tell: (String) -> Void
  /// Bytes that the result of a setting may take in a log.
  private let resultSize: Int
  /// Units that the job has.
  private var given: [Given] = []
  /// Units that are to be brought to it.
  private var fresh: [Given] = []
  private var job: RunningJob?
  private var patience: RayPatience
  /// Jobs and units in a row without a result.
  private var fruitless = (jobs: 0, units: 0)
  /// Jobs of which nothing is wanted any more.
  private var finished: [String] = []

  private struct RunningJob {
    let id: String
    /// Packages of further units.
    var fed = 0
    /// Bytes of its log that are read.
    var read = 0
    var hasAnswered = false
  }

  /// Units that a cluster has at a time.
  private static let mostUnits = 2000
  /// A job whose log becomes longer makes room for another one: the log is read as a whole again and again.
  private static let longestLog = 64 << 20
  private static let mostFruitless = (jobs: 3, units: 20)

  /// - Parameters:
  ///   - store: the path of the store that results go to.
  ///   - tell: says something to the user.
  package init(
    _ cluster: RayCluster, _ jobs: JobsClient, package: ShippedPackage, store: String, resultSize: Int,
    tell: @escaping (String) -> Void
  ) {
    self.cluster = cluster
    self.jobs = jobs
    self.package = package
    self.resultSize = resultSize
    self.tell = tell
    leftovers = RayLeftovers(package: package.hash, store: store)
    patience = RayPatience(limit: cluster.patience, tell: tell)
    tell("note: Ray \(jobs.version) at \(jobs.address)")
    if !jobs.isGuarded { tell("warning: it asks for no token: whoever reaches it runs programs there") }
  }

  package var hasRoom: Bool {
    guard running > 0 else { return true }
    let settings = (given + fresh).reduce(0) { $0 + $1.unit.settings.count }
    return running < Self.mostUnits && (job?.read ?? 0) + settings * resultSize < Self.longestLog
  }

  package var running: Int { given.count + fresh.count }

  package func give(_ unit: WorkUnit) { fresh.append((ShippedPackage.key(of: unit), unit)) }

  package func wait(_ limit: Duration) throws(SearchError) -> [WorkerEvent] {
    let end = ContinuousClock.now + limit
    while true {
      let start = ContinuousClock.now
      var events: [WorkerEvent] = []
      do {
        events = try attempt()
        patience.answered()
      } catch {
        guard error.code == .unavailable else { throw error }
        try patience.failed(error)
      }
      if !events.isEmpty { return events }
      try patience.check()
      // A log that takes long to read is read less often.
      let pause: Duration = max(.milliseconds(300), (ContinuousClock.now - start) * 4.0)
      let left: Duration = end - ContinuousClock.now
      guard left > .zero else { return [] }
      usleep(UInt32(min(pause, left, .seconds(20)).seconds * 1e6))
    }
  }

  /// Ends what runs on the cluster. Results that are not fetched stay there for the next run.
  package func end() {
    cluster.stop()
    cluster.note(nil, jobs)
    if given.isEmpty { finished += [job?.id].compactMap(\.self) }
    (job, given, fresh) = (nil, [], [])
    // A job takes a moment to end.
    for _ in 0..<10 where !finished.isEmpty {
      guard (try? tidy()) != nil else { return }
      if !finished.isEmpty { usleep(200_000) }
    }
  }

  // MARK: A job

  private func attempt() throws(SearchError) -> [WorkerEvent] {
    if let job, given.isEmpty, job.read >= Self.longestLog {
      try jobs.stop(job.id)
      drop()
    }
    guard job != nil else { return try begin() }
    if !fresh.isEmpty { try bring() }
    return try look()
  }

  private func begin() throws(SearchError) -> [WorkerEvent] {
    guard !fresh.isEmpty else { return [] }
    try tidy()
    let known = try leftovers.answers(to: &fresh, of: jobs, tell)
    guard known.isEmpty else { return known.map { .result($0) } }
    if try !jobs.has(package: package.name) {
      let bytes = try package.archive()
      tell("note: handing the program and the data to Ray, \(bytes.count >> 20) MB")
      try jobs.upload(bytes, as: package.name)
    }
    let id = leftovers.newName()
    try jobs.upload(ShippedPackage.archive(of: fresh), as: "\(id)_0.zip")
    cluster.note(id, jobs)
    do throws(SearchError) {
      try jobs.submit(
        id, cluster.entrypoint(package.command, job: id), packages: (package.name, "\(id)_0.zip"),
        metadata: leftovers.metadata)
    } catch {
      // It may have been begun all the same.
      finished.append(id)
      throw error
    }
    job = RunningJob(id: id)
    (given, fresh) = (fresh, [])
    patience.hold(nil)
    return []
  }

  /// Brings further units to the job.
  private func bring() throws(SearchError) {
    guard var running = job else { return }
    running.fed += 1
    try jobs.upload(ShippedPackage.lines(fresh), as: "\(running.id)_\(running.fed).zip")
    job = running
    given += fresh
    fresh = []
  }

  /// Looks what has come of the job.
  private func look() throws(SearchError) -> [WorkerEvent] {
    guard var running = job else { return [] }
    // In this order: when it is over all that it had to say is in the log.
    guard let state = try jobs.job(running.id), let log = try jobs.log(running.id) else {
      return over([], because: "the cluster does not know it any more")
    }
    let (lines, end) = DriverLine.all(in: log, after: running.read)
    running.read = end
    let events = lines.flatMap { take($0) }
    running.hasAnswered = running.hasAnswered || !events.isEmpty
    job = running
    switch state.status {
    case .running: return events
    case .pending:
      patience.hold(.starting)
      return events
    case .stopped: patience.fail("it was stopped by somebody", running.id)
    case .failed, .succeeded: break
    }
    let words = log.split(whereSeparator: \.isNewline).last { !$0.hasPrefix("{") } ?? ""
    return over(events, because: "\(state.message ?? state.status.rawValue) (\(words.prefix(200)))")
  }

  private func take(_ line: DriverLine) -> [WorkerEvent] {
    switch line {
    case .result(let key, let result):
      guard let unit = taken(key) else { return [] }
      guard let result = result.of(unit) else { return [.returned(unit)] }
      fruitless = (0, 0)
      return [.result(result)]
    case .lost(let key, let cause, let process):
      guard let unit = taken(key) else { return [] }
      fruitless.units += 1
      if fruitless.units >= Self.mostFruitless.units {
        patience.fail("\(fruitless.units) units in a row ended without a result, the last by \(cause)", jobs.address)
      }
      return [.lost(unit, process: process, cause: cause)]
    case .cluster(let state):
      let isIdle = state.running == 0 && state.waiting > 0
      patience.hold(isIdle ? state.cpus < Double(cluster.threads) ? .noProcessor : .busy : nil)
      return []
    }
  }

  private func taken(_ key: String) -> WorkUnit? {
    guard let index = given.firstIndex(where: { $0.key == key }) else { return nil }
    return given.remove(at: index).unit
  }

  /// The job is over: what has no result goes back.
  private func over(_ events: [WorkerEvent], because reason: String) -> [WorkerEvent] {
    fruitless.jobs = job?.hasAnswered ?? false ? 0 : fruitless.jobs + 1
    drop()
    guard !given.isEmpty else { return events }
    tell("warning: the job on Ray is over: \(reason): what is missing is begun again")
    if fruitless.jobs >= Self.mostFruitless.jobs {
      patience.fail("\(fruitless.jobs) jobs in a row ended without a result: \(reason)", jobs.address)
    }
    // The first one last: it is put back before the others.
    let returned = given.reversed().map { WorkerEvent.returned($0.unit) }
    given = []
    return events + returned
  }

  private func drop() {
    finished += [job?.id].compactMap(\.self)
    job = nil
    cluster.note(nil, jobs)
  }

  /// Takes jobs away of which nothing is wanted; one that is just ending stays until the next time.
  private func tidy() throws(SearchError) {
    var rest: [String] = []
    for id in finished where try !jobs.delete(id) {
      try jobs.stop(id)
      rest.append(id)
    }
    finished = rest
  }
}
