internal import Learners
internal import Linalg

/// The settings of each learner in a fixed order: its defaults first, then points that fill its space evenly.
package struct TrialSequence: Sendable {
  private let state: SearchState

  /// Points that are tried for a setting that is not known; a space that has none after so many is exhausted.
  private static let patience = 500

  package init(_ state: SearchState) { self.state = state }

  /// The next trials that nobody has thought of, learner by learner in turn.
  package func next(_ count: Int, strategy: String, generation: Int) -> [PlannedTrial] {
    var hashes = Set(state.known.map { Setting.hash(of: $0.candidate) })
    var numbers = state.plan.spaces.map { nextNumber($0) }
    var isExhausted = state.plan.spaces.map { _ in false }
    var trials: [PlannedTrial] = []
    while trials.count < count, isExhausted.contains(false) {
      // Who has the fewest trials is next, so that learners stay side by side however often this is asked.
      let open = isExhausted.indices.filter { !isExhausted[$0] }
      guard let place = open.min(by: { (numbers[$0], $0) < (numbers[$1], $1) }) else { break }
      let space = state.plan.spaces[place]
      guard let (number, candidate) = Self.candidate(of: space, from: numbers[place], seed: state.seed, besides: hashes)
      else {
        isExhausted[place] = true
        continue
      }
      hashes.insert(Setting.hash(of: candidate))
      numbers[place] = number + 1
      trials.append(
        PlannedTrial(candidate: candidate, strategy: strategy, generation: generation, number: number))
    }
    return trials
  }

  private func nextNumber(_ space: Space) -> Int {
    state.known.reduce(0) { next, known in
      known.trial.learner == space.name && known.trial.strategy != "grid" ? max(next, known.trial.number + 1) : next
    }
  }

  private static func candidate(
    of space: Space, from first: Int, seed: UInt64, besides known: Set<String>
  ) -> (number: Int, candidate: Candidate)? {
    let points = LowDiscrepancy(
      dimensions: space.dimensions.count, seed: seed, purpose: RandomPurpose("search.points"))
    for number in first..<first + (space.dimensions.isEmpty ? 1 : patience) {
      guard let candidate = number == 0 ? space.standard : space.candidate(at: points[number]) else { continue }
      if !known.contains(Setting.hash(of: candidate)) { return (number, candidate) }
    }
    return nil
  }
}

extension SearchState {
  /// How many of `most` trials there may still be.
  package func remaining(atMost most: Int) -> Int {
    guard let wanted = plan.trials else { return most }
    return max(0, min(most, wanted - known.count))
  }

  /// The generation after the last one.
  package var nextGeneration: Int { known.reduce(0) { max($0, $1.trial.generation + 1) } }
}
