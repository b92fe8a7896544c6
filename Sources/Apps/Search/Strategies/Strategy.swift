package import Learners

/// What a strategy may know: all that is done, in the order in which it was thought of, never who did it and when.
package struct SearchState: Sendable {
  package struct Known: Sendable {
    package let trial: StoredTrial
    package let candidate: Candidate
    /// The smaller the better; infinity for one that failed, nil for one that is not done.
    package let cost: Double?

    package init(trial: StoredTrial, candidate: Candidate, cost: Double?) {
      self.trial = trial
      self.candidate = candidate
      self.cost = cost
    }
  }

  package let plan: SearchPlan
  package let seed: UInt64
  package let foldCount: Int
  package let known: [Known]
  /// Costs of the folds that are done of a trial, for those that are open.
  package let foldCosts: @Sendable (_ trial: Int64) throws(SearchError) -> [Int: Double]

  package init(
    plan: SearchPlan, seed: UInt64, foldCount: Int, known: [Known],
    foldCosts: @escaping @Sendable (_ trial: Int64) throws(SearchError) -> [Int: Double]
  ) {
    self.plan = plan
    self.seed = seed
    self.foldCount = foldCount
    self.known = known
    self.foldCosts = foldCosts
  }
}

/// What is to be done next.
package struct SearchStep: Sendable {
  package var trials: [PlannedTrial] = []
  /// Folds in which these are fitted.
  package var folds: [Int]
  /// Trials that cannot win any more.
  package var stopped: [Int64] = []
}

/// Thinks of settings. A function of what is known: asked again after an interruption it answers the same.
package protocol Strategy: Sendable {
  /// - Returns: nil where there is nothing more to try.
  func next(_ state: SearchState) throws(SearchError) -> SearchStep?
}

extension SearchPlan.Method {
  package var strategy: any Strategy {
    switch self {
    case .grid: GridStrategy()
    case .random: RandomStrategy()
    case .racing: RacingStrategy()
    case .bayes: BayesStrategy()
    }
  }
}
