import Learners
import Linalg
import Synchronization
import TestSupport
import Testing

/// A comparison of grids gives what separate fits give, with fewer of them.
@Suite(.serialized) struct PlannerTests {
  private func experiment(rows: Int = 120, isNumeric: Bool = false) throws -> Experiment {
    let dataset: Dataset
    if isNumeric {
      let (x, y) = SyntheticData.friedman(rows: rows, features: 6)
      let columns = (0..<6).map { Column(name: "x\($0)", values: .numeric(x.column($0).map { $0 * 3 + 1 })) }
      dataset = try Dataset(Table(columns: columns + [Column(name: "y", values: .numeric(y))]))
    } else {
      dataset = try TestDataset.mixed(rows: rows)
    }
    let folds = try Folds(shuffling: rows, into: 4, seed: 0)
    return Experiment(dataset: dataset, folds: folds, targetTransform: .auto, seed: 3)
  }

  /// Pipeline and learner fitted by themselves in every fold.
  private func separately(_ candidate: Candidate, _ experiment: Experiment) throws -> [Double] {
    var predictions = [Double](repeating: .nan, count: experiment.dataset.rowCount)
    for fold in 0..<experiment.folds.count {
      let model = try candidate.fit(
        experiment.dataset, rows: experiment.folds.trainingRows(fold), scale: experiment.targetScale.scale,
        seed: experiment.seed)
      let rows = experiment.folds.testRows(fold)
      for (row, value) in zip(rows, try model.predict(experiment.dataset.features, rows: rows)) {
        predictions[row] = value
      }
    }
    return predictions
  }

  @Test func everyLearnerPredictsAsItDoesAlone() throws {
    let experiment = try experiment()
    let small: [String: [String: ParameterValue]] = [
      "forest": ["estimators": .integer(5)], "extra-trees": ["estimators": .integer(5)],
      "boosting": ["maxIterations": .integer(10)], "mlp": ["patience": .integer(1)],
    ]
    let candidates = try Registry.learners.map { learner in
      try Candidate(learner, settings: small[learner.name] ?? [:])
    }
    let comparison = experiment.run(candidates.map { CandidateGrid($0) })
    for (candidate, outcome) in zip(candidates, comparison.outcomes) {
      let found = try outcome.get()
      #expect(found.validation.predictions == (try separately(candidate, experiment)), "\(candidate.name)")
      #expect(found.validation.fitDurations.count == 4 && found.validation.predictDurations.count == 4)
      #expect(found.trials.count == 1)
    }
    #expect(comparison.counts.asked == candidates.count * 4 && comparison.counts.done == candidates.count * 4)
  }

  /// Ridge through the moments of all folds (numbers only) and fold by fold (a text, missing values).
  @Test(arguments: [true, false])
  func aGridHasTheResultsOfSeparateFits(isNumeric: Bool) throws {
    let experiment = try experiment(isNumeric: isNumeric)
    let alphas = [0.01, 1, 10, 1, 1000]
    let grid = try CandidateGrid(Ridge.self, values: [("alpha", alphas.map(ParameterValue.real))])
    let comparison = experiment.run([grid])
    let entry = try comparison.outcomes[0].get()
    let r2 = try [0.01, 1, 10, 1000].map { alpha in
      let predictions = try separately(Candidate(Ridge.self, settings: ["alpha": .real(alpha)]), experiment)
      let scores = Scores(
        predictions: predictions, targets: experiment.dataset.target, folds: experiment.folds,
        scale: experiment.targetScale.scale)
      if entry.candidate.settings["alpha"] == .real(alpha) {
        #expect(largestRelativeError(entry.validation.predictions, predictions, floor: 1) < 1e-8)
      }
      return scores.r2Transformed
    }
    #expect(largestAbsoluteError(entry.trials.map(\.r2Transformed), r2) < 1e-9)
    #expect(entry.trials.map(\.candidate.settings) == [0.01, 1, 10, 1000].map { ["alpha": .real($0)] })
    let best = try #require(r2.indices.max { r2[$0] < r2[$1] })
    #expect(entry.candidate.settings["alpha"] == .real([0.01, 1, 10, 1000][best]))
    #expect(abs(entry.scores.r2Transformed - r2[best]) < 1e-9)
    // One fit a fold for all penalties, the one that is given twice included.
    #expect(comparison.counts.asked == 20 && comparison.counts.done == 4)
    #expect(comparison.counts.adding(refits: 1).asked == 21 && comparison.counts.adding(refits: 1).done == 5)
  }

  /// More settings than go at once, with other learners beside them.
  @Test func batchesChangeNothing() throws {
    let experiment = try experiment(rows: 60)
    let alphas = (0..<70).map { ParameterValue.real(0.1 * Double($0 + 1)) }
    let grid = try CandidateGrid(Ridge.self, values: [("alpha", alphas)])
    let steps = Mutex([String: Int]())
    let comparison = experiment.run([grid, CandidateGrid(try Candidate(Mean.self))]) { name in
      steps.withLock { $0[name, default: 0] += 1 }
    }
    let entry = try comparison.outcomes[0].get()
    #expect(entry.trials.count == 70 && comparison.counts.asked == 71 * 4 && comparison.counts.done == 3 * 4 + 4)
    for index in [0, 31, 32, 69] {
      let alone = try experiment.run(entry.trials[index].candidate)
      #expect(abs(alone.scores.r2Transformed - entry.trials[index].r2Transformed) < 1e-9)
    }
    #expect(steps.withLock { $0 } == ["ridge": 12, "mean": 4] && experiment.foldSteps(of: grid) == 12)
  }

  @Test func aGridThatFailsLeavesTheOthers() throws {
    let dataset = try TestDataset.make(
      feature: Feature(name: "f"), values: [1, 1, 1, 2], target: [1, 2, 3, 4])
    let folds = try Folds(assignments: [0, 0, 1, 1], rows: 4)
    let experiment = Experiment(dataset: dataset, folds: folds, targetTransform: .none, seed: 0)
    for settings in [[:], ["alpha": ParameterValue.real(1)]] {
      let comparison = experiment.run([
        CandidateGrid(try Candidate(Ridge.self, settings: settings)), CandidateGrid(try Candidate(Mean.self)),
      ])
      #expect(throws: CrossValidation.Failure.self) { try comparison.outcomes[0].get() }
      #expect(throws: Never.self) { try comparison.outcomes[1].get() }
    }
  }

  /// An error in a fold names a row by its number in the dataset, not in the fold's training part.
  @Test func aRowIsNamedByItsNumberInTheDataset() throws {
    let dataset = try TestDataset.make(feature: Feature(name: "f"), values: [1, 2, 3, 4], target: [1, 2, 3, -3])
    let folds = try Folds(assignments: [0, 0, 1, 1], rows: 4)
    let experiment = Experiment(dataset: dataset, folds: folds, targetTransform: .log1p, seed: 0)
    let candidate = try Candidate(Mean.self)
    let outcome = experiment.run([CandidateGrid(candidate)]).outcomes[0]
    guard case .failure(.fit(.invalidTarget(let row, _), let fold)) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(row == 3 && fold == 0)
    let reason = "is -3, log1p needs more than -1"
    #expect(throws: FitError.invalidTarget(row: 3, reason: reason)) {
      try candidate.fit(dataset, rows: [1, 3], targetTransform: .log1p, seed: 0)
    }
  }

  @Test func aSmallGridIsAllCombinations() throws {
    let grid = try CandidateGrid(
      SVR.self, values: [("c", [.integer(1), .real(2)]), ("epsilon", [.real(0.1), .real(0.2), .real(0.1)])])
    #expect(grid.askedCount == 6 && grid.varied == ["c", "epsilon"])
    let settings = grid.candidates.map { [$0.settings["c"], $0.settings["epsilon"]] }
    #expect(
      settings == [
        [.integer(1), .real(0.1)], [.integer(1), .real(0.2)], [.real(2), .real(0.1)], [.real(2), .real(0.2)],
      ])
    // A whole number and the same real one are the same setting.
    let same = try CandidateGrid(Ridge.self, values: [("alpha", [.integer(1), .real(1)])])
    #expect(same.candidates.count == 1 && same.askedCount == 2)
  }

  @Test func refusesGridsThatCannotBe() {
    let many = (0..<40).map { ParameterValue.real(Double($0) + 1) }
    #expect(throws: CandidateGrid.Problem.tooLarge(settings: 1600)) {
      try CandidateGrid(SVR.self, values: [("c", many), ("epsilon", many)])
    }
    #expect(throws: CandidateGrid.Problem.noValues(name: "c")) { try CandidateGrid(SVR.self, values: [("c", [])]) }
    #expect(throws: CandidateGrid.Problem.self) { try CandidateGrid(SVR.self, values: [("c", [.real(1), .real(-1)])]) }
    #expect(throws: CandidateGrid.Problem.self) { try CandidateGrid(SVR.self, values: [("d", [.real(1)])]) }
  }

  @Test func predictionsOfAGridDoNotDependOnTheThreads() throws {
    let experiment = try experiment(isNumeric: true)
    let grids = [
      try CandidateGrid(Ridge.self, values: [("alpha", [.real(1), .real(100)])]),
      try CandidateGrid(SVR.self, values: [("c", [.real(1), .real(3)])]),
    ]
    let results = try [1, 2, 7].map { threads in
      try ThreadBudget.with(threads) {
        try experiment.run(grids).outcomes.map { try $0.get().validation.predictions.map(\.bitPattern) }
      }
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }
}
