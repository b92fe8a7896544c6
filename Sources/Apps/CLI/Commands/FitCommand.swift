import ArgumentParser
import Learners

struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Compare models by cross-validation, keep them all, and say which is best.",
    discussion: """
      Everything that learns, learns inside the training part of each fold: the figures are what new rows will see. Each \
      model is then fitted on all rows and written to DIR/NAME.safetensors, the best also to DIR/best.safetensors.

        learners fit --model all --cv 5
        learners fit --data houses.csv --target price --drop id
        learners fit --data page-*.json --set svr.c=1 --oof oof.csv
        learners fit --model ridge,svr --set ridge.alpha=1,10,100 --set svr.c=1,3 --set svr.epsilon=0.05,0.1

      Several values make a grid: all combinations are cross-validated on the same folds and the best stays. The best of \
      many settings looks slightly better than it is on new rows.

      Without --data the bundled sample, made-up repositories, is used. Models and their hyper-parameters:

      \(ParameterHelp.text)
      """)

  @OptionGroup var data: DataOptions
  @Option(help: "The column to predict. (default: stars for repositories, else the last column)") var target: String?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Columns to leave out. A name with a comma may stand as it is, or in double quotes. May be repeated.",
      valueName: "a,b"))
  var drop: [String] = []
  @Option(help: ArgumentHelp("Models to compare, or all.", valueName: "all|name,…")) var model = "all"
  @Option(help: ArgumentHelp("Number of folds. (default: 5)", valueName: "folds")) var cv: Int?
  @Option(
    help: ArgumentHelp(
      "A file with one fold number a row (0, 1, …; -1: never held out), to use the folds of somebody else.",
      valueName: "file"))
  var folds: String?
  @Option(
    help: ArgumentHelp(
      "A column that names what rows belong to, such as their owner: whole groups are held out, by folds and by what learners hold out themselves. It is no feature.",
      valueName: "column"))
  var groups: String?
  @Option(
    help: ArgumentHelp(
      "A column of dates or numbers: every fold is predicted from the rows before it.", valueName: "column"))
  var time: String?
  @Option(help: "Seed of every random choice.") var seed: UInt64 = 0
  @Option(
    name: .customLong("target-transform"),
    help: ArgumentHelp(
      "Scale of the target: auto is a logarithm where it has a long tail and is nowhere negative.",
      valueName: "auto|none|log1p")
  )
  var targetTransform: TargetTransform.Choice = .auto
  @Option(
    help: ArgumentHelp(
      "Keep predictions within this share of the targets' range beyond its ends, such as 0.5. (default: free)",
      valueName: "share"))
  var bounds: Double?
  @Option(
    help: ArgumentHelp(
      "Form of numbers with long tails in ridge, svr and mlp. (default: auto, what the training rows speak for)",
      valueName: "auto|raw|log|clipped|both"))
  var numbers: NumbersOption = .auto
  @Option(
    name: .customLong("level-rows"),
    help: ArgumentHelp(
      "Rows that a level of a text needs in ridge, svr and mlp not to be pooled with other rare ones.",
      valueName: "rows"))
  var levelRows = 1
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "A hyper-parameter, such as svr.c=1, or several values to choose from, svr.c=1,3,10. May be repeated.",
      valueName: "model.param=value,…"))
  var assignments: [String] = []
  @Option(
    name: .customLong("allow-leak"), parsing: .singleValue,
    help: ArgumentHelp("A column that may equal the target. May be repeated.", valueName: "name"))
  var allowedLeaks: [String] = []
  @Option(
    help: ArgumentHelp(
      "Leave out, with a warning, models that would not be done in this time from the start on, such as 10m or 1h30m.",
      valueName: "time"))
  var budget: TimeSpan?
  @OptionGroup var threading: ThreadOptions
  @Option(help: ArgumentHelp("Folder of the model files and leaderboard.json.", valueName: "dir")) var out = "models"
  @Option(help: ArgumentHelp("Write the out-of-fold predictions of every model to this CSV file.", valueName: "file"))
  var oof: String?
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    if cv != nil && folds != nil { throw ValidationError("--cv and --folds exclude each other") }
    if out.isEmpty || oof == "" { throw ValidationError("--out and --oof: a path is empty") }
    if let bounds, !(bounds >= 0 && bounds.isFinite) { throw ValidationError("--bounds \(bounds): must be 0 or more") }
    if levelRows < 1 { throw ValidationError("--level-rows \(levelRows): must be 1 or more") }
    if groups != nil && time != nil { throw ValidationError("--groups and --time exclude each other") }
    if let cv, cv < 2 { throw ValidationError("--cv \(cv): at least 2 folds are needed") }
  }

  /// A loss that has a logarithm of its own is not fitted on another.
  private func refuseTwoLogarithms(_ grids: [CandidateGrid]) throws {
    guard targetTransform == .log1p else { return }
    for candidate in grids.flatMap(\.candidates) where candidate.preparation.target == .untransformed {
      throw Failure(
        .usage,
        "--target-transform log1p: \(candidate.name): \(FitError.twoLogarithms): leave one of the two out")
    }
  }

  private var pipelineOptions: PipelineOptions {
    PipelineOptions(numbers: numbers.form, leastLevelRows: levelRows, margin: bounds)
  }

  func run() throws {
    threading.apply()
    var outputs = OutputGuard(keeping: data.paths + [folds])
    try outputs.check(nil)
    let grids = try ModelChoice.grids(names: model, assignments: assignments)
    let source = try DataSource.load(data)
    let options = Dataset.Options(
      target: target, dropped: source.columns(namedIn: drop),
      allowedLeaks: Set(allowedLeaks), groups: groups, time: time)
    try refuseTwoLogarithms(grids)
    let job = try FitJob(
      source: source, dataset: source.dataset(options), grids: grids, cv: cv ?? 5, foldsFile: folds,
      targetTransform: targetTransform, options: pipelineOptions, seed: seed, allowedLeaks: Set(allowedLeaks),
      budget: budget)
    try OutputFile.makeFolder(out)
    try outputs.check(oof)
    for grid in grids { try outputs.check("\(out)/\(grid.name).safetensors") }
    try outputs.check("\(out)/best.safetensors", mayBe: grids.map { "\(out)/\($0.name).safetensors" })
    try outputs.check("\(out)/leaderboard.json")
    let files = FitFiles(folder: out, outOfFold: oof)
    let result = try Interruption.ending(with: { files.rescue(job) }) {
      let result = try job.run()
      try files.write(result)
      return result
    }
    if json {
      try Terminal.writeOutput(jsonText(result.report(timed: true)) + "\n")
    } else {
      try Terminal.writePage(result.table(width: Terminal.width(), folder: out) + "\n")
    }
  }
}
