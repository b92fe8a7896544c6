internal import ArgumentParser
internal import Foundation
internal import GitHubServer

@main
internal struct GitHubServerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "github-server",
    abstract:
      "Behaves like GitHub's API on 127.0.0.1 with made-up repositories; prints its address and serves until ended.")

  @Option(help: "0 for a free one.") var port = 0
  @Option(help: "How many repositories there are.") var repositories = 1000
  @Option(help: "Another seed makes other repositories.") var seed: UInt64 = 0
  @Option(help: "Added to everybody's stars.") var minimumStars = 0
  @Option(help: "So many have equal stars and were created within one minute.") var burst = 0
  @Option(help: "Days since the first snapshot; stars grow.") var day = 0
  @Option(help: "A JSON file with a plan of faults.") var faults: String?
  @Option(help: "The only token that is accepted.") var token: String?
  @Flag(help: "No limits, no gap between searches.") var noLimits = false
  @Option(help: "Seconds from one search to the next.") var searchGap: Double?
  @Option(help: "How much faster than real time the server's clock runs.") var clockScale = 1.0
  @Option(help: "Milliseconds from a request to its answer.") var latency = 0
  @Flag(help: "Compress answers with gzip.") var gzip = false

  func validate() throws {
    guard repositories >= 0, burst >= 0, day >= 0, latency >= 0, clockScale > 0, (0...65_535).contains(port) else {
      throw ValidationError("Numbers must not be negative, and a port is at most 65535.")
    }
  }

  func run() throws {
    let server = try GitHubServer(try options())
    // Not `print`, which keeps what goes into a pipe for later.
    try FileHandle.standardOutput.write(contentsOf: Data((server.url + "\n").utf8))
    try server.waitUntilClosed()
  }

  private func options() throws -> ServerOptions {
    var options = ServerOptions()
    options.population.count = repositories
    options.population.seed = seed
    options.population.minimumStars = minimumStars
    options.population.burst = burst
    options.population.day = day
    if noLimits { options.limits = .none }
    if let searchGap { options.limits.searchGap = searchGap }
    if let faults {
      options.faults = try JSONDecoder().decode(FaultPlan.self, from: Data(contentsOf: URL(filePath: faults)))
    }
    options.token = token
    options.clockScale = clockScale
    options.latency = .milliseconds(latency)
    options.compresses = gzip
    options.port = port
    return options
  }
}
