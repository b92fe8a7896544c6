internal import Dispatch
internal import Glibc
public import Learners

/// A search: thinks of settings, has them fitted by workers, and keeps all that comes of it in its store.
///
/// It is the only one that writes to the store, and it thinks of the next settings only when all those before are done: who
/// fits them, how many there are and in which order they finish changes nothing.
public final class Search {
  package let store: SearchStore
  package let experiment: Experiment
  package let plan: SearchPlan
  package let ranking: RankingFigure
  private let identity: String
  private weak var observer: (any SearchObserver)?
  private var progress = SearchProgress()
  private var bestCost = Double.infinity

  /// Settings that share a fit go together up to this many.
  private static let batch = 16
  /// Times that a unit may end its worker.
  private static let mostKills = 3

  /// - Parameter facts: what all fits have in common (`SearchStore.agree`).
  public init(
    store: SearchStore, experiment: Experiment, plan: SearchPlan, facts: [String: String],
    observer: (any SearchObserver)?
  ) throws(SearchError) {
    guard let ranking = plan.ranking else {
      throw SearchError(
        .usage, "--set: models of different quantiles cannot be compared", advice: "search each level by itself")
    }
    self.store = store
    self.experiment = experiment
    self.plan = plan
    self.ranking = ranking
    self.observer = observer
    let text = facts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
    identity = ContentHash.sha256(of: Array(text.utf8))
    try rank()
  }

  public enum Ending: Sendable { case complete, outOfTime }

  /// Goes on until there is nothing more to try, or until a moment.
  public func run(_ launch: WorkerLaunch, until deadline: ContinuousClock.Instant?) throws(SearchError) -> Ending {
    let data = try PreparedDataWriter.file(experiment, for: try preparations())
    let workers = LocalWorkers(launch, data: data)
    defer { workers.end() }
    return try run(workers, until: deadline)
  }

  /// The same on a Ray cluster.
  public func run(_ cluster: RayCluster, until deadline: ContinuousClock.Instant?) throws(SearchError) -> Ending {
    // What is wrong with the cluster is told before anything is prepared for it.
    let jobs = try cluster.connect()
    let data = try PreparedDataWriter.file(experiment, for: try preparations())
    let package = try ShippedPackage(data, program: try ShippedProgram())
    let workers = RayWorkers(
      cluster, jobs, package: package, store: store.path,
      resultSize: 11 * experiment.folds.assignments.count / experiment.folds.count + 300
    ) { [weak observer] in observer?.notes($0) }
    defer { workers.end() }
    return try run(workers, until: deadline)
  }

  package func run(_ workers: any Workers, until deadline: ContinuousClock.Instant?) throws(SearchError) -> Ending {
    while true {
      if try store.waitingCount() == 0 {
        guard let step = try plan.method.strategy.next(state()) else { return .complete }
        try carryOut(step)
      }
      if let deadline, deadline <= .now { return .outOfTime }
      observer?.planned(waiting: try store.waitingCount(), trials: try store.trialCount())
      guard try drain(workers, until: deadline) else { return .outOfTime }
    }
  }

  private func carryOut(_ step: SearchStep) throws(SearchError) {
    if !step.stopped.isEmpty { try store.stop(step.stopped, because: "it cannot win any more") }
    guard !step.trials.isEmpty else { return }
    try store.plan(step.trials, folds: step.folds, experiment: identity, batch: Self.batch)
  }

  /// Has all that is waiting done.
  /// - Returns: false where the time is over before.
  private func drain(_ workers: any Workers, until deadline: ContinuousClock.Instant?) throws(SearchError) -> Bool {
    var queue = UnitQueue(store)
    progress.waiting = try store.waitingCount()
    while true {
      while workers.hasRoom, let unit = try queue.next() { try workers.give(unit) }
      progress.running = workers.running
      observer?.progressed(progress)
      guard workers.running > 0 else { return true }
      let left = deadline.map { $0 - .now } ?? .seconds(3600)
      guard left > .zero else { return false }
      let events = try workers.wait(left)
      // Who has nothing to do gets the next unit before what came is written to the disk.
      while workers.hasRoom, let unit = try queue.next() { try workers.give(unit) }
      for event in events { try take(event, &queue) }
    }
  }

  private func take(_ event: WorkerEvent, _ queue: inout UnitQueue) throws(SearchError) {
    switch event {
    case .result(let result): try keep(result)
    case .lost(let unit, let process, let cause):
      let isGivenUp = try store.noteKill(
        of: unit.unit, by: cause, limit: Self.mostKills, folds: experiment.folds.count, ranking: ranking.name,
        at: Self.now)
      if isGivenUp {
        progress.failed += 1
        progress.waiting -= 1
      } else {
        queue.putBack(unit)
      }
      observer?.lost(worker: process, cause: cause, isGivenUp: isGivenUp)
    case .returned(let unit): queue.putBack(unit)
    }
  }

  private func keep(_ result: UnitResult) throws(SearchError) {
    let done = try store.keep(
      result, folds: experiment.folds.count, ranking: ranking.name, at: Self.now,
      figures: { [experiment, ranking] in experiment.figures(of: $0, by: ranking) })
    guard let done else { return }
    progress.done += 1
    progress.waiting -= 1
    progress.results += result.outcomes.count
    progress.distinctFits += result.distinctFits
    for id in done {
      guard let trial = try store.trial(id) else { continue }
      let cost = trial.figures.map { ranking.cost($0.overall) } ?? .infinity
      let isBest = cost < bestCost
      if isBest { bestCost = cost }
      observer?.finished(
        FinishedTrial(
          id: trial.id, learner: trial.learner, settings: trial.settings, figure: trial.figures?.overall, isBest: isBest
        ))
    }
  }

  // MARK: What is known

  /// Works out anew the figures of trials that were ranked by another.
  private func rank() throws(SearchError) {
    for trial in try store.trials() where trial.state == .done {
      guard let known = trial.figures, try store.ranking(of: trial.id) == ranking.name else {
        let outcomes = try store.results(of: trial.id).map(\.outcome)
        guard let figures = experiment.figures(of: outcomes, by: ranking) else {
          throw SearchError(
            .badData, "\(store.path): results of trial \(trial.id) are damaged",
            advice: "move the store away and search again")
        }
        try store.set(figures, of: trial.id, ranking: ranking.name)
        bestCost = min(bestCost, ranking.cost(figures.overall))
        continue
      }
      bestCost = min(bestCost, ranking.cost(known.overall))
    }
  }

  private func state() throws(SearchError) -> SearchState {
    let known = try store.trials().compactMap { trial -> SearchState.Known? in
      guard let candidate = Setting.candidate(trial.learner, trial.settings) else { return nil }
      let cost: Double? =
        switch trial.state {
        case .done: trial.figures.map { ranking.cost($0.overall) }
        case .failed: .infinity
        case .open, .stopped: nil
        }
      return SearchState.Known(trial: trial, candidate: candidate, cost: cost)
    }
    return SearchState(plan: plan, seed: experiment.seed, foldCount: experiment.folds.count, known: known) {
      [store, experiment, ranking] id throws(SearchError) in
      var costs: [Int: Double] = [:]
      for (fold, outcome) in try store.results(of: id) {
        costs[fold] = experiment.cost(of: outcome, fold: fold, by: ranking)
      }
      return costs
    }
  }

  /// Of all that is waiting and all that may come.
  private func preparations() throws(SearchError) -> Set<Preparation> {
    let known = try store.trials().filter { $0.state == .open }
    return known.reduce(into: plan.preparations) { all, trial in
      if let candidate = Setting.candidate(trial.learner, trial.settings) { all.insert(candidate.preparation) }
    }
  }

  /// Seconds since 1970.
  private static var now: Double { Double(time(nil)) }
}

/// Units that are waiting, in their order, some at a time.
private struct UnitQueue {
  private let store: SearchStore
  private var units: [WorkUnit] = []
  private var last: Int64 = 0

  init(_ store: SearchStore) { self.store = store }

  mutating func next() throws(SearchError) -> WorkUnit? {
    if units.isEmpty {
      units = try store.waitingUnits(after: last, atMost: 256)
      last = max(last, units.last?.unit ?? 0)
    }
    return units.isEmpty ? nil : units.removeFirst()
  }

  mutating func putBack(_ unit: WorkUnit) { units.insert(unit, at: 0) }
}
