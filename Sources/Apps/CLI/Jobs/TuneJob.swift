import Linalg
import Learners
import Search

/// A search from its arguments to its models: opens the store, searches, fits the best of each model on all rows.
struct TuneJob {
  private let command: TuneOptions
  private let arguments: TuneArguments

  /// Trials for each model that has something to choose, where nothing is said.
  private static let usualTrials = 20

  init(_ command: TuneOptions, _ arguments: TuneArguments) {
    self.command = command
    self.arguments = arguments
  }

  func run() throws {
    let method = try command.method()
    let spaces = try SpaceChoice.spaces(
      names: command.modelNames, assignments: command.assignments, hasDefaults: method != .grid)
    let source = try DataSource.load(command.data)
    let job = try FitJob(source, [], command.experiment, groups: command.groups, time: command.timeColumn)
    var outputs = OutputGuard(keeping: command.data.paths + [command.experiment.folds])
    try outputs.check(nil)
    try OutputFile.makeFolder(command.out)
    for name in spaces.map(\.name) { try outputs.check("\(command.out)/\(name).safetensors") }
    try outputs.check(
      "\(command.out)/best.safetensors", mayBe: spaces.map { "\(command.out)/\($0.name).safetensors" })
    try outputs.check("\(command.out)/leaderboard.json")
    for part in OutputGuard.storeParts(command.storePath) { try outputs.refuse(part) }
    let store = try SearchStore(writing: command.storePath)
    let path = store.path
    let cluster = cluster
    let act = { @Sendable in
      cluster?.stop()
      return "all that is done is kept in \(path)"
    }
    try Interruption.ending(with: act) { try search(store, job, spaces, method, on: cluster) }
  }

  private func search(
    _ store: SearchStore, _ job: FitJob, _ spaces: [Space], _ method: SearchPlan.Method,
    on cluster: RayCluster?
  ) throws {
    let facts = TuneFacts(job, command).all
    try store.agree(on: facts)
    let request = try request(in: store, spaces, method)
    // Without an end of its own a search ends with what has been begun.
    let isEndless = request.trials == nil && method != .grid && command.time == nil
    let plan = SearchPlan(
      spaces: spaces, method: method, trials: isEndless ? try store.trialCount() : request.trials)
    let display = TuneDisplay(isJSON: command.json)
    defer { display.end() }
    for note in job.source.notes + job.experiment.dataset.notes { display.notes("note: \(note)") }
    job.review(display.progress)
    let search = try Search(store: store, experiment: job.experiment, plan: plan, facts: facts, observer: display)
    let taken = try store.counts()
    if taken.done > 0 { display.notes("note: \(counted(taken.done, "result")) of \(store.path) are there already") }
    let deadline = command.time.map { ContinuousClock.now + .seconds($0.seconds) }
    let ending = try cluster.map { try search.run($0, until: deadline) } ?? search.run(launch, until: deadline)
    let result = try search.result()
    let models = try models(job, search, result, isComplete: ending == .complete, display)
    let found = TuneResult(models, result, taken: taken, isComplete: ending == .complete)
    try FitFiles(folder: command.out, outOfFold: nil).write(found.models)
    if ending == .complete { try store.finish(request) }
    display.end()
    if command.json {
      try Terminal.writeOutput(found.json(store: store) + "\n")
    } else {
      try Terminal.writePage(try found.page(width: Terminal.width(), folder: command.out, store: store) + "\n")
    }
  }

  /// Fits the best of each model on all rows.
  /// - Throws: `Failure` where there is none.
  private func models(
    _ job: FitJob, _ search: Search, _ result: SearchResult, isComplete: Bool, _ display: TuneDisplay
  ) throws -> FitResult {
    var entries: [FitResult.Entry] = []
    var leftOut: [FitResult.LeftOut] = []
    for (grid, entry) in try search.entries(result) {
      display.begin("\(grid.name) on all rows")
      let forecast = job.experiment.guess(CandidateGrid(entry.candidate))
      do {
        let (model, bytes) = try job.refit(entry)
        entries.append(.init(grid: grid, entry: entry, model: model, file: bytes, forecast: forecast))
      } catch let failure as FitJob.FitFailure {
        leftOut.append(.init(name: grid.name, reason: failure.reason, forecast: forecast, isForTime: false))
      }
    }
    guard !entries.isEmpty else { throw nothing(isComplete: isComplete) }
    let counts = FitCounts(asked: result.counts.asked, done: result.counts.distinctFits)
    return FitResult(
      source: job.source, experiment: job.experiment, entries: entries, leftOut: leftOut,
      notes: job.source.notes + job.experiment.dataset.notes, warnings: [], counts: counts.adding(refits: entries.count)
    )
  }

  private func nothing(isComplete: Bool) -> Failure {
    if !isComplete {
      return Failure(
        .usage, "--time: no setting was done in it: what was begun is kept: run the same command again with more time")
    }
    return Failure(
      .badData, "no setting could be fitted: learners trials says why of each: change --set, --model or the data")
  }

  /// The last request of the store, where this is the same one; else a new one.
  private func request(
    in store: SearchStore, _ spaces: [Space], _ method: SearchPlan.Method
  ) throws -> SearchRequest {
    let known = try store.trialCount()
    if let last = try store.lastRequest(), last.arguments == arguments.words, !wantsMore(than: last) { return last }
    let usual = Self.usualTrials * max(1, spaces.count { !$0.dimensions.isEmpty })
    let trials: Int? =
      switch command.trials {
      case .total(let count): count
      case .more(let count): known + count
      case nil: method == .grid || command.time != nil ? nil : known + usual
      }
    return try store.add(arguments: arguments.words, trials: trials)
  }

  /// Whether a request that is done is asked for again: for some more trials, or for some more time.
  private func wantsMore(than last: SearchRequest) -> Bool {
    guard last.isFinished else { return false }
    if case .more = command.trials { return true }
    return command.time != nil && last.trials != nil
  }

  /// Cores are shared out; a worker has one at least.
  private var launch: WorkerLaunch {
    let cores = Parallel.threads
    let threads = command.threading.threads ?? cores
    let processes = command.processes ?? threads
    return WorkerLaunch(
      program: OutputFile.ownProgram, processes: processes, threads: max(1, threads / processes),
      memory: command.memory?.bytes)
  }

  /// Nil where the work is done here.
  private var cluster: RayCluster? {
    command.ray.map { address in
      RayCluster(
        address: address, threads: command.threading.threads ?? 1, processes: command.processes,
        memory: command.memory?.bytes, patience: .seconds(command.rayWait?.seconds ?? 600),
        environment: Dictionary(
          uniqueKeysWithValues: RayCluster.variables.compactMap { name in environment(name).map { (name, $0) } }))
    }
  }
}
