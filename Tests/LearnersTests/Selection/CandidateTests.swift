import Learners
import Linalg
import Testing

@Suite struct CandidateTests {
  /// Settings with which a fit would take hours.
  private static let endless: [(String, [String: ParameterValue])] = [
    ("forest", ["estimators": .integer(1_000_000)]),
    ("extra-trees", ["estimators": .integer(1_000_000)]),
    ("boosting", ["maxIterations": .integer(100_000), "folds": .integer(0)]),
    ("mlp", ["maxEpochs": .integer(1_000_000), "earlyStopping": .flag(false)]),
    ("svr", ["tolerance": .real(1e-12), "c": .real(1e9), "epsilon": .real(0)]),
  ]

  @Test("A fit that is asked to end does, without a model", arguments: endless)
  func cancelledFitHasNoModel(name: String, settings: [String: ParameterValue]) throws {
    let dataset = try TestDataset.mixed(rows: 300)
    let candidate = try Candidate(#require(Registry.learner(named: name)), settings: settings)
    let cancellation = Cancellation()
    cancellation.request()
    #expect(throws: FitError.cancelled) {
      try cancellation.run {
        try candidate.fit(dataset, rows: Array(0..<300), targetTransform: .none, seed: 0)
      }
    }
  }

  @Test("A fit that nobody asks to end is the same as one that could be asked")
  func watchedFitIsTheSame() throws {
    let dataset = try TestDataset.mixed(rows: 200)
    for name in ["forest", "boosting", "mlp", "svr"] {
      let candidate = try Candidate(#require(Registry.learner(named: name)), settings: Self.quick[name] ?? [:])
      let rows = Array(0..<200)
      let watched = try Cancellation().run {
        try candidate.fit(dataset, rows: rows, targetTransform: .none, seed: 1)
      }
      let alone = try candidate.fit(dataset, rows: rows, targetTransform: .none, seed: 1)
      #expect(try watched.predict(dataset.features) == alone.predict(dataset.features))
    }
  }

  private static let quick: [String: [String: ParameterValue]] = [
    "forest": ["estimators": .integer(5)],
    "boosting": ["maxIterations": .integer(10)],
    "mlp": ["maxEpochs": .integer(2), "ensembleSize": .integer(1)],
  ]
}
