import ArgumentParser

/// Where rows come from, in every command that reads a table.
struct DataOptions: ParsableArguments {
  @Option(
    name: .customLong("data"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Tables: .csv, .csv.gz, .jsonl, .npy, or GitHub's .json (a search page or an array of repositories).",
      discussion:
        "Several files of one kind are one table. Tables with GitHub's column names become features of repositories.",
      valueName: "path"))
  var paths: [String] = []
}
