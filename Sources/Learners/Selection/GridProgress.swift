/// How far a grid is: the best candidate so far, and the figures of all.
internal struct GridProgress: Sendable {
  let grid: CandidateGrid
  /// Places of the candidates that are fitted together.
  let batches: [[Int]]
  var failure: CrossValidation.Failure?
  /// Levels of the quantile that all models are scored as, whatever they estimate; empty for most experiments.
  private let levels: [Double]
  private let ranking: RankingFigure
  private var best: (place: Int, validation: CrossValidation, cost: Double)?
  private var trials: [Experiment.Trial?]

  init(grid: CandidateGrid, batches: [[Int]], levels: [Double]) {
    self.grid = grid
    self.batches = batches
    self.levels = levels
    ranking = grid.ranking
    trials = Array(repeating: nil, count: grid.candidates.count)
  }

  func candidates(of round: Int) -> [Candidate] { batches[round].map { grid.candidates[$0] } }

  mutating func consider(_ place: Int, _ validation: CrossValidation, in experiment: Experiment) {
    let (dataset, folds) = (experiment.dataset, experiment.folds)
    let r2 = Scores.r2Transformed(
      predictions: validation.predictions, targets: dataset.target, weights: dataset.weights, folds: folds,
      scale: experiment.targetScale.scale)
    let figure =
      ranking == .r2
      ? r2
      : ranking.figure(
        predictions: validation.predictions, quantiles: validation.quantiles, targets: dataset.target,
        weights: dataset.weights, folds: folds)
    trials[place] = Experiment.Trial(candidate: grid.candidates[place], r2Transformed: r2, figure: figure)
    let cost = ranking.cost(figure)
    // Batches may come in another order than the grid's: of equals the first of the grid stays.
    let isBetter = best.map { cost < $0.cost || (cost == $0.cost && place < $0.place) } ?? true
    if isBetter { best = (place, validation, cost) }
  }

  func outcome(in experiment: Experiment) -> Result<Experiment.Entry, CrossValidation.Failure> {
    if let failure { return .failure(failure) }
    guard let best else { return .failure(.stopped) }
    let candidate = grid.candidates[best.place]
    let scores = Scores(
      predictions: best.validation.predictions, targets: experiment.dataset.target,
      weights: experiment.dataset.weights, folds: experiment.folds, scale: experiment.targetScale.scale,
      loss: candidate.fittedLoss, levels: levels,
      quantiles: best.validation.quantiles, tellsRowsApart: best.validation.tellsRowsApart)
    return .success(
      Experiment.Entry(
        candidate: candidate, validation: best.validation, scores: scores, trials: trials.compactMap { $0 }))
  }
}
