import ArgumentParser
import Glibc
import Linalg
import Logging
import Server

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer predictions over HTTP, with a page for people.",
    discussion: """
      Serves one model or several until it is interrupted. Without a model the page tells how to make one, which is \
      served as soon as it is there. A model is loaded again when its file changes and on SIGHUP; a file that is no model \
      to be trusted is refused.

        learners serve
        learners serve --model models/best.safetensors --port 5100 --workers 2
        curl -s localhost:5100/api/predict -H 'Content-Type: application/json' -d '{"instances":[{"forks":12}]}'
      """)

  @Option(
    name: .customLong("model"),
    help: ArgumentHelp(
      "A model file, or NAME=FILE; give several for several models, the first is the default. (default: models/best.safetensors, as soon as it is there)",
      valueName: "file"))
  var models: [String] = []
  @Option(help: "The address to listen at; others than 127.0.0.1 let other machines in. (default: 127.0.0.1)")
  var host: String?
  @Option(help: "The port; 0 for one that is free. (default: 5100)") var port: Int?
  @Option(
    name: .customLong("socket"),
    help: ArgumentHelp(
      "Listen at a socket of the file system in place of an address, for a proxy on this machine.", valueName: "path"))
  var socketPath: String?
  @Option(
    name: .customLong("allowed-host"),
    help: ArgumentHelp(
      "A name that requests may have in Host, beside localhost and its addresses, such as the one that a proxy passes on; give several for several, * for any. (default: none at a loopback address, else any)",
      valueName: "name"))
  var allowedHosts: [String] = []
  @Option(
    name: .customLong("allowed-origin"),
    help: ArgumentHelp(
      "A server whose pages may use this one (CORS), such as https://app.example.org; give several for several, * for any. (default: none)",
      valueName: "origin"))
  var allowedOrigins: [String] = []
  @Option(
    name: .customLong("base-path"),
    help: ArgumentHelp(
      "Where a proxy has the server, such as /stars: taken off paths that begin with it, and told by /openapi.json.",
      valueName: "path"))
  var basePath: String?
  @Option(help: "Processes that share the port; a supervisor starts those again that end.") var workers = 1
  @Option(
    name: .customLong("threads"),
    help: "Event loops of a process. (default: the cores shared out among the processes)")
  var threads: Int?
  @OptionGroup var repositories: RankOptions
  @Option(
    name: .customLong("admin-token-file"),
    help: ArgumentHelp(
      "A file with one word of 16 characters or more: who sends it may load and unload models. (default: nobody may)",
      valueName: "file"))
  var adminTokenFile: String?
  @Option(
    name: .customLong("max-body"),
    help: ArgumentHelp("The largest body of a request, such as 8MiB or 500kB.", valueName: "size"))
  var maxBody = "8MiB"
  @Option(
    name: .customLong("access-log"),
    help: ArgumentHelp(
      "Append a line of JSON for each request; - for standard output. (default: none)", valueName: "file"))
  var accessLog: String?
  @Option(name: .customLong("log-level"), help: "What is logged: trace, debug, info, notice, warning, error.")
  var logLevel = "info"
  @Option(
    name: .customLong("log-format"), help: "How it is logged: text or json. (default: text on a terminal, else json)")
  var logFormat: String?

  @Flag(
    help:
      "Ask the server that listens at --host and --port whether it is well, and end: with 0 if it is, else 69. For health checks."
  ) var check = false

  // What a supervisor tells its workers.
  @Option(name: .customLong("worker-slot"), help: .hidden) var slot: Int?
  @Option(name: .customLong("worker-board"), help: .hidden) var board: Int32?
  @Option(name: .customLong("worker-lifeline"), help: .hidden) var lifeline: Int32?
  @Option(name: .customLong("worker-socket"), help: .hidden) var socketDescriptor: Int32?

  func validate() throws {
    guard (0...65535).contains(wantedPort) else { throw ValidationError("--port \(wantedPort): must be 0 ... 65535") }
    guard socketPath == nil || (host == nil && port == nil) else {
      throw ValidationError("--socket: takes the place of --host and --port: give one or the other")
    }
    guard (1...64).contains(workers) else { throw ValidationError("--workers \(workers): must be 1 ... 64") }
    if let threads, !(1...64).contains(threads) { throw ValidationError("--threads \(threads): must be 1 ... 64") }
    for text in models where ModelSource(parsing: text) == nil {
      throw ValidationError(
        "--model \(printable(text)): must be FILE or NAME=FILE, with a name of at most 100 bytes without /")
    }
    guard models.count <= Self.mostModels, Set(sources.map(\.name)).count == sources.count else {
      throw ValidationError(
        "--model: at most \(Self.mostModels), and every one needs a name of its own: give NAME=FILE")
    }
    for text in allowedHosts where AllowedHosts.name(parsing: text) == nil {
      throw ValidationError(
        "--allowed-host \(printable(text)): must be a name or an address, without scheme and port, or *")
    }
    for text in allowedOrigins where AllowedOrigins.name(parsing: text) == nil {
      throw ValidationError(
        "--allowed-origin \(printable(text)): must look like https://app.example.org, without a path, or be *")
    }
    if let basePath, !isBasePath(basePath) {
      throw ValidationError("--base-path \(printable(basePath)): must look like /stars, with letters and digits")
    }
    guard sizeOfBody(maxBody) != nil else {
      throw ValidationError("--max-body \(printable(maxBody)): must look like 8MiB, 500kB or 1000, at most 1GiB")
    }
    guard Logger.Level(rawValue: logLevel) != nil else {
      throw ValidationError("--log-level \(printable(logLevel)): must be trace, debug, info, notice, warning or error")
    }
    guard logFormat == nil || LineLogHandler.Form(rawValue: logFormat ?? "") != nil else {
      throw ValidationError("--log-format \(printable(logFormat ?? "")): must be text or json")
    }
  }

  func run() throws {
    guard !check else { return try checkHealth() }
    Interruption.handOver()
    prepareSignals()
    let (logger, log) = makeLogger()
    // Not more than a moment: it may be a pipe that nobody reads.
    defer { log.flush(within: .milliseconds(500)) }
    guard workers == 1 || environment("LISTEN_FDS") == nil else {
      throw Failure(.usage, "--workers \(workers): a socket of systemd is for one process: leave out --workers")
    }
    if workers > 1 && slot == nil { try supervise(logger) } else { try serve(logger) }
  }

  // MARK: One process

  private func serve(_ logger: Logger) throws {
    // Requests are many and small: event loops are the threads, each predicts by itself.
    Parallel.threads = 1
    // What is wrong with an option is no matter of the port.
    let settings = try settings(logger)
    let process: ServerProcess
    do {
      process = try ServerProcess(settings, logger: logger)
    } catch let refusal as ModelRefusal {
      throw failure(refusal)
    } catch {
      throw cannotListen(error)
    }
    let announce = announcement(port: process.listener.port, logger)
    let isWorker = slot != nil
    try end(waitForServer { try await process.run { if !isWorker { announce() } } })
  }

  private func failure(_ refusal: ModelRefusal) -> Failure {
    refusal.isMissing ? Failure(.noInput, "\(refusal)") : Failure(.badData, "\(refusal): fit it again")
  }

  /// A pipe that is closed is an error of that write alone. What other programs end with must not be handled by the
  /// runtime's report of crashes, which takes seconds in which nobody is answered.
  private func prepareSignals() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGUSR2, SIG_IGN)
    signal(SIGABRT, SIG_DFL)
    // Workers are started by another path; ps is to show whose they are.
    if slot != nil, let file = unsafe fopen("/proc/self/comm", "w") {
      unsafe fputs("learners", file)
      unsafe fclose(file)
    }
  }

  private func settings(_ logger: Logger) throws -> ServerProcess.Settings {
    var settings = ServerProcess.Settings()
    settings.sources = sources
    settings.address = .init(host: address, port: wantedPort, isShared: slot != nil)
    settings.address.descriptor = try socketDescriptor ?? activatedSocket()
    settings.socketPath = slot == nil ? socketPath : nil
    // No browser's page comes in through a file: a proxy's visitors may call it by any name.
    let names = allowedHosts.compactMap(AllowedHosts.name(parsing:))
    settings.limits.hosts =
      socketPath != nil && names.isEmpty ? .any : AllowedHosts(listeningAt: address, names: names)
    settings.limits.origins = AllowedOrigins(allowedOrigins.compactMap(AllowedOrigins.name(parsing:)))
    settings.limits.basePath = String((basePath ?? "").reversed().drop { $0 == "/" }.reversed())
    settings.limits.body = sizeOfBody(maxBody) ?? settings.limits.body
    settings.adminToken = try adminToken()
    settings.programVersion = programVersion
    settings.threads = threads ?? max(1, Processor.availableCores / workers)
    settings.accessLog = try openAccessLog(logger)
    settings.slot = slot ?? 0
    settings.slots = workers
    settings.board = board
    settings.lifeline = lifeline
    settings.ranking = try repositories.settings()
    return settings
  }

  // MARK: Several processes

  private func supervise(_ logger: Logger) throws {
    // A model that is refused ends the program now, not each worker again and again.
    for source in sources where unsafe !source.mayComeLater || access(source.path, F_OK) == 0 {
      do throws(ModelRefusal) { _ = try ServedModel(name: source.name, path: source.path) } catch {
        throw failure(error)
      }
    }
    let settings = try settings(logger)
    let supervisor: Supervisor
    do throws(SystemError) {
      supervisor = try Supervisor(
        .init(
          program: "/proc/self/exe", arguments: Array(CommandLine.arguments.dropFirst()), workers: workers,
          address: settings.address, socketPath: socketPath, drainTime: settings.limits.drainTime,
          routes: settings.routes, models: settings.sources.count), logger: logger)
    } catch {
      throw cannotListen(error)
    }
    let announce = announcement(port: supervisor.port, logger)
    try end(waitForServer { await supervisor.run(announce: announce) })
  }

  // MARK: Options

  private static let mostModels = 1_000
  static let defaultModel = "models/best.safetensors"

  private var sources: [ModelSource] {
    guard models.isEmpty else { return models.compactMap { ModelSource(parsing: $0) } }
    return [ModelSource(name: "best", path: Self.defaultModel, mayComeLater: true)]
  }

  private func makeLogger() -> (Logger, LogWriter) {
    let form = logFormat.flatMap(LineLogHandler.Form.init) ?? (Terminal.errorIsTerminal ? .text : .json)
    let writer = LogWriter(descriptor: STDERR_FILENO, capacity: 1 << 20)
    let handler = LineLogHandler(form: form, level: Logger.Level(rawValue: logLevel) ?? .info, writer: writer)
    return (Logger(label: "learners") { _ in handler }, writer)
  }

  private func adminToken() throws -> AdminToken? {
    guard let path = adminTokenFile else { return nil }
    let text = try OptionFile.text(path, option: "--admin-token-file")
    guard let token = AdminToken(text) else {
      throw Failure(
        .badData, "--admin-token-file \(path): must hold one word of \(AdminToken.shortest) characters or more of ASCII"
      )
    }
    return token
  }

  private func openAccessLog(_ logger: Logger) throws -> AccessLogFile? {
    guard let path = accessLog else { return nil }
    let host = repositories.host
    try OutputGuard(keeping: sources.map(\.path) + [adminTokenFile, host.usedTokenFile, host.cacert]).refuse(path)
    do throws(SystemError) { return try AccessLogFile(path, logger) } catch {
      throw Failure(.cannotWrite, "--access-log \(printable(path)): \(error): name another file")
    }
  }
}
