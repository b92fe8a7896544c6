/// Points that fill the spaces evenly, some at a time.
package struct RandomStrategy: Strategy {
  /// So many that workers are rarely idle at the end of them, and so few that a search for a time has most of them done.
  private static let generation = 32

  package func next(_ state: SearchState) throws(SearchError) -> SearchStep? {
    let trials = TrialSequence(state).next(
      state.remaining(atMost: Self.generation), strategy: "random", generation: state.nextGeneration)
    return trials.isEmpty ? nil : SearchStep(trials: trials, folds: Array(0..<state.foldCount))
  }
}
