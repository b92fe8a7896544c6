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
  @OptionGroup var experiment: ExperimentOptions
  @Option(help: ArgumentHelp("Models to compare, or all.", valueName: "all|name,…")) var model = "all"
  @Option(
    name: .customLong("blend-size"),
    help: ArgumentHelp(
      "Average so many models at most, 2 to 100, with weights, as a model of its own where models are ranked by R²; 0 for none. (default: 10 where all are compared, else 0)",
      valueName: "models"))
  var blendSize: Int?
  @Flag(
    help:
      "Average the models of the folds in the place of fitting each model once more to all rows: no fit beyond the folds."
  )
  var bag = false
  @OptionGroup var kin: KinOptions
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "A hyper-parameter, such as svr.c=1, or several values to choose from, svr.c=1,3,10. May be repeated.",
      valueName: "model.param=value,…"))
  var assignments: [String] = []
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
    if let blendSize, blendSize != 0, !(2...100).contains(blendSize) {
      throw ValidationError("--blend-size \(blendSize): must be 0, or from 2 to 100")
    }
    if bag && kin.time != nil {
      throw ValidationError("--bag and --time exclude each other: models of earlier folds do not know the latest rows")
    }
    if out.isEmpty || oof == "" { throw ValidationError("--out and --oof: a path is empty") }
  }

  func run() throws {
    threading.apply()
    var outputs = OutputGuard(keeping: data.paths + [experiment.folds])
    try outputs.check(nil)
    let grids = try ModelChoice.grids(names: model, assignments: assignments)
    let source = try DataSource.load(data)
    try experiment.refuseTwoLogarithms(grids.flatMap(\.candidates))
    let size = blendSize ?? (model == "all" ? Blend.Parameters().size : 0)
    let job = try FitJob(
      source, grids, experiment, groups: kin.groups, time: kin.time, budget: budget,
      blendSize: size > 0 ? size : nil, bags: bag)
    let names = grids.map(\.name) + (size > 0 ? [Blend.name] : [])
    try OutputFile.makeFolder(out)
    try outputs.check(oof)
    for name in names { try outputs.check("\(out)/\(name).safetensors") }
    try outputs.check("\(out)/best.safetensors", mayBe: names.map { "\(out)/\($0).safetensors" })
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
