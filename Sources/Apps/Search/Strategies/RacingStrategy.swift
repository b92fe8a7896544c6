internal import Learners

/// Points that fill the spaces evenly, fold by fold: a setting whose folds so far are on average worse than the worst fold of
/// the best setting known is not fitted on the others.
///
/// All settings of a heat are fitted on one fold before any is on the next, so that who is stopped does not depend on who
/// was fitted first. The first heat runs on all folds: without a best there is nothing to be worse than.
/// Source of the rule: Bergman, Purucker & Hutter, "Don't waste your time: early stopping cross-validation", AutoML 2024,
/// arXiv:2405.03389, the forgiving one.
package struct RacingStrategy: Strategy {
  private static let firstHeat = 8
  private static let heat = 24

  package func next(_ state: SearchState) throws(SearchError) -> SearchStep? {
    let open = state.known.filter { $0.trial.state == .open }
    guard open.isEmpty else { return try goOn(open, state) }
    let best = state.best
    let trials = TrialSequence(state).next(
      state.remaining(atMost: best == nil ? Self.firstHeat : Self.heat), strategy: "racing",
      generation: state.nextGeneration)
    guard !trials.isEmpty else { return nil }
    return SearchStep(trials: trials, folds: best == nil ? Array(0..<state.foldCount) : [0])
  }

  /// The next fold for those that can still win.
  private func goOn(_ open: [SearchState.Known], _ state: SearchState) throws(SearchError) -> SearchStep {
    var limit = Double.infinity
    if let best = state.best { limit = try worstFold(of: best, state) }
    var step = SearchStep(folds: [])
    for known in open {
      let costs = try state.foldCosts(known.trial.id)
      let mean =
        costs.values.isEmpty ? 0 : costs.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value } / Double(costs.count)
      let missing = (0..<state.foldCount).first { costs[$0] == nil }
      guard mean <= limit, mean < .infinity, let missing else {
        step.stopped.append(known.trial.id)
        continue
      }
      // All are on the same fold, but for settings that an earlier search left behind; they catch up first.
      if step.folds.isEmpty || missing < step.folds[0] { (step.folds, step.trials) = ([missing], []) }
      if missing == step.folds[0] { step.trials.append(PlannedTrial(known)) }
    }
    return step
  }

  private func worstFold(of known: SearchState.Known, _ state: SearchState) throws(SearchError) -> Double {
    try state.foldCosts(known.trial.id).values.max() ?? .infinity
  }
}

extension PlannedTrial {
  fileprivate init(_ known: SearchState.Known) {
    self.init(
      candidate: known.candidate, strategy: known.trial.strategy, generation: known.trial.generation,
      number: known.trial.number)
  }
}

extension SearchState {
  /// The best of all that is done; of equals the first.
  package var best: Known? {
    known.filter { ($0.cost ?? .infinity) < .infinity }.min {
      ($0.cost ?? 0, $0.trial.id) < ($1.cost ?? 0, $1.trial.id)
    }
  }
}
