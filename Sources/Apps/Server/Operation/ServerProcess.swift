internal import Glibc
package import Logging
internal import NIOCore
internal import Page
internal import ServiceLifecycle
internal import UnixSignals

/// One process that serves: the listener, the shelf, and what keeps the shelf up to date.
package struct ServerProcess: Sendable {
  package struct Settings: Sendable {
    package var sources: [ModelSource] = []
    package var address = Listener.Address()
    /// Where it listens instead; a worker is given the socket of its supervisor with the address.
    package var socketPath: String?
    package var limits = Limits()
    package var adminToken: AdminToken?
    package var programVersion = "0"
    /// Event loops.
    package var threads = 1
    package var accessLog: AccessLogFile?
    /// Which of how many processes this is.
    package var slot = 0
    package var slots = 1
    /// Memory that the processes share, and a pipe that ends when their supervisor does.
    package var board: Int32?
    package var lifeline: Int32?

    package var ranking = RankSettings()

    package init() {}

    /// What is answered: every process of a server has the same.
    package var routes: [Route] { context(Shelf(sources)).routes }

    func context(_ shelf: Shelf) -> ServerContext {
      var context = ServerContext(shelf: shelf, limits: limits)
      context.adminToken = adminToken
      context.programVersion = programVersion
      context.ranking = ranking
      return context
    }
  }

  private let settings: Settings
  private let logger: Logger
  package let shelf: Shelf
  private let steward: Steward
  /// nil for a worker: its supervisor has it.
  private let claim: AddressClaim?
  private let socket: UnixSocket?
  package let listener: Listener

  /// Loads the models and listens; requests are answered from now on.
  /// - Throws: `ModelRefusal`; the system's error where the address cannot be had.
  package init(_ settings: Settings, logger: Logger) throws {
    self.settings = settings
    self.logger = logger
    shelf = Shelf(settings.sources)
    var context = settings.context(shelf)
    let metrics = try Metrics(
      routes: context.routes, models: settings.sources.count, slots: settings.slots, slot: settings.slot,
      descriptor: settings.board)
    context.metrics = metrics
    steward = Steward(shelf, metrics, logger)
    context.steward = steward
    // A process that takes the place of a dead one must not bring back what was unloaded, nor die of a bad file.
    if settings.board == nil {
      try steward.loadAll()
    } else {
      steward.reloadAll()
    }
    var address = settings.address
    socket = try settings.socketPath.map { path throws(SystemError) in try UnixSocket(path) }
    if let socket { address.descriptor = socket.descriptor }
    let isOwn = !address.isShared && address.port > 0 && address.descriptor == nil
    claim = isOwn ? try AddressClaim(host: address.host, port: address.port) : nil
    listener = try Listener(
      context.routes, at: address, threads: settings.threads, limits: settings.limits, metrics: metrics,
      accessLog: settings.accessLog?.writer,
      problemPage: { status, detail, depth in
        ProblemPage.document(status: status, title: reasonPhrase(status), detail: detail, depth: depth)
      })
  }

  /// Serves until the process is told to stop, then lets requests in progress end.
  /// - Parameter announce: called as soon as the process can be told so.
  /// - Returns: whether it did, and was not told a second time.
  package func run(announce: @Sendable () -> Void = {}) async throws -> Bool {
    let stopSignals = await StopSignals(isWorker: settings.board != nil)
    announce()
    let group = ServiceGroup(
      configuration: .init(
        services: [
          ListenerService(listener: listener), ReloadService(steward: steward, accessLog: settings.accessLog),
        ] + lifeline,
        logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }
      ))
    let isWhole = await withTaskGroup(of: Bool.self) { tasks in
      tasks.addTask {
        try? await group.run()
        return true
      }
      tasks.addTask {
        await stopSignals.wait(stopping: group)
        return false
      }
      defer { tasks.cancelAll() }
      return await tasks.next() ?? true
    }
    socket?.remove()
    // A log that nobody reads does not keep the process.
    settings.accessLog?.writer.flush(within: .seconds(1))
    logger.info("stopped")
    return isWhole
  }

  private var lifeline: [any Service] { settings.lifeline.map { [LifelineService(descriptor: $0)] } ?? [] }
}

/// Answers until it is told to stop.
private struct ListenerService: Service {
  let listener: Listener

  func run() async throws {
    try? await gracefulShutdown()
    await listener.stop()
  }
}

/// Looks for other models when SIGHUP comes, and twice a second for files that changed. SIGHUP and SIGUSR1 open the access
/// log anew.
private struct ReloadService: Service {
  let steward: Steward
  let accessLog: AccessLogFile?

  func run() async throws {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for await signal in await UnixSignalsSequence(trapping: .sighup, .sigusr1).cancelOnGracefulShutdown() {
          accessLog?.reopen()
          if signal == .sighup { steward.reloadAll() }
        }
      }
      group.addTask {
        await cancelWhenGracefulShutdown {
          while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(500))
            steward.reloadChanged()
          }
        }
      }
    }
  }
}

/// Ends the process when the supervisor is gone, so that no worker is left behind.
private struct LifelineService: Service {
  let descriptor: Int32

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        try? await Task.sleep(for: .milliseconds(200))
        var end = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&end, 1, 0) > 0 else { continue }
        kill(getpid(), SIGTERM)
        return
      }
    }
    try? await gracefulShutdown()
  }
}
