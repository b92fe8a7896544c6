import ArgumentParser
import Linalg
import Search

/// What `tune` starts: not for people.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Do units of work for learners tune.", shouldDisplay: false)

  @OptionGroup var threading: ThreadOptions
  @Option(name: .customLong("memory-bytes"), help: .hidden) var memory: Int?
  @Option(help: .hidden) var prepared: String?

  func run() throws {
    threading.apply()
    // Who gives the work ends this process: there is nothing to tidy up, and nothing to say about it.
    Interruption.handOver()
    try WorkerMain.run(prepared: prepared, memory: memory)
  }
}
