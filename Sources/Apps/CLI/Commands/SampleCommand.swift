import ArgumentParser
import Repositories

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Write a synthetic table of repositories to practise on.",
    discussion: """
      The rows are made up: stars depend on the other columns by a formula with noise. The same seed gives the same file.

        learners sample --rows 20000 --out sample.csv
      """)

  @Option(help: "Number of rows.") var rows = 5000
  @Option(help: "Seed of the random numbers.") var seed: UInt64 = 0
  @Option(help: ArgumentHelp("The CSV file to write.", valueName: "file")) var out: String

  func validate() throws {
    guard (1...10_000_000).contains(rows) else { throw ValidationError("--rows \(rows): must be 1 ... 10000000") }
  }

  func run() throws {
    try OutputFile.write(SyntheticRepositories.csv(rows: rows, seed: seed), to: out)
    Terminal.writeError("learners: wrote \(rows) synthetic repositories to \(out)")
  }
}
