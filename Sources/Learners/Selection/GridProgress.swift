/// How far a grid is: the best candidate so far, and the figures of all.
internal struct GridProgress: Sendable {
  let grid: CandidateGrid
  /// Places of the candidates that are fitted together.
  let batches: [[Int]]
  var failure: CrossValidation.Failure?
  /// Levels of the quantile that all models are scored as, whatever they estimate; empty for most experiments.
  private let levels: [Double]
  private let ranking: RankingFigure
  private var best: (place: Int, validations: [CrossValidation], cost: Double)?
  /// Of the round that is on: of each set of folds that is done one a candidate.
  private var found: [[CrossValidation]] = []
  private var trials: [Experiment.Trial?]

  init(grid: CandidateGrid, batches: [[Int]], levels: [Double]) {
    self.grid = grid
    self.batches = batches
    self.levels = levels
    ranking = grid.ranking
    trials = Array(repeating: nil, count: grid.candidates.count)
  }

  func candidates(of round: Int) -> [Candidate] { batches[round].map { grid.candidates[$0] } }

  /// Takes what the candidates of a batch came to on one set of folds.
  mutating func add(_ validations: [CrossValidation]) { found.append(validations) }

  /// Considers the candidates of a round, whose sets of folds are all done.
  mutating func finish(round: Int, in experiment: Experiment) {
    let validations = found
    found = []
    guard failure == nil, validations.count == experiment.repeats.count else { return }
    for (candidate, place) in batches[round].enumerated() {
      consider(place, validations.map { $0[candidate] }, in: experiment)
    }
  }

  private mutating func consider(_ place: Int, _ validations: [CrossValidation], in experiment: Experiment) {
    func mean(_ figure: (CrossValidation, Folds) -> Double) -> Double {
      zip(validations, experiment.repeats).reduce(0) { $0 + figure($1.0, $1.1) } / Double(validations.count)
    }
    let dataset = experiment.dataset
    let r2 = mean { validation, folds in
      Scores.r2Transformed(
        predictions: validation.predictions, targets: dataset.target, weights: dataset.weights, folds: folds,
        scale: experiment.targetScale.scale)
    }
    let figure =
      ranking == .r2
      ? r2
      : mean { validation, folds in
        ranking.figure(
          predictions: validation.predictions, quantiles: validation.quantiles, targets: dataset.target,
          weights: dataset.weights, folds: folds)
      }
    trials[place] = Experiment.Trial(candidate: grid.candidates[place], r2Transformed: r2, figure: figure)
    let cost = ranking.cost(figure)
    // Batches may come in another order than the grid's: of equals the first of the grid stays.
    let isBetter = best.map { cost < $0.cost || (cost == $0.cost && place < $0.place) } ?? true
    if isBetter { best = (place, validations, cost) }
  }

  func outcome(in experiment: Experiment) -> Result<Experiment.Entry, CrossValidation.Failure> {
    if let failure { return .failure(failure) }
    guard let best else { return .failure(.stopped) }
    let candidate = grid.candidates[best.place]
    let scores = experiment.scores(of: best.validations, loss: candidate.fittedLoss, levels: levels)
    return .success(
      Experiment.Entry(
        candidate: candidate, validations: best.validations, scores: scores, trials: trials.compactMap { $0 }))
  }
}
