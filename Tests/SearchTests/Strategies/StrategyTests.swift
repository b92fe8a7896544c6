import Glibc
import Learners
import Linalg
import Testing

import Search

@Suite struct StrategyTests {
  @Test func aProcessKnowsWhatItWasToldAndIsUnsureElsewhere() throws {
    let points = stride(from: 0.0, through: 1, by: 0.125).map { [$0] }
    let function = { (x: Double) in sin(6 * x) }
    let process = try #require(GaussianProcess(points: points, values: points.map { function($0[0]) }))
    for place in [0.06, 0.3, 0.55, 0.8] {
      let (mean, deviation) = process.predict([place])
      #expect(abs(mean - function(place)) < 0.03 && deviation < 0.1)
    }
    let (_, beyond) = process.predict([3])
    #expect(beyond > 0.3)
    // Below the least value there is little to expect where it is known to be high, more at the minimum.
    #expect(process.expectedImprovement(at: [0.8], below: -0.9) > process.expectedImprovement(at: [0.25], below: -0.9))
    let told = try #require(process.adding([3], value: 0))
    #expect(told.predict([3]).deviation < 0.1 * beyond)
    #expect(abs(told.predict([0.3]).mean - function(0.3)) < 0.02)
  }

  @Test func nothingIsMadeOfEqualValues() {
    #expect(GaussianProcess(points: [[0], [1]], values: [2, 2]) == nil)
  }

  /// Each method on a made-up cost with its minimum inside the space: what it has after 40 trials.
  private func least(_ method: SearchPlan.Method) throws -> Double {
    let space = try Scene.svr()
    let cost = { (candidate: Candidate) -> Double in
      // What is not set is as it is by default: 3 and 0.1.
      guard case .real(let c) = candidate.settings["c"] ?? .real(3),
        case .real(let epsilon) = candidate.settings["epsilon"] ?? .real(0.1)
      else { return .infinity }
      return pow(log10(c) - 0.7, 2) + pow(log10(epsilon) + 1.2, 2)
    }
    var known: [SearchState.Known] = []
    let plan = SearchPlan(spaces: [space], method: method, trials: 40)
    while let step = try method.strategy.next(
      SearchState(plan: plan, seed: 1, foldCount: 3, known: known, foldCosts: { _ in [:] }))
    {
      for trial in step.trials {
        let stored = StoredTrial(
          id: Int64(known.count), learner: "svr", settings: Setting.text(of: trial.candidate), strategy: trial.strategy,
          generation: trial.generation, number: trial.number, state: .done)
        known.append(.init(trial: stored, candidate: trial.candidate, cost: cost(trial.candidate)))
      }
    }
    #expect(known.count == 40)
    return known.compactMap(\.cost).min() ?? .infinity
  }

  /// From 0.34, the best of the points that it begins with.
  @Test func aModelOfTheCostsComesNearer() throws { #expect(try least(.bayes) < 1e-4) }

  @Test func racingStopsWhatCannotWinAndKeepsTheBest() throws {
    let scene = try Scene(rows: 120, folds: 5)
    let spaces = [try Scene.svr()]
    let (all, raced) = (try scene.store("all.sqlite"), try scene.store("raced.sqlite"))
    let workers = try scene.workers()
    let random = try scene.search(all, SearchPlan(spaces: spaces, method: .random, trials: 40))
    let racing = try scene.search(raced, SearchPlan(spaces: spaces, method: .racing, trials: 40))
    _ = try random.run(workers, until: nil)
    _ = try racing.run(workers, until: nil)
    #expect(try racing.result().stoppedCount > 3)
    #expect(try raced.counts().done < all.counts().done - 10)
    #expect(try racing.result().ranked.first?.candidate.values == random.result().ranked.first?.candidate.values)
    // Nothing that is half measured is ranked.
    #expect(try racing.result().ranked.allSatisfy { $0.trial.figures?.folds.count == 5 })
  }
}
