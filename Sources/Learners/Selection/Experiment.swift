/// Candidates compared on the same folds of the same data: the main job of the program.
public struct Experiment: Sendable {
  public let dataset: Dataset
  public let folds: Folds
  public let targetTransform: TargetTransform.Choice
  public let seed: UInt64
  /// Whether the target of the whole data is put on the logarithmic scale, which `Scores.r2Transformed` is taken on.
  public let isLogarithmic: Bool

  public init(dataset: Dataset, folds: Folds, targetTransform: TargetTransform.Choice, seed: UInt64) {
    self.dataset = dataset
    self.folds = folds
    self.targetTransform = targetTransform
    self.seed = seed
    isLogarithmic = TargetTransform.isLogarithmic(dataset.target, choice: targetTransform)
  }

  /// What one candidate reached.
  public struct Entry: Sendable {
    public let candidate: Candidate
    public let validation: CrossValidation
    public let scores: Scores
  }

  /// Cross-validates one candidate.
  public func run(
    _ candidate: Candidate, onFold: @Sendable (_ fold: Int) -> Void = { _ in }
  ) throws(CrossValidation.Failure) -> Entry {
    let validation = try CrossValidation(
      of: candidate, on: dataset, folds: folds, targetTransform: targetTransform, seed: seed, onFold: onFold)
    let scores = Scores(
      predictions: validation.predictions, targets: dataset.target, folds: folds, isLogarithmic: isLogarithmic)
    return Entry(candidate: candidate, validation: validation, scores: scores)
  }

  /// Fits a candidate on all rows.
  public func refit(_ candidate: Candidate) throws(FitError) -> Model {
    try candidate.fit(
      dataset, rows: Array(0..<dataset.rowCount), targetTransform: targetTransform, seed: seed)
  }

  /// The entry with the highest R² on the scale that the learners were fitted on; the first of equals.
  public static func best(of entries: [Entry]) -> Entry? {
    entries.reduce(nil) { best, entry in
      guard let best, !(entry.scores.r2Transformed > best.scores.r2Transformed) else { return entry }
      return best
    }
  }
}
