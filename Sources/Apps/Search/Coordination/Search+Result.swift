public import Learners
internal import Linalg

/// What a search has found.
public struct SearchResult: Sendable {
  public struct Ranked: Sendable {
    public let trial: StoredTrial
    public let candidate: Candidate
    public let cost: Double
  }

  /// What all are ranked by.
  public let ranking: RankingFigure
  /// All trials that are done, the best first; of equals the one that was thought of first.
  public let ranked: [Ranked]
  /// How good the choice itself is: for each fold the trial that is best without it predicts it. Nil where there is none.
  public let nested: Double?
  public let counts: StoredCounts
  public let openCount: Int
  public let failedCount: Int
  public let stoppedCount: Int
}

extension Search {
  public func result() throws(SearchError) -> SearchResult {
    let trials = try store.trials()
    let done = trials.compactMap { trial -> SearchResult.Ranked? in
      guard trial.state == .done, let figures = trial.figures,
        let candidate = Setting.candidate(trial.learner, trial.settings)
      else { return nil }
      return SearchResult.Ranked(trial: trial, candidate: candidate, cost: ranking.cost(figures.overall))
    }
    let ranked = done.sorted { ($0.cost, $0.trial.id) < ($1.cost, $1.trial.id) }
    return SearchResult(
      ranking: ranking, ranked: ranked, nested: try nested(done), counts: try store.counts(),
      openCount: trials.count { $0.state == .open }, failedCount: trials.count { $0.state == .failed },
      stoppedCount: trials.count { $0.state == .stopped })
  }

  /// The best of each learner, in the order of the registry, with all its trials.
  public func entries(_ result: SearchResult) throws(SearchError) -> [(grid: CandidateGrid, entry: Experiment.Entry)] {
    var entries: [(grid: CandidateGrid, entry: Experiment.Entry)] = []
    for learner in Registry.learners {
      guard let best = result.ranked.first(where: { $0.trial.learner == learner.name }) else { continue }
      let own = result.ranked.filter { $0.trial.learner == learner.name }.sorted { $0.trial.id < $1.trial.id }
      let varied = Set(own.flatMap(\.candidate.settings.keys)).sorted()
      let trials = own.map { ranked in
        Experiment.Trial(
          ranked.candidate, r2Transformed: ranked.trial.figures?.r2Transformed ?? .nan,
          figure: ranked.trial.figures?.overall ?? .nan)
      }
      guard let validation = experiment.validation(of: try store.results(of: best.trial.id).map(\.outcome)) else {
        throw SearchError(
          .badData, "\(store.path): results of trial \(best.trial.id) are damaged",
          advice: "move the store away and search again")
      }
      entries.append(
        (
          CandidateGrid(own.map(\.candidate), varied: varied),
          experiment.entry(best.candidate, validation, trials: trials, ranking: ranking)
        ))
    }
    return entries
  }

  /// The choice repeated with each fold left out: what it predicts for a fold, it has chosen without looking at it.
  private func nested(_ done: [SearchResult.Ranked]) throws(SearchError) -> Double? {
    guard done.count > 1, experiment.folds.count > 2 else { return nil }
    var predictions = [Double](repeating: .nan, count: experiment.folds.assignments.count)
    var quantiles: Matrix<Double>?
    for fold in 0..<experiment.folds.count {
      let cost = { (ranked: SearchResult.Ranked) in
        ranked.trial.figures.map { self.ranking.cost($0.without[fold]) } ?? .infinity
      }
      guard let chosen = done.min(by: { (cost($0), $0.trial.id) < (cost($1), $1.trial.id) }),
        let validation = experiment.validation(of: try store.results(of: chosen.trial.id).map(\.outcome))
      else { return nil }
      if quantiles == nil { quantiles = validation.quantiles }
      for row in experiment.folds.testRows(fold) {
        predictions[row] = validation.predictions[row]
        guard let own = validation.quantiles, quantiles?.columns == own.columns else { continue }
        for level in 0..<own.columns { quantiles?[row, level] = own[row, level] }
      }
    }
    return experiment.figure(of: predictions, quantiles: quantiles, by: ranking, over: experiment.folds)
  }
}
