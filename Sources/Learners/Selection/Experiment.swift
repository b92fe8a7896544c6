/// Grids of candidates compared on the same folds of the same data: the main job of the program.
public struct Experiment: Sendable {
  public let dataset: Dataset
  public let folds: Folds
  /// Where rows are dealt into folds several times: the others.
  public let furtherFolds: [Folds]
  public let targetTransform: TargetTransform.Choice
  public private(set) var options: PipelineOptions
  public let seed: UInt64
  /// Whether the models of the folds stay, for a bag of them.
  public let keepsFoldModels: Bool
  /// The scale that all models are fitted on in all folds and ranked by, and why: found from the targets of all rows, the
  /// one thing that a held-out row has a say in.
  public let targetScale: TargetScale.Decision

  /// Whether that scale is a logarithm.
  public var isLogarithmic: Bool { targetScale.scale.isLogarithmic }

  /// All times that rows are dealt into folds, at least one.
  public var repeats: [Folds] { [folds] + furtherFolds }

  /// - Parameter furtherFolds: of the same rows, for figures over several sets of folds.
  public init(
    dataset: Dataset, folds: Folds, furtherFolds: [Folds] = [], targetTransform: TargetTransform.Choice,
    options: PipelineOptions = PipelineOptions(), seed: UInt64, keepsFoldModels: Bool = false
  ) {
    precondition(
      ([folds] + furtherFolds).allSatisfy { $0.assignments.count == dataset.rowCount },
      "Experiment: folds of other rows")
    self.dataset = dataset
    self.folds = folds
    self.furtherFolds = furtherFolds
    self.targetTransform = targetTransform
    self.options = options
    self.options.insistsOnScale = targetTransform == .log1p
    self.seed = seed
    self.keepsFoldModels = keepsFoldModels
    targetScale = TargetScale.decision(
      for: dataset.target, weights: dataset.weights, choice: targetTransform)
  }

  /// What one grid reached: its best candidate.
  public struct Entry: Sendable {
    public let candidate: Candidate
    /// On the first folds, and on each of the further ones.
    public let validation: CrossValidation
    public let furtherValidations: [CrossValidation]
    /// Of each, and their means.
    public let scoresOfRepeats: [Scores]
    public let scores: Scores
    /// Every candidate of the grid in its order.
    public let trials: [Trial]

    /// - Parameter validations: one for each time that rows were dealt into folds.
    internal init(
      candidate: Candidate, validations: [CrossValidation], scores: (mean: Scores, each: [Scores]), trials: [Trial]
    ) {
      self.candidate = candidate
      validation = validations[0]
      furtherValidations = Array(validations.dropFirst())
      self.scores = scores.mean
      scoresOfRepeats = scores.each
      self.trials = trials
    }
  }

  /// One setting of a grid and how it did.
  public struct Trial: Sendable {
    public let candidate: Candidate
    /// `Scores.r2Transformed`.
    public let r2Transformed: Double
    /// What the grid was ranked by.
    public let figure: Double
  }

  /// What came of several grids.
  public struct Comparison: Sendable {
    /// One a grid, in their order. A grid of which one fit fails is without result.
    public let outcomes: [Result<Entry, CrossValidation.Failure>]
    public let counts: FitCounts
  }

  /// Cross-validates all candidates, sharing what they have in common.
  ///
  /// - Parameter onFold: called with the name of a grid when a fold of some of its candidates is done, from any thread:
  ///   `foldSteps` times a grid that can be fitted.
  public func run(_ grids: [CandidateGrid], onFold: @Sendable (_ name: String) -> Void = { _ in }) -> Comparison {
    var planner = Planner(self, grids)
    let outcomes = planner.run(Array(grids.indices), onFold: onFold)
    return Comparison(outcomes: outcomes, counts: planner.counts)
  }

  /// Calls of `onFold` for a grid.
  public func foldSteps(of grid: CandidateGrid) -> Int { Planner.batches(of: grid).count * foldCount }

  /// Over all times that rows are dealt into folds.
  public var foldCount: Int { repeats.reduce(0) { $0 + $1.count } }

  /// Cross-validates one candidate.
  public func run(_ candidate: Candidate) throws(CrossValidation.Failure) -> Entry {
    try run([CandidateGrid(candidate)]).outcomes[0].get()
  }

  /// Fits a candidate on all rows.
  public func refit(_ candidate: Candidate) throws(FitError) -> Model {
    try candidate.fit(
      dataset, rows: Array(0..<dataset.rowCount), scale: targetScale.scale, options: options, seed: seed)
  }

  /// Fits the candidate of an entry on all rows. From its out-of-fold predictions follow ranges and, where it predicts
  /// medians, means.
  public func refit(_ entry: Entry) throws(FitError) -> Model {
    complete(try refit(entry.candidate), entry.validation)
  }

  /// A model with what follows from out-of-fold predictions: ranges and, where it predicts medians, means.
  internal func complete(_ model: Model, _ validation: CrossValidation) -> Model {
    let predictions = validation.predictions
    return
      model
      .correctingMeans(predictions: predictions, targets: dataset.target, weights: dataset.weights)
      .addingIntervals(from: dataset, folds: folds, predictions: predictions, seed: seed)
  }

  /// What models of these grids are ranked by.
  public static func ranking(of grids: [CandidateGrid]) -> RankingFigure {
    // A grid of several quantiles is refused, and one learner has only one grid: there is a ranking.
    RankingFigure(of: grids.flatMap { $0.candidates.map(\.fittedLoss) }) ?? .r2
  }

  /// The best entry by this ranking; the first of equals.
  public static func best(of entries: [Entry], by ranking: RankingFigure = .r2) -> Entry? {
    entries.reduce(nil) { best, entry in
      guard let best, !(ranking.cost(of: entry.scores) < ranking.cost(of: best.scores)) else { return entry }
      return best
    }
  }
}
