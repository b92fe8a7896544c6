internal import Glibc
internal import Learners

/// A Ray cluster as somebody who does units: all that are given before `wait` go into one job, whose log brings the results.
///
/// The cluster is believed nothing but results: what becomes of a node, a job or all of it, units without a result are given back.
package final class RayWorkers: Workers {
  private let cluster: RayCluster
  private let jobs: JobsClient
  private let package: ShippedPackage
  /// Tells this search's jobs from those of others with the same data.
  private let mark: String
  private let tell: (String) -> Void
  /// Bytes that the result of a setting may take in a log.
  private let resultSize: Int
  private var given: [(key: String, unit: WorkUnit)] = []
  private var job: RunningJob?
  /// What jobs before this search have left: results by key.
  private var left: [String: UnitResult]?
  private var patience: RayPatience
  /// Jobs in a row without a result, and units.
  private var fruitless = (jobs: 0, units: 0)
  /// Jobs whose results are all kept when the next one begins.
  private var finished: [String] = []

  private struct RunningJob {
    let id: String
    /// Bytes of its log that are read.
    var read = 0
    var hasAnswered = false
  }

  /// More do not go into one job, whose log is read as a whole again and again.
  private static let mostUnits = 2000
  private static let mostBytes = 64 << 20
  private static let mostFruitless = (jobs: 3, units: 20)

  /// - Parameters:
  ///   - store: the path of the store that results go to.
  ///   - tell: says something to the user.
  init(
    _ cluster: RayCluster, _ jobs: JobsClient, package: ShippedPackage, store: String, resultSize: Int,
    tell: @escaping (String) -> Void
  ) {
    self.cluster = cluster
    self.jobs = jobs
    self.package = package
    self.resultSize = resultSize
    self.tell = tell
    mark = Self.mark(of: store)
    patience = RayPatience(limit: cluster.patience, tell: tell)
    tell("note: Ray \(jobs.version) at \(jobs.address)")
    if !jobs.isGuarded { tell("warning: it asks for no token: whoever reaches it runs programs there") }
  }

  package var hasRoom: Bool {
    let settings = given.reduce(0) { $0 + $1.unit.settings.count }
    return job == nil && given.count < Self.mostUnits && settings * resultSize < Self.mostBytes
  }

  package var running: Int { given.count }

  package func give(_ unit: WorkUnit) { given.append((Self.key(of: unit), unit)) }

  package func wait(_ limit: Duration) throws(SearchError) -> [WorkerEvent] {
    let end = ContinuousClock.now + limit
    while true {
      let start = ContinuousClock.now
      var events: [WorkerEvent] = []
      do {
        events = try job == nil ? begin() : look()
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

  package func end() {
    cluster.stop()
    cluster.note(nil, jobs)
    try? tidy()
    (job, given) = (nil, [])
  }

  // MARK: A job

  private func begin() throws(SearchError) -> [WorkerEvent] {
    guard !given.isEmpty else { return [] }
    try tidy()
    if left == nil { left = try gather() }
    let known = given.compactMap { one in left?[one.key].map { answer($0, one.unit) } }.compactMap(\.self)
    if !known.isEmpty { return known.map { .result($0) } }
    if try !jobs.has(package: package.name) {
      let bytes = try package.archive()
      tell("note: handing the program and the data to Ray, \(bytes.count >> 20) MB")
      try jobs.upload(bytes, as: package.name)
    }
    let units = ShippedPackage.units(given)
    try jobs.upload(units.bytes, as: units.name)
    let id = "\(prefix)\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    cluster.note(id, jobs)
    try jobs.submit(
      id, cluster.entrypoint(package.command), packages: (package.name, units.name), metadata: ["learners": mark])
    job = RunningJob(id: id)
    patience.hold(nil)
    return []
  }

  /// Takes jobs away whose results are kept; one that is just ending stays until the next time.
  private func tidy() throws(SearchError) {
    var rest: [String] = []
    for id in finished where try !jobs.delete(id) { rest.append(id) }
    finished = rest
  }

  /// Looks what has come of the job.
  private func look() throws(SearchError) -> [WorkerEvent] {
    guard var running = job else { return [] }
    // In this order: when it is over all that it had to say is in the log.
    guard let state = try jobs.job(running.id), let log = try jobs.log(running.id) else {
      return over(because: "the cluster does not know it any more", [])
    }
    let (lines, end) = DriverLine.all(in: log, after: running.read)
    running.read = end
    var events: [WorkerEvent] = []
    for line in lines { events += take(line) }
    running.hasAnswered = running.hasAnswered || !events.isEmpty
    job = given.isEmpty ? nil : running
    if given.isEmpty {
      finished.append(running.id)
      cluster.note(nil, jobs)
      return events
    }
    if state.status == .pending { patience.hold(.starting) }
    guard state.isOver else { return events }
    if state.status == .stopped { patience.fail("it was stopped by somebody", running.id) }
    let words = log.split(whereSeparator: \.isNewline).last { !$0.hasPrefix("{") } ?? ""
    return over(because: "\(state.message ?? state.status.rawValue) (\(words.prefix(200)))", events)
  }

  private func take(_ line: DriverLine) -> [WorkerEvent] {
    switch line {
    case .result(let key, let result):
      guard let unit = taken(key) else { return [] }
      guard let result = answer(result, unit) else { return [.returned(unit)] }
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
      patience.hold(
        state.running > 0 || state.waiting == 0 ? nil : state.cpus < Double(cluster.threads) ? .noProcessor : .busy)
      return []
    }
  }

  /// The job is over: what has no result goes back.
  private func over(because reason: String, _ events: [WorkerEvent]) -> [WorkerEvent] {
    let hasAnswered = job?.hasAnswered ?? false
    finished += [job?.id].compactMap(\.self)
    job = nil
    cluster.note(nil, jobs)
    fruitless.jobs = hasAnswered ? 0 : fruitless.jobs + 1
    if !given.isEmpty {
      tell("warning: the job on Ray is over before its time: \(reason): what is missing is begun again")
      if fruitless.jobs >= Self.mostFruitless.jobs {
        patience.fail("\(fruitless.jobs) jobs in a row ended without a result: \(reason)", jobs.address)
      }
    }
    // The first one last: it is put back before the others.
    let returned = given.reversed().map { WorkerEvent.returned($0.unit) }
    given = []
    return events + returned
  }

  private func taken(_ key: String) -> WorkUnit? {
    guard let index = given.firstIndex(where: { $0.key == key }) else { return nil }
    return given.remove(at: index).unit
  }

  // MARK: What was done before

  /// Results that jobs with the same package have left, whoever submitted them. Those of this store that still run are ended: who
  /// waited for them is gone.
  private func gather() throws(SearchError) -> [String: UnitResult] {
    var results: [String: UnitResult] = [:]
    for known in try jobs.jobs() {
      guard let id = known.submission_id, id.hasPrefix(prefix) else { continue }
      let isOurs = known.metadata?["learners"] == mark
      if isOurs && !known.isOver { try jobs.stop(id) }
      for case .result(let key, let result) in DriverLine.all(in: try jobs.log(id) ?? "", after: 0).lines {
        results[key] = result
      }
    }
    if !results.isEmpty { tell("note: earlier jobs have left \(results.count) results on the cluster") }
    return results
  }

  private var prefix: String { "learners-\(package.hash)-" }

  /// The result as that of a unit of this store; nil where it does not fit.
  private func answer(_ result: UnitResult, _ unit: WorkUnit) -> UnitResult? {
    guard result.outcomes.count == unit.settings.count else { return nil }
    return UnitResult(unit: unit.unit, outcomes: result.outcomes, distinctFits: result.distinctFits)
  }

  /// What a unit does, whatever its number: with the same package it has the same result.
  private static func key(of unit: WorkUnit) -> String {
    WorkUnit.hash(experiment: unit.learner, fold: unit.fold, settings: unit.settings)
  }

  private static func mark(of store: String) -> String {
    var name = [CChar](repeating: 0, count: 256)
    unsafe gethostname(&name, name.count - 1)
    let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let whole = unsafe realpath(store, nil)
    defer { unsafe free(whole) }
    let path = unsafe whole.map { unsafe String(cString: $0) } ?? store
    return String(ContentHash.sha256(of: Array("\(host) \(path)".utf8)).prefix(16))
  }
}
