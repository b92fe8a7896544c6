import ArgumentParser
import Learners

/// What is learned from the rows, on which folds, and how they are prepared: the same for `fit` and `tune`.
struct ExperimentOptions: ParsableArguments {
  @Option(
    help:
      "The column to predict. (default: stars for repositories, else the last column that is none of groups, times or weights)"
  ) var target: String?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Columns to leave out. A name with a comma may stand as it is, or in double quotes. May be repeated.",
      valueName: "a,b"))
  var drop: [String] = []
  @Option(
    help: ArgumentHelp(
      "A column that says what a row counts, in all fits and scores: 2 is two copies of it, 0 none. It is no feature.",
      valueName: "column"))
  var weights: String?
  @Option(help: ArgumentHelp("Number of folds. (default: 5)", valueName: "folds")) var cv: Int?
  @Option(
    help: ArgumentHelp(
      "A file with one fold number a row (0, 1, …; -1: never held out), to use the folds of somebody else.",
      valueName: "file"))
  var folds: String?
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
    name: .customLong("allow-leak"), parsing: .singleValue,
    help: ArgumentHelp("A column that may equal the target. May be repeated.", valueName: "name"))
  var allowedLeaks: [String] = []

  func validate() throws {
    for (name, option) in [(weights, "--weights"), (target, "--target")] where name == "" {
      throw ValidationError("\(option): the name of a column is empty")
    }
    if cv != nil && folds != nil { throw ValidationError("--cv and --folds exclude each other") }
    if let bounds, !(bounds >= 0 && bounds.isFinite) { throw ValidationError("--bounds \(bounds): must be 0 or more") }
    if levelRows < 1 { throw ValidationError("--level-rows \(levelRows): must be 1 or more") }
    if let cv, cv < 2 { throw ValidationError("--cv \(cv): at least 2 folds are needed") }
  }

  /// A loss that has a logarithm of its own is not fitted on another.
  func refuseTwoLogarithms(_ candidates: [Candidate]) throws {
    guard targetTransform == .log1p else { return }
    for candidate in candidates where candidate.preparation.target == .untransformed {
      throw Failure(
        .usage,
        "--target-transform log1p: \(candidate.name): \(FitError.twoLogarithms): leave one of the two out")
    }
  }
}
