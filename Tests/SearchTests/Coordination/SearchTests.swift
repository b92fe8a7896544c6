import Foundation
import Learners
import Linalg
import TestSupport
import Testing

import Search

@Suite struct SearchTests {
  private func plan(_ method: SearchPlan.Method, trials: Int? = 14) throws -> SearchPlan {
    SearchPlan(spaces: [try Scene.ridge(), try Scene.svr()], method: method, trials: trials)
  }

  /// Searches without a fault: the trials, and the choice.
  private func undisturbed(_ scene: Scene, _ plan: SearchPlan) throws -> (trials: [String], nested: Double?) {
    let store = try scene.store("undisturbed.sqlite")
    let search = try scene.search(store, plan)
    #expect(try search.run(try scene.workers(), until: nil) == .complete)
    return (try Scene.text(store), try search.result().nested)
  }

  @Test(arguments: SearchPlan.Method.allCases)
  func whatIsKilledGoesOnAsIfNothingHadHappened(_ method: SearchPlan.Method) throws {
    let scene = try Scene()
    let plan = SearchPlan(
      spaces: method == .grid ? [try Scene.ridge()] : [try Scene.ridge(), try Scene.svr()], method: method, trials: 20)
    let expected = try undisturbed(scene, plan)
    #expect(expected.trials.count >= 5 && expected.nested != nil)
    var random = RandomStream(seed: 3, purpose: RandomPurpose("test.kills"))
    var rounds = 0
    while true {
      rounds += 1
      let faults = Faults(
        // The settings of the grid are few units: one a fold.
        lost: [random.uniform(below: 9)], dies: rounds > 12 ? nil : random.uniform(below: method == .grid ? 3 : 7),
        atOnce: 1 + random.uniform(below: 5))
      let store = try scene.store()
      let search = try scene.search(store, plan)
      do {
        guard try search.run(try scene.workers(faults), until: nil) == .complete else { continue }
      } catch {
        #expect((error as? SearchError)?.what == "killed")
        continue
      }
      #expect(try Scene.text(store) == expected.trials)
      #expect(try search.result().nested == expected.nested)
      break
    }
    #expect(rounds > 1)
  }

  @Test func aUnitThatEndsItsWorkerThreeTimesIsGivenUpAlone() throws {
    let scene = try Scene()
    let store = try scene.store()
    let search = try scene.search(store, try plan(.random, trials: 6))
    // While it is put back, the next unit is given: every other one is the one that was lost.
    #expect(try search.run(try scene.workers(Faults(lost: [0, 2, 4])), until: nil) == .complete)
    let trials = try store.trials()
    let failed = trials.filter { $0.state == .failed }
    // Settings that share a fit are one unit.
    #expect(!failed.isEmpty && failed.count < 6 && Set(failed.map(\.learner)).count == 1)
    #expect(failed.allSatisfy { $0.reason == "it ended its worker 3 times: signal 9" })
    #expect(trials.count { $0.state == .done } == 6 - failed.count)
    #expect(try search.result().failedCount == failed.count)
  }

  @Test func onlyWhatIsNewIsFitted() throws {
    let scene = try Scene()
    let store = try scene.store()
    let workers = try scene.workers()
    _ = try scene.search(store, try plan(.random, trials: 6)).run(workers, until: nil)
    let first = try Scene.text(store)
    #expect(workers.given == 6 * 4 - (try store.counts().asked - workers.given))
    let before = try store.counts()
    _ = try scene.search(store, try plan(.random, trials: 6)).run(workers, until: nil)
    #expect(try store.counts() == before)
    _ = try scene.search(store, try plan(.random, trials: 10)).run(workers, until: nil)
    #expect(try store.counts().done == 40)
    #expect(Array(try Scene.text(store).prefix(6)) == first)
    // Another learner in the same store.
    let more = SearchPlan(
      spaces: [try Scene.ridge(), try Scene.svr(), try Space(Mean.self, fixed: [:], dimensions: [])], method: .random,
      trials: 11)
    _ = try scene.search(store, more).run(workers, until: nil)
    #expect(try store.trials().last?.learner == "mean")
  }

  @Test func resultsAreThoseOfTheExperiment() throws {
    let scene = try Scene()
    let store = try scene.store()
    let search = try scene.search(store, try plan(.random, trials: 8))
    _ = try search.run(try scene.workers(), until: nil)
    let result = try search.result()
    for ranked in result.ranked {
      let entry = try scene.experiment.run(ranked.candidate)
      // Penalties of ridge and kernels of svr are shared: equal to their tolerance, not to the bit.
      #expect(abs(entry.scores.r2Transformed - (ranked.trial.figures?.overall ?? 0)) < 1e-2)
    }
    let best = try #require(result.ranked.first?.trial.figures?.overall)
    let nested = try #require(result.nested)
    #expect(nested <= best && nested > 0)
  }

  @Test func anotherExperimentIsRefusedWithWhatDiffers() throws {
    let scene = try Scene()
    let store = try scene.store()
    let error = try #require(throws: SearchError.self) { try store.agree(on: ["the data": "others"]) }
    #expect(error.what.contains("the data is others, there it is synthetic"))
  }

  @Test func aSecondSearchOnAStoreIsRefused() throws {
    let scene = try Scene()
    try withExtendedLifetime(try scene.store()) {
      let error = try #require(throws: SearchError.self) { _ = try scene.store() }
      #expect(error.what.contains("another learners tune (process \(ProcessInfo.processInfo.processIdentifier))"))
    }
  }

  @Test func aDamagedStoreIsRefused() throws {
    let scene = try Scene()
    try scene.folder.write("search.sqlite", String(repeating: "no database ", count: 500))
    let error = try #require(throws: SearchError.self) { _ = try scene.store() }
    #expect(error.code == .badData && error.what.contains("no SQLite database"))
  }
}
