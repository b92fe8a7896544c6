import Learners
import Linalg
import Testing

/// The mean of the models of all folds.
@Suite struct BagTests {
  private static func experiment(_ transform: TargetTransform.Choice = .none, keeps: Bool = true) throws -> Experiment {
    let dataset = try TestDataset.mixed(rows: 120)
    let folds = try Folds(shuffling: 120, into: 4, seed: 1)
    return Experiment(
      dataset: dataset, folds: folds, targetTransform: transform, seed: 2, keepsFoldModels: keeps)
  }

  private static let candidates: [(name: String, settings: [String: ParameterValue])] = [
    ("ridge", ["alpha": .real(1)]), ("forest", ["estimators": .integer(5)]),
    ("boosting", ["maxIterations": .integer(10)]),
  ]

  @Test(arguments: candidates.map(\.name))
  func predictsTheMeanOfModelsThatWereFittedWithoutAFold(name: String) throws {
    let experiment = try Self.experiment()
    let settings = try #require(Self.candidates.first { $0.name == name }?.settings)
    let candidate = try Candidate(#require(Registry.learner(named: name)), settings: settings)
    let comparison = experiment.run([CandidateGrid(candidate)])
    let entry = try comparison.outcomes[0].get()
    #expect(comparison.counts.done == 4)
    let bag = try #require(experiment.bag(entry))
    let dataset = experiment.dataset
    let alone = try (0..<4).map { fold in
      try candidate.fit(
        dataset, rows: experiment.folds.trainingRows(fold), scale: experiment.targetScale.scale, seed: 2
      ).predict(dataset.features)
    }
    for (row, found) in try bag.predict(dataset.features).enumerated() {
      #expect(abs(found - alone.reduce(0) { $0 + $1[row] / 4 }) < 1e-9 * max(1, abs(found)))
    }
    #expect(
      entry.validation.predictions == (try Self.experiment(keeps: false).run(candidate)).validation.predictions
        || name == "ridge")
    #expect(bag.intervals != nil && bag.trainingShares != nil)
  }

  /// A blend of bags has the models of all folds as its members.
  @Test func bagsAreBlended() throws {
    let experiment = try Self.experiment()
    let members = try Self.candidates.map { name, settings in
      let entry = try experiment.run(Candidate(#require(Registry.learner(named: name)), settings: settings))
      return (entry: entry, model: try #require(experiment.bag(entry)))
    }
    guard let (_, model) = experiment.blend(members, size: 3) else { return }
    let blend = try #require(model.learner as? Blend)
    #expect(blend.members.count % 4 == 0 && abs(blend.members.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
    let provenance = ModelFile.Provenance(dataSHA256: "00", rows: 120, seed: 0, programVersion: "test")
    let file = try ModelFile(model, scores: nil, provenance: provenance, trainingData: experiment.dataset.features)
    let read = try ModelFile(bytes: file.bytes).model
    #expect(try read.predict(experiment.dataset.features) == model.predict(experiment.dataset.features))
  }

  @Test func thereIsNoneWhereModelsAreNotKeptOrAreOfSeveralQuantiles() throws {
    let ridge = try Candidate(Ridge.self)
    let plain = try Self.experiment(keeps: false)
    #expect(try plain.bag(plain.run(ridge)) == nil)
    let experiment = try Self.experiment()
    let quantiles = try Candidate(
      Boosting.self, settings: ["loss": .text("quantile"), "quantiles": .text("0.1,0.9"), "maxIterations": .integer(5)])
    #expect(try experiment.bag(experiment.run(quantiles)) == nil)
  }
}
