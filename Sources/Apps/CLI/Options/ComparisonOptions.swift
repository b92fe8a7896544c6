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

  func validate() throws {
    if let blendSize, blendSize != 0, !(2...100).contains(blendSize) {
      throw ValidationError("--blend-size \(blendSize): must be 0, or from 2 to 100")
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
