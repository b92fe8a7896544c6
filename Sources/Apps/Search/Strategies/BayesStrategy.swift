internal import Learners
internal import Linalg

/// Settings of which a model of the costs expects the largest improvement, some at a time.
///
/// Each learner begins with its defaults and points that fill its space. Then a Gaussian process of each learner's costs
/// proposes: the setting with the largest expected improvement on the best of all learners is taken, believed to cost what is
/// expected of it, and so on until a generation is full. What is believed to be the best is what the next has to improve on:
/// otherwise all of a generation would crowd around it. A generation has the same size whoever does the work.
/// Source: Jones, Schonlau & Welch, "Efficient global optimization of expensive black-box functions", J. Global
/// Optimization 13, 1998; several at a time: Ginsbourger, Le Riche & Carraro, "Kriging is well-suited to parallelize
/// optimization", 2010 (the believer).
package struct BayesStrategy: Strategy {
  private static let generation = 8
  /// Points that are compared, and points near the best ones.
  private static let points = 400
  private static let nearPoints = 150
  /// How near: the model is exact where much is known, and so must be what is proposed.
  private static let distances = [0.08, 0.02, 0.005]
  /// The cubes of their number are what a generation costs.
  private static let mostKnown = 250

  package func next(_ state: SearchState) throws(SearchError) -> SearchStep? {
    let generation = state.nextGeneration
    let first = beginnings(state, generation)
    let trials = first.isEmpty ? proposals(state, generation) : first
    return trials.isEmpty ? nil : SearchStep(trials: trials, folds: Array(0..<state.foldCount))
  }

  /// Until each learner has as many trials as its space asks for.
  private func beginnings(_ state: SearchState, _ generation: Int) -> [PlannedTrial] {
    var missing: [(space: Space, count: Int)] = []
    for space in state.plan.spaces {
      let known = state.known.count { $0.trial.learner == space.name }
      let wanted = space.dimensions.isEmpty ? 1 : space.dimensions.count + 3
      if known < wanted { missing.append((space, wanted - known)) }
    }
    var trials: [PlannedTrial] = []
    for (space, count) in missing {
      let alone = SearchState(
        plan: SearchPlan(spaces: [space], method: .bayes, trials: nil), seed: state.seed, foldCount: state.foldCount,
        known: state.known, foldCosts: state.foldCosts)
      trials += TrialSequence(alone).next(count, strategy: "bayes", generation: generation)
    }
    return Array(trials.prefix(state.remaining(atMost: trials.count)))
  }

  private func proposals(_ state: SearchState, _ generation: Int) -> [PlannedTrial] {
    var best = state.best?.cost ?? .infinity
    var models = state.plan.spaces.compactMap { LearnerModel($0, state, generation) }
    var hashes = Set(state.known.map { Setting.hash(of: $0.candidate) })
    var trials: [PlannedTrial] = []
    for _ in 0..<state.remaining(atMost: Self.generation) {
      let proposals = models.map { $0.best(besides: hashes, below: best) }
      var chosen: (place: Int, proposal: LearnerModel.Proposal)?
      for (place, proposal) in proposals.enumerated() {
        guard let proposal, proposal.improvement > chosen?.proposal.improvement ?? -1 else { continue }
        chosen = (place, proposal)
      }
      guard let (place, proposal) = chosen else { break }
      hashes.insert(Setting.hash(of: proposal.candidate))
      trials.append(
        PlannedTrial(
          candidate: proposal.candidate, strategy: "bayes", generation: generation, number: models[place].takeNumber()))
      best = min(best, models[place].believe(proposal))
    }
    // Where nothing can be modelled, as when all costs are equal, even points are as good as any.
    guard trials.isEmpty else { return trials }
    return TrialSequence(state).next(
      state.remaining(atMost: Self.generation), strategy: "bayes", generation: generation)
  }

  /// What is known of one learner's costs.
  private struct LearnerModel {
    struct Proposal {
      let point: [Double]
      let candidate: Candidate
      let improvement: Double
    }

    private let space: Space
    private var process: GaussianProcess
    private var points: [[Double]]
    private var number: Int

    /// - Returns: nil where there is nothing to choose, or too little is known.
    init?(_ space: Space, _ state: SearchState, _ generation: Int) {
      guard !space.dimensions.isEmpty else { return nil }
      let own = state.known.filter { $0.trial.learner == space.name && $0.cost != nil }
      let placed = own.compactMap { known in space.place(of: known.candidate).map { ($0, known.cost ?? .infinity) } }
      let recent = placed.sorted { $0.1 < $1.1 }.prefix(BayesStrategy.mostKnown)
      let costs = BayesStrategy.tamed(recent.map(\.1))
      guard let process = GaussianProcess(points: recent.map(\.0), values: costs) else { return nil }
      self.space = space
      self.process = process
      number = own.reduce(0) { max($0, $1.trial.number + 1) }
      points = Self.points(space, near: recent.prefix(3).map(\.0), state.seed, generation)
    }

    private static func points(_ space: Space, near best: [[Double]], _ seed: UInt64, _ generation: Int) -> [[Double]] {
      let even = LowDiscrepancy(
        dimensions: space.dimensions.count, seed: seed, purpose: RandomPurpose("search.proposals"))
      let first = generation * BayesStrategy.points
      var points = (first..<first + BayesStrategy.points).map { even[$0] }
      var random = RandomStream(seed: seed, purpose: RandomPurpose("search.near"), index: UInt64(generation))
      guard !best.isEmpty else { return points }
      for index in 0..<BayesStrategy.nearPoints {
        let distance = BayesStrategy.distances[index / best.count % BayesStrategy.distances.count]
        points.append(best[index % best.count].map { min(max($0 + distance * random.normal(), 0), 1) })
      }
      return points
    }

    func best(besides known: Set<String>, below best: Double) -> Proposal? {
      let ranked = points.map { ($0, process.expectedImprovement(at: $0, below: best)) }.enumerated()
        .sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }
      for (point, improvement) in ranked.lazy.map(\.element) {
        if let candidate = space.candidate(at: point), !known.contains(Setting.hash(of: candidate)) {
          return Proposal(point: point, candidate: candidate, improvement: improvement)
        }
      }
      return nil
    }

    /// - Returns: the cost that is believed.
    mutating func believe(_ proposal: Proposal) -> Double {
      let expected = process.predict(proposal.point).mean
      process = process.adding(proposal.point, value: expected) ?? process
      return expected
    }

    mutating func takeNumber() -> Int {
      defer { number += 1 }
      return number
    }
  }

  /// What is much worse than the others is only that: how much would bend the model where it matters.
  private static func tamed(_ costs: [Double]) -> [Double] {
    let finite = costs.filter(\.isFinite).sorted()
    guard let least = finite.first else { return costs.map { _ in 0 } }
    let middle = finite[finite.count / 2]
    let limit = middle + 2 * max(middle - least, 1e-12)
    return costs.map { $0.isFinite ? min($0, limit) : limit }
  }
}

extension Space {
  /// Where a candidate is in the unit cube; nil where one of its values is not among those that are searched.
  fileprivate func place(of candidate: Candidate) -> [Double]? {
    let values = Self.values(learner, candidate)
    let places = dimensions.compactMap { dimension in values[dimension.name].flatMap { dimension.place(of: $0) } }
    return places.count == dimensions.count ? places : nil
  }

  private static func values<Learner: Regressor>(
    _: Learner.Type, _ candidate: Candidate
  ) -> [String: ParameterValue] {
    let names = Learner.Parameters.table.map(\.name)
    return Dictionary(uniqueKeysWithValues: zip(names, candidate.values))
  }
}
