import ArgumentParser
import Extraction

/// What is extracted, and where it goes.
struct ExtractOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What to search for, as in GitHub's search box; it may begin with a minus sign.", valueName: "query"))
  var query = "stars:>=50"
  @Option(help: ArgumentHelp("How many repositories, those with the most stars; or all.", valueName: "number|all"))
  var count = "1000"
  @Option(help: ArgumentHelp("The SQLite file to fill.", valueName: "file"))
  var store = "data/repositories.sqlite"
  @Option(
    help: ArgumentHelp(
      "Ask GraphQL about each repository as well: watchers, commits, issues, releases, …", valueName: "none|graphql"))
  var details: Details = .none
  @Flag(help: "Begin a new snapshot where one is complete, asking only for what has changed.") var refresh = false
  @Flag(name: .customLong("accept-missing"), help: "Be done although GitHub did not show everything.")
  var acceptMissing = false
  @Option(help: ArgumentHelp("Write the snapshot as one JSON array of repositories.", valueName: "file"))
  var json: String?
  @Flag(name: .customLong("dry-run"), help: "Say what would be asked and what it costs, and stop.") var dryRun = false

  enum Details: String, ExpressibleByArgument, CaseIterable {
    case none, graphql
  }

  var settings: Extractor.Settings {
    var settings = Extractor.Settings()
    settings.query = query
    settings.wanted = Int(count)
    settings.asksDetails = details == .graphql
    settings.refreshes = refresh
    settings.acceptsMissing = acceptMissing
    return settings
  }

  func validate() throws {
    guard count == "all" || (Int(count).map { (1...100_000_000).contains($0) } ?? false) else {
      throw ValidationError("--count \(count): must be 1 ... 100000000, or all")
    }
    guard !query.hasPrefix("--") else { throw ValidationError("--query: a query is missing before \(query)") }
    if store.isEmpty || json == "" { throw ValidationError("--store and --json: a path is empty") }
    guard store.lowercased().hasSuffix(".sqlite") else {
      throw ValidationError("--store \(store): its name must end in .sqlite, so that --data knows it")
    }
  }
}
