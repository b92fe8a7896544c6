import ArgumentParser
import Learners
import Repositories

/// Where rows come from, in every command that reads a table.
struct DataOptions: ParsableArguments {
  @Option(
    name: .customLong("data"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Tables: .csv, .tsv, .jsonl, .ndjson (all four also with .gz), .npy, - for standard input, GitHub's .json (a search page or an array of repositories), or the .sqlite store of extract (its latest snapshot). Several files of one kind are one table. Tables with GitHub's column names become features of repositories.",
      valueName: "path"))
  var paths: [String] = []

  @Option(
    name: .customLong("collected-at"),
    help: ArgumentHelp(
      "When repositories were collected: their ages are counted to this moment, such as 2025-05-15T12:00:00Z. (default: the latest timestamp in the data)",
      valueName: "time"))
  var collectedAt: String?

  @OptionGroup var reading: ReadingArguments

  var moment: Timestamp? { collectedAt.flatMap { Timestamp(iso8601: $0) } }

  func validate() throws {
    if let collectedAt, moment == nil {
      throw ValidationError("--collected-at \(collectedAt): must look like 2025-05-15T12:00:00Z")
    }
    if paths.contains("") { throw ValidationError("--data: a path is empty") }
  }
}
