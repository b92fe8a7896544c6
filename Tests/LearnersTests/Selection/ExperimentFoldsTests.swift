import Learners
import Linalg
import TestSupport
import Testing

/// An experiment in pieces comes to what it does as a whole.
@Suite struct ExperimentFoldsTests {
  private func experiment() throws -> Experiment {
    let (x, y) = SyntheticData.friedman(rows: 90, features: 5)
    let columns = (0..<5).map { column in
      Column(name: "x\(column)", values: .numeric((0..<90).map { x[$0, column] }))
    }
    let dataset = try Dataset(Table(columns: columns + [Column(name: "y", values: .numeric(y.map { $0 * $0 }))]))
    // Some rows are never held out.
    let assignments = (0..<90).map { $0 % 4 - 1 }
    return Experiment(
      dataset: dataset, folds: try Folds(assignments: assignments, rows: 90), targetTransform: .auto, seed: 3)
  }

  @Test(arguments: ["mean", "svr", "forest", "extra-trees", "boosting", "mlp"])
  func piecesMakeTheWhole(_ name: String) throws {
    let experiment = try experiment()
    let learner = try #require(Registry.learner(named: name))
    let small: [String: [String: ParameterValue]] = [
      "forest": ["estimators": .integer(10)], "extra-trees": ["estimators": .integer(10)],
      "boosting": ["maxIterations": .integer(20), "folds": .integer(0)],
      "mlp": ["maxEpochs": .integer(3), "ensembleSize": .integer(1)],
    ]
    let candidate = try Candidate(learner, settings: small[name] ?? [:])
    let outcomes = try (0..<experiment.folds.count).map { fold in
      try experiment.input(candidate.preparation, fold: fold).fit([candidate], seed: experiment.seed).outcomes[0]
    }
    let pieces = CrossValidation(outcomes, of: experiment.folds)
    let whole = try experiment.run(candidate)
    #expect(pieces.predictions.map(\.bitPattern) == whole.validation.predictions.map(\.bitPattern))
    #expect(pieces.tellsRowsApart == whole.validation.tellsRowsApart)
    let entry = experiment.entry(candidate, pieces, trials: [], ranking: .r2)
    #expect(entry.scores.r2Transformed == whole.scores.r2Transformed && entry.scores.rmse == whole.scores.rmse)
    let figure = experiment.figure(of: pieces.predictions, quantiles: nil, by: .r2, over: experiment.folds)
    #expect(figure == whole.scores.r2Transformed || name == "mean")
  }

  @Test func aFoldThatCannotBeFittedSaysWhy() throws {
    let table = Table(columns: [
      Column(name: "x", values: .numeric([1, 1, 2, 3])), Column(name: "y", values: .numeric([1, 2, 3, 4])),
    ])
    let experiment = Experiment(
      dataset: try Dataset(table), folds: try Folds(assignments: [0, 0, 1, 1], rows: 4), targetTransform: .none, seed: 0
    )
    // What is left of x without the second fold does not vary.
    #expect(throws: FitError.self) { _ = try experiment.input(Ridge.preparation, fold: 1) }
  }
}
