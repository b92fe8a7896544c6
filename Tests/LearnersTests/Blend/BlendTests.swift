import Glibc
import Learners
import Linalg
import Testing

@Suite struct BlendTests {
  private struct Scene {
    let dataset: Dataset
    let experiment: Experiment
    let members: [(entry: Experiment.Entry, model: Model)]

    init(
      _ candidates: [Candidate], rows: Int = 240, folds: Folds? = nil, _ transform: TargetTransform.Choice = .none
    ) throws {
      dataset = try TestDataset.mixed(rows: rows)
      let experiment = Experiment(
        dataset: dataset, folds: try folds ?? Folds(shuffling: rows, into: 4, seed: 0), targetTransform: transform,
        seed: 0)
      self.experiment = experiment
      members = try candidates.map { candidate in
        let entry = try experiment.run(candidate)
        return (entry, try experiment.refit(entry))
      }
    }

    var file: ModelFile {
      get throws {
        let (entry, model) = try #require(experiment.blend(members, size: 10))
        let provenance = ModelFile.Provenance(
          dataSHA256: "00", rows: dataset.rowCount, seed: 0, programVersion: "test")
        return try ModelFile(
          model, scores: entry.scores, provenance: provenance, trainingData: dataset.features)
      }
    }
  }

  private static let trees: [String: ParameterValue] = ["estimators": .integer(30)]

  private static var candidates: [Candidate] {
    get throws {
      [
        try Candidate(Mean.self), try Candidate(Ridge.self), try Candidate(Forest.self, settings: trees),
        try Candidate(Boosting.self, settings: ["maxIterations": .integer(40), "folds": .integer(0)]),
      ]
    }
  }

  @Test func aBlendIsTheWeightedMeanOfItsMembers() throws {
    let scene = try Scene(Self.candidates)
    let (entry, model) = try #require(scene.experiment.blend(scene.members, size: 10))
    let blend = try #require(model.learner as? Blend)
    #expect(model.name == "blend" && blend.members.count >= 2 && model.statistic == .mean)
    #expect(abs(blend.members.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
    let predictions = try model.predict(scene.dataset.features)
    var expected = [Double](repeating: 0, count: predictions.count)
    for member in blend.members {
      for (row, value) in try member.model.predict(scene.dataset.features).enumerated() {
        expected[row] += member.weight * value
      }
    }
    #expect(zip(predictions, expected).allSatisfy { abs($0 - $1) < 1e-9 })
    // Chosen without the fold that it is scored on, and still not worse than the best of them.
    let best = scene.members.map(\.entry.scores.r2).max() ?? 0
    #expect(entry.scores.r2 > best - 0.005 && entry.validation.predictions.allSatisfy(\.isFinite))
    #expect(model.intervals?.rows == 240 && model.featureImportance != nil)
  }

  /// The weights of a fold are chosen without it: what only that fold has cannot have a say.
  @Test func theFoldThatIsScoredHasNoSay() throws {
    let scene = try Scene(Self.candidates)
    let (entry, _) = try #require(scene.experiment.blend(scene.members, size: 10))
    let changed = scene.dataset.target.enumerated().map { row, value in
      scene.experiment.folds.assignments[row] == 2 ? value + 100 : value
    }
    let other = Experiment(
      dataset: try TestDataset.replacing(target: changed, of: scene.dataset), folds: scene.experiment.folds,
      targetTransform: .none, seed: 0)
    let (moved, _) = try #require(other.blend(scene.members, size: 10))
    for row in scene.experiment.folds.testRows(2) {
      #expect(moved.validation.predictions[row] == entry.validation.predictions[row])
    }
  }

  @Test func onALogarithmicScaleTheMeanIsTakenThere() throws {
    let dataset = try TestDataset.mixed(rows: 200)
    let positive = dataset.target.map { max(0, $0) }
    let experiment = Experiment(
      dataset: try TestDataset.replacing(target: positive, of: dataset),
      folds: try Folds(shuffling: 200, into: 4, seed: 0), targetTransform: .log1p, seed: 0)
    let members = try Self.candidates.map { candidate in
      let entry = try experiment.run(candidate)
      return (entry: entry, model: try experiment.refit(entry))
    }
    let (_, model) = try #require(experiment.blend(members, size: 2))
    let blend = try #require(model.learner as? Blend)
    #expect(blend.members.count <= 2 && model.statistic == .median && model.meanCorrection != nil)
    let predictions = try model.predict(dataset.features)
    let logarithms = try blend.members.map { try $0.model.predict(dataset.features).map { log1p($0) } }
    for row in 0..<200 {
      let sum = blend.members.indices.reduce(0) { $0 + blend.members[$1].weight * logarithms[$1][row] }
      #expect(abs(log1p(predictions[row]) - sum) < 1e-9)
    }
  }

  /// Rows in front of which there is nothing to choose by are not scored, rather than blended as nobody would.
  @Test func theFirstFoldInTimeIsNotScored() throws {
    let times = (0..<240).map { Double($0) }
    let scene = try Scene(Self.candidates, folds: Folds(inOrderOf: times, into: 4))
    let (entry, model) = try #require(scene.experiment.blend(scene.members, size: 10))
    let folds = scene.experiment.folds.assignments
    for row in 0..<240 { #expect(entry.validation.predictions[row].isFinite == (folds[row] > 0)) }
    #expect(entry.scores.r2 > 0.5 && model.intervals?.rows == folds.count { $0 > 0 })
    let single = try Scene(
      Self.candidates, folds: Folds(assignments: (0..<240).map { $0 % 4 == 0 ? 0 : -1 }, rows: 240))
    #expect(single.experiment.blend(single.members, size: 10) == nil)
  }

  @Test func aBlendOfMediansPredictsMedians() throws {
    let absolute: [String: ParameterValue] = [
      "loss": .text("absolute"), "maxIterations": .integer(60), "folds": .integer(0),
    ]
    let scene = try Scene([Candidate(Ridge.self), Candidate(Boosting.self, settings: absolute)])
    let (_, model) = try #require(scene.experiment.blend(scene.members, size: 2))
    let blend = try #require(model.learner as? Blend)
    let boosted = blend.members.first { $0.model.name == "boosting" }?.weight ?? 0
    #expect(model.statistic == (boosted > 0.5 ? .median : .mean) && (model.meanCorrection != nil) == (boosted > 0.5))
  }

  @Test func aFileHoldsAllMembers() throws {
    let scene = try Scene(Self.candidates)
    let file = try scene.file
    let loaded = try ModelFile(bytes: file.bytes)
    let expected = try file.model.predict(scene.dataset.features)
    #expect(try loaded.model.predict(scene.dataset.features).map(\.bitPattern) == expected.map(\.bitPattern))
    #expect(loaded.bytes == file.bytes)
    let predictor = RowPredictor(loaded.model)
    for row in [0, 1, 117] {
      #expect(try predictor.predict(scene.dataset.features.columns.map { $0[row] }) == [expected[row]])
    }
    // A level that no model knows.
    let values = scene.dataset.features.columns.enumerated().map { $0 == 6 ? 3 : $1[0] }
    #expect(try predictor.predict(values)[0].isFinite)
  }

  @Test func contributionsAddUp() throws {
    let scene = try Scene(Self.candidates)
    let (_, model) = try #require(scene.experiment.blend(scene.members, size: 10))
    let explanation = try model.explain(scene.dataset.features)
    for (sum, prediction) in zip(explanation.sums, explanation.predictions) { #expect(abs(sum - prediction) < 1e-8) }
  }

  @Test func whatCannotBeBlendedIsNot() throws {
    let scene = try Scene([Candidate(Ridge.self)])
    #expect(scene.experiment.blend(scene.members, size: 10) == nil)
    let quantile: [String: ParameterValue] = [
      "loss": .text("quantile"), "quantile": .real(0.9), "maxIterations": .integer(5), "folds": .integer(0),
    ]
    let mixed = try Scene([Candidate(Ridge.self), Candidate(Boosting.self, settings: quantile)])
    #expect(mixed.experiment.blend(mixed.members, size: 10) == nil)
    let training = try TrainingSet(x: Matrix(rows: 2, columns: 1, elements: [1, 2]), y: [1, 2])
    #expect(throws: FitError.cannotBlend) { try Blend(fitting: training, parameters: .init(), seed: 0) }
  }

  @Test func aDamagedBlendIsRefused() throws {
    let scene = try Scene(Self.candidates)
    let (tensors, metadata) = try scene.file.encoded()
    guard case .uint8(let bytes)? = tensors.tensors["members"]?.elements else {
      Issue.record("there are no members")
      return
    }
    let text = String(decoding: bytes, as: UTF8.self)
    for (old, new) in [
      ("\"learner\":\"forest\"", "\"learner\":\"blend\""), ("\"weight\":0.", "\"weight\":1."),
      ("\"members\":[", "\"members\":[{},"),
      ("\"name\":\"x0\"", "\"name\":\"x9\""),
    ] {
      let damaged = Array(text.replacing(old, with: new).utf8)
      var other = TensorStore()
      for (name, tensor) in tensors.tensors where name != "members" {
        other.set(name, shape: tensor.shape, tensor.elements)
      }
      other.set("members", shape: [damaged.count], .uint8(damaged))
      let isRefused = (try? ModelFile(tensors: other, metadata: metadata)) == nil
      #expect(isRefused && damaged != bytes, "\(old)")
    }
  }
}
