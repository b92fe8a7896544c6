import ArgumentParser
import Learners

/// Which models are compared, with which settings, and how long that may take: the same for `fit` and `report`.
struct ComparisonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Models to compare, or all. (default: all)", valueName: "all|name,…")) var model: String?
  @Option(
    name: .customLong("blend-size"),
    help: ArgumentHelp(
      "Average so many models at most, 2 to 100, with weights, as a model of its own where models are ranked by R²; 0 for none. (default: 10 where all are compared, else 0)",
      valueName: "models"))
  var blendSize: Int?
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
      valueName: "time"), transform: TimeSpan.init(option:))
  var budget: TimeSpan?

  @Option(
    help: ArgumentHelp(
      "Deal the rows into folds so many times, 1 to 100, each time anew: scores are means over all. It takes as many times longer.",
      valueName: "times"))
  var repeats = 1
  @Flag(
    help:
      "Average the models of the folds in the place of fitting each model once more to all rows: no fit beyond the folds."
  )
  var bag = false

  func validate() throws {
    if !(1...100).contains(repeats) { throw ValidationError("--repeats \(repeats): must be from 1 to 100") }
    if repeats > 1 && kin.time != nil {
      throw ValidationError(
        "--repeats and --time exclude each other: time has one order, and each repeat would be the same")
    }
    if bag && kin.time != nil {
      throw ValidationError("--bag and --time exclude each other: models of earlier folds do not know the latest rows")
    }
    if let blendSize, blendSize != 0, !(2...100).contains(blendSize) {
      throw ValidationError("--blend-size \(blendSize): must be 0, or from 2 to 100")
    }
  }

  /// - Throws: where the folds of somebody else would be dealt anew.
  func check(with experiment: ExperimentOptions) throws {
    if repeats > 1 && experiment.folds != nil {
      throw ValidationError(
        "--repeats and --folds exclude each other: given folds are what they are: run the command once with each file")
    }
  }

  private var names: String { model ?? "all" }

  func grids() throws -> [CandidateGrid] { try ModelChoice.grids(names: names, assignments: assignments) }

  /// Models that a blend may have; nil for no blend.
  var size: Int? {
    let size = blendSize ?? (names == "all" ? Blend.Parameters().size : 0)
    return size > 0 ? size : nil
  }
}
