import ArgumentParser
import Learners
import Search

/// What is searched, how, and where it is kept.
struct TuneOptions: ParsableArguments {
  @OptionGroup var data: DataOptions
  @OptionGroup var experiment: ExperimentOptions
  @Option(
    help: ArgumentHelp(
      "A column that names what rows belong to: whole groups are held out. It is no feature.", valueName: "column"))
  var groups: String?
  @Option(
    name: .customLong("time-column"),
    help: ArgumentHelp(
      "A column of dates or numbers: every fold is predicted from the rows before it (the --time of fit).",
      valueName: "column"))
  var timeColumn: String?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Models to search, or all. May be repeated to add some. (default: all)", valueName: "all|name,…")
  )
  var model: [String] = []
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "What is searched: svr.c=1,3,10, or a range, svr.c=0.1..1000:log, even in the logarithm. One value is given and not searched. May be repeated.",
      valueName: "model.param=value,…|low..high[:log]"))
  var assignments: [String] = []
  @Option(
    help: ArgumentHelp(
      "How settings are thought of: auto is grid where --set lists all values and neither --trials nor --time is given, else racing.",
      valueName: "auto|\(SearchPlan.Method.allCases.map(\.rawValue).joined(separator: "|"))"))
  var strategy = "auto"
  @Option(
    help: ArgumentHelp(
      "Settings to try in all, or +N for N more than there are. (default: 20 a model, or as many as there is time for)",
      valueName: "n|+n"))
  var trials: TrialsOption?
  @Option(
    help: ArgumentHelp(
      "End the search after this time, such as 20m; the fits to all rows come after it.", valueName: "time"),
    transform: TimeSpan.init(option:))
  var time: TimeSpan?
  @Option(
    help: ArgumentHelp("Worker processes; the result does not depend on it. (default: one a core)", valueName: "n"))
  var processes: Int?
  @Option(
    help: ArgumentHelp(
      "Memory that a worker may use beside the data, such as 500M or 2G: one that uses more is ended. (default: no limit)",
      valueName: "size"))
  var memory: MemorySize?
  @OptionGroup var threading: ThreadOptions
  @Option(
    help: ArgumentHelp(
      "Have the work done by a Ray cluster: the address of its dashboard, such as http://HEAD:8265, or auto on a node of it. A unit takes --threads processors (default: 1), --processes at a time at most. The token is RAY_AUTH_TOKEN, in the file RAY_AUTH_TOKEN_PATH, or in ~/.ray/auth_token.",
      valueName: "address|auto"))
  var ray: String?
  @Option(
    help: ArgumentHelp(
      "How long a cluster may have no free processor, or give no answer, before the search ends. (default: 10m)",
      valueName: "time"), transform: TimeSpan.init(option:))
  var rayWait: TimeSpan?
  @Option(help: ArgumentHelp("The store of the search. (default: tune.sqlite in --out)", valueName: "file.sqlite"))
  var store: String?
  @Option(help: ArgumentHelp("Folder of the model files and leaderboard.json.", valueName: "dir")) var out = "models"
  @Flag(help: "Print JSON: one event a line, and the result as the last.") var json = false

  func validate() throws {
    for (name, option) in [(groups, "--groups"), (timeColumn, "--time-column")] where name == "" {
      throw ValidationError("\(option): the name of a column is empty")
    }
    if groups != nil && timeColumn != nil { throw ValidationError("--groups and --time-column exclude each other") }
    if out.isEmpty || store == "" { throw ValidationError("--out and --store: a path is empty") }
    if let processes, processes < 1 || processes > 1024 {
      throw ValidationError("--processes \(processes): must be 1 ... 1024")
    }
    if let ray, !RayCluster.isAddress(ray) {
      throw ValidationError("--ray \(ray): must be auto, or an address such as http://HEAD:8265")
    }
    if rayWait != nil && ray == nil { throw ValidationError("--ray-wait: there is no --ray to wait for") }
    if strategy != "auto", SearchPlan.Method(rawValue: strategy) == nil {
      let known = SearchPlan.Method.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--strategy \(strategy): choose among auto, \(known)")
    }
  }

  /// How settings are thought of.
  func method() throws -> SearchPlan.Method {
    if let method = SearchPlan.Method(rawValue: strategy) { return method }
    let isListed =
      try !assignments.isEmpty && assignments.allSatisfy { try !SetOption(parsing: $0).value.contains("..") }
    let isOneModelEach = try Set(assignments.map { try SetOption(parsing: $0).model })
      .isSuperset(of: ModelChoice.learners(modelNames).map { $0.name })
    return isListed && isOneModelEach && trials == nil && time == nil ? .grid : .racing
  }

  /// As one list.
  var modelNames: String { model.isEmpty || model.contains("all") ? "all" : model.joined(separator: ",") }

  var storePath: String { store ?? "\(out)/tune.sqlite" }

  /// How a search is carried out is as it was typed last.
  mutating func takeManner(of other: TuneOptions) {
    (processes, memory, time, json) = (other.processes, other.memory, other.time, other.json)
    (threading, store) = (other.threading, other.storePath)
    (ray, rayWait) = (other.ray, other.rayWait)
  }
}
