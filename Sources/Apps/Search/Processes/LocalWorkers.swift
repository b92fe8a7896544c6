internal import Glibc

/// Worker processes on this machine. They are started when there is something to do, and again when they are lost.
package final class LocalWorkers: Workers {
  private let launch: WorkerLaunch
  private let data: TemporaryFile
  private var workers: [WorkerProcess] = []
  /// Processes in a row that have ended before their first answer.
  private var fruitless = 0
  private static let mostFruitless = 20

  package init(_ launch: WorkerLaunch, data: TemporaryFile) {
    self.launch = launch
    self.data = data
    // A write to a worker that is gone is an error, not an end.
    signal(SIGPIPE, SIG_IGN)
  }

  deinit { end() }

  package var hasRoom: Bool { running < launch.processes }
  package var running: Int { workers.count { $0.unit != nil } }

  package func give(_ unit: WorkUnit) throws(SearchError) {
    let idle = workers.first { $0.unit == nil }
    let worker: WorkerProcess
    if let idle {
      worker = idle
    } else {
      worker = try WorkerProcess(launch, data: data.descriptor)
      workers.append(worker)
    }
    // One that is gone is found by `wait`, with the unit that it has.
    _ = worker.give(unit)
  }

  package func wait(_ limit: Duration) throws(SearchError) -> [WorkerEvent] {
    var polled = workers.map { pollfd(fd: $0.output, events: Int16(POLLIN), revents: 0) }
    let milliseconds = Int32(max(0, min(limit.seconds, 3600) * 1000).rounded(.up))
    let count = unsafe poll(&polled, nfds_t(polled.count), milliseconds)
    guard count > 0 else { return [] }
    var events: [WorkerEvent] = []
    for (worker, state) in zip(workers, polled) where state.revents != 0 {
      switch worker.read() {
      case .nothing: break
      case .line(let line):
        guard let unit = worker.unit, let result = MessageLine.decode(UnitResult.self, line),
          result.unit == unit.unit, result.outcomes.count == unit.settings.count
        else {
          events += try lose(worker, cause: "its answer makes no sense")
          break
        }
        fruitless = 0
        worker.unit = nil
        events.append(.result(result))
      case .ended: events += try lose(worker, cause: nil)
      }
    }
    return events
  }

  private func lose(_ worker: WorkerProcess, cause: String?) throws(SearchError) -> [WorkerEvent] {
    workers.removeAll { $0 === worker }
    let ending = worker.end()
    fruitless += 1
    guard fruitless < Self.mostFruitless else {
      throw SearchError(
        .unavailable, "\(fruitless) worker processes in a row ended without a result, the last by \(ending)",
        advice: "give them more memory (--memory, fewer --processes); what is done is kept")
    }
    return worker.unit.map { [.lost($0, process: worker.process, cause: cause ?? ending)] } ?? []
  }

  package func end() {
    for worker in workers { _ = worker.end() }
    workers = []
  }
}
