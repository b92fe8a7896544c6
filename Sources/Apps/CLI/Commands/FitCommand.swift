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
  @OptionGroup var comparison: ComparisonOptions
  @OptionGroup var threading: ThreadOptions
  @Option(help: ArgumentHelp("Folder of the model files and leaderboard.json.", valueName: "dir")) var out = "models"
  @Option(help: ArgumentHelp("Write the out-of-fold predictions of every model to this CSV file.", valueName: "file"))
  var oof: String?
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    try comparison.check(with: experiment)
    if out.isEmpty || oof == "" { throw ValidationError("--out and --oof: a path is empty") }
  }

  func run() throws {
    threading.apply()
    var outputs = OutputGuard(keeping: data.paths + [experiment.folds])
    try outputs.check(nil)
    let grids = try comparison.grids()
    let job = try FitJob(
      DataSource.load(data), grids, experiment, comparing: comparison, blendSize: comparison.size)
    let names = grids.map(\.name) + (comparison.size == nil ? [] : [Blend.name])
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
