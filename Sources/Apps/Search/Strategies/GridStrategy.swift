internal import Learners

/// All combinations of all values.
package struct GridStrategy: Strategy {
  package func next(_ state: SearchState) throws(SearchError) -> SearchStep? {
    let known = Set(state.known.map { Setting.hash(of: $0.candidate) })
    var trials: [PlannedTrial] = []
    var hashes = known
    for space in state.plan.spaces {
      guard let grid = space.grid(steps: SearchPlan.gridSteps, atMost: SearchPlan.largestGrid) else {
        throw SearchError(
          .usage, "--strategy grid: \(space.name) has more than \(SearchPlan.largestGrid) combinations",
          advice: "give fewer values with --set, or take another strategy")
      }
      for (number, candidate) in grid.enumerated() where hashes.insert(Setting.hash(of: candidate)).inserted {
        trials.append(PlannedTrial(candidate: candidate, strategy: "grid", generation: 0, number: number))
      }
    }
    return trials.isEmpty ? nil : SearchStep(trials: trials, folds: Array(0..<state.foldCount))
  }
}
