internal import Glibc
package import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import UnixSignals

/// Keeps a number of worker processes running that share one port.
///
/// A worker that ends is replaced at once if it had run for a while, otherwise after a pause that doubles each time, so
/// that a worker that cannot start does not eat the machine. Signals are passed on.
package final class Supervisor: Sendable {
  package struct Settings: Sendable {
    package var program: String
    /// Of a worker; its own are added.
    package var arguments: [String]
    package var workers: Int
    package var address: Listener.Address
    /// Where it listens instead.
    package var socketPath: String?
    package var drainTime: Duration
    /// Routes and number of models, for the size of the memory that the workers share.
    package var routes: [Route]
    package var models: Int

    package init(
      program: String, arguments: [String], workers: Int, address: Listener.Address, socketPath: String?,
      drainTime: Duration, routes: [Route], models: Int
    ) {
      self.program = program
      self.arguments = arguments
      self.workers = workers
      self.address = address
      self.socketPath = socketPath
      self.drainTime = drainTime
      self.routes = routes
      self.models = models
    }
  }

  private struct Worker {
    var process: pid_t = 0
    var started = ContinuousClock.now
    /// When the next one is started, where there is none.
    var due = ContinuousClock.now
    var failures = 0
  }

  private struct State {
    var workers: [Worker]
    var isStopping = false
    /// Whether it was told to stop a second time.
    var isHurried = false
  }

  private let settings: Settings
  private let logger: Logger
  private let board: SharedBoard
  /// The workers hold the other end, which tells them when this process is gone.
  private let lifeline: (read: Int32, write: Int32)
  private let state: Mutex<State>
  package let port: Int
  /// nil for a socket, which has one of its own.
  private let claim: AddressClaim?
  private let socket: UnixSocket?

  /// - Throws: `SystemError` where the address cannot be had.
  package init(_ settings: Settings, logger: Logger) throws(SystemError) {
    self.settings = settings
    self.logger = logger
    let (address, wanted) = (settings.address, settings.address.port)
    if let path = settings.socketPath {
      socket = try UnixSocket(path)
      (claim, port) = (nil, 0)
    } else {
      socket = nil
      let early = wanted > 0 ? try AddressClaim(host: address.host, port: wanted) : nil
      port = try Self.freePort(address)
      if let early { claim = early } else { claim = try AddressClaim(host: address.host, port: port) }
    }
    board = try SharedBoard(
      slots: settings.workers, slot: 0,
      size: Metrics.size(routes: settings.routes.count, models: settings.models))
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw SystemError(errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    lifeline = (ends[0], ends[1])
    state = Mutex(State(workers: Array(repeating: Worker(), count: settings.workers)))
  }

  /// Runs the workers until the process is told to stop.
  /// - Parameter announce: called as soon as the process can be told so.
  /// - Returns: whether requests in progress could end, and it was not told a second time.
  package func run(announce: @Sendable () -> Void = {}) async -> Bool {
    let signals = await UnixSignalsSequence(trapping: .sighup, .sigusr1, .sigterm, .sigint, .sigquit)
    announce()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.pass(signals) }
      while !state.withLock(\.isStopping) {
        reap()
        startDue()
        try? await Task.sleep(for: .milliseconds(20))
      }
      await stop()
      group.cancelAll()
    }
    socket?.remove()
    logger.info("stopped")
    return !state.withLock(\.isHurried)
  }

  private func pass(_ signals: UnixSignalsSequence) async {
    for await signal in signals {
      switch signal {
      case .sighup: signalAll(SIGHUP)
      case .sigusr1: signalAll(SIGUSR1)
      default:
        // The second one does not wait for requests in progress.
        let isSecond = state.withLock { state in
          state.isHurried = state.isStopping
          state.isStopping = true
          return state.isHurried
        }
        if isSecond { signalAll(SIGKILL) }
      }
    }
  }

  private func signalAll(_ number: Int32) {
    state.withLock { state in
      for worker in state.workers where worker.process > 0 { kill(worker.process, number) }
    }
  }

  private func stop() async {
    signalAll(SIGTERM)
    let end = ContinuousClock.now + settings.drainTime + .seconds(2)
    while ContinuousClock.now < end, state.withLock({ $0.workers.contains { $0.process > 0 } }) {
      reap()
      try? await Task.sleep(for: .milliseconds(20))
    }
    signalAll(SIGKILL)
    reap()
  }

  // MARK: Workers

  private static let firstPause = Duration.milliseconds(100)
  private static let longestPause = Duration.seconds(10)
  /// A worker that ran for so long had started well.
  private static let settled = Duration.seconds(1)

  private func reap() {
    state.withLock { state in
      for slot in state.workers.indices where state.workers[slot].process > 0 {
        var status: Int32 = 0
        guard unsafe waitpid(state.workers[slot].process, &status, WNOHANG) == state.workers[slot].process else {
          continue
        }
        let worker = state.workers[slot]
        state.workers[slot].process = 0
        guard !state.isStopping else { continue }
        let ran = ContinuousClock.now - worker.started
        let failures = ran >= Self.settled ? 0 : worker.failures + 1
        let pause = min(Self.firstPause * (1 << min(failures, 10)) / 2, Self.longestPause)
        state.workers[slot].failures = failures
        state.workers[slot].due = ContinuousClock.now + (failures == 0 ? .zero : pause)
        logger.warning(
          "a worker ended, another one takes its place",
          metadata: ["worker": "\(slot)", "process": "\(worker.process)", "status": "\(status)"])
      }
    }
  }

  private func startDue() {
    state.withLock { state in
      for slot in state.workers.indices
      where state.workers[slot].process == 0 && state.workers[slot].due <= ContinuousClock.now {
        state.workers[slot].started = .now
        do throws(SystemError) {
          state.workers[slot].process = try start(slot)
        } catch {
          state.workers[slot].failures += 1
          state.workers[slot].due = .now + Self.longestPause
          logger.error("a worker cannot be started: \(error)", metadata: ["worker": "\(slot)"])
        }
      }
    }
  }

  private func start(_ slot: Int) throws(SystemError) -> pid_t {
    let place = socket.map { ["--worker-socket", String($0.descriptor)] } ?? ["--port", String(port)]
    let own =
      place + [
        "--worker-slot", String(slot), "--worker-board", String(board.descriptor),
        "--worker-lifeline", String(lifeline.read),
      ]
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    // A descriptor that is copied onto itself is not closed when the program starts.
    for descriptor in [board.descriptor, lifeline.read] + (socket.map { [$0.descriptor] } ?? []) {
      unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, descriptor)
    }
    var process: pid_t = 0
    let texts = ["learners"] + settings.arguments + own
    var pointers = unsafe texts.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    let code = unsafe posix_spawn(&process, settings.program, &actions, nil, &pointers, environ)
    guard code == 0 else { throw SystemError(code) }
    return process
  }

  /// Makes sure that nobody else listens there, which a shared port would not tell, and finds the port where it is free
  /// to choose.
  private static func freePort(_ address: Listener.Address) throws(SystemError) -> Int {
    var own = address
    own.isShared = false
    do {
      let listener = try Listener([], at: own, threads: 1)
      let port = listener.port
      listener.closeNow()
      return port
    } catch {
      throw error as? SystemError ?? SystemError(EADDRNOTAVAIL)
    }
  }
}
