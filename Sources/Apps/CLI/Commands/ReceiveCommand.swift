import ArgumentParser
import Deploy
import Glibc
import HTTPClient

/// What production does when a model is pushed to it: not for people.
struct ReceiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receive", abstract: "Take or refuse a model that is pushed to this machine.", shouldDisplay: false,
    subcommands: [ReceiveCheckCommand.self, ReceiveDoorCommand.self])
}

struct ReceiveOptions: ParsableArguments {
  @Option(help: .hidden) var config = "/etc/learners/delivery.yml"

  func settings() throws -> DeliverySettings {
    guard let text = DeployFiles.text(config) else {
      throw Failure(.noInput, "\(printable(config)): it cannot be read: run learners deploy apply again")
    }
    return try DeliverySettings(parsing: text, file: config)
  }
}

/// A pre-receive hook.
struct ReceiveCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "check", shouldDisplay: false)

  @OptionGroup var options: ReceiveOptions

  func run() throws {
    let settings = try options.settings()
    // Whoever pushes may go at any moment: what is begun is brought to its end, or taken back.
    Interruption.handOver()
    for number in [SIGPIPE, SIGHUP, SIGINT, SIGTERM] { signal(number, SIG_IGN) }
    let parent = getppid()
    var configuration = HTTPConfiguration(userAgent: "learners/\(programVersion)")
    configuration.totalTimeout = .seconds(10)
    configuration.maximumRedirects = 0
    let page = ServedPage(settings, exchange: try HTTPClient(configuration: configuration), clock: PassingClock())
    let reception = Reception(settings, page: page, isWanted: { getppid() == parent }) { file throws(DeployError) in
      guard let path = settings.heldOut else { return nil }
      return try HeldOutTable.rows(path, for: file)
    }
    var input = ""
    while let line = readLine(strippingNewline: false) { input += line }
    let verdict = reception.receive(hookInput: input)
    // Git shows the person who pushes what the hook writes.
    Terminal.put(printable(lines: verdict.text), to: STDOUT_FILENO)
    if !verdict.isAccepted { throw ExitCode(Failure.Status.badData.rawValue) }
  }
}

/// What ssh runs for the key of a delivery.
struct ReceiveDoorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "door", shouldDisplay: false)

  @OptionGroup var options: ReceiveOptions

  func run() throws {
    Interruption.handOver()
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    let door = Door(try options.settings())
    try door.open(for: environmentVariables()["SSH_ORIGINAL_COMMAND"]) { Terminal.writeError("learners: \($0)") }
  }
}
