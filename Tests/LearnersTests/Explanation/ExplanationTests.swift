import Glibc
import Learners
import Linalg
import TestSupport
import Testing

struct ExplanationTests {
  private static func model(
    _ learner: any Regressor.Type, _ dataset: Dataset, _ settings: [String: ParameterValue] = [:],
    _ transform: TargetTransform.Choice = .none
  ) throws -> Model {
    try Candidate(learner, settings: settings).fit(
      dataset, rows: Array(0..<dataset.rowCount), targetTransform: transform, seed: 0)
  }

  /// One number a column of the table, whatever the pipeline has made of it.
  @Test(arguments: [TargetTransform.Choice.none, .log1p])
  func explainsTheColumnsOfTheTable(transform: TargetTransform.Choice) throws {
    let dataset = try TestDataset.mixed(rows: 150)
    let learners: [(any Regressor.Type, [String: ParameterValue])] = [
      (Mean.self, [:]), (Ridge.self, [:]), (Forest.self, ["estimators": .integer(10)]),
      (Boosting.self, ["maxIterations": .integer(50)]),
    ]
    for (learner, settings) in learners {
      let model = try Self.model(learner, dataset, settings, transform)
      let explanation = try model.explain(dataset.features)
      #expect(explanation.contributions.columns == 7 && explanation.contributions.rows == 150)
      #expect(explanation.predictions == (try model.predict(dataset.features)))
      let values = explanation.sums.map { transform == .log1p ? expm1($0) : $0 }
      // No prediction is so wild that the pipeline cuts it off.
      #expect(largestRelativeError(values, explanation.predictions, floor: 1) < 1e-9, "\(learner.name)")
      #expect(model.scaleName(explanation.link) == (transform == .log1p ? "ln(1 + y)" : "y"))
    }
  }

  @Test func whatMattersHasTheLargestContributions() throws {
    let dataset = try TestDataset.mixed(rows: 600)
    let model = try Self.model(Boosting.self, dataset)
    let sizes = try model.explain(dataset.features).meanSizes
    #expect(sizes[3] > 1.5 && sizes[6] > 1 && sizes[5] < 0.3)  // 10 x₃, a level worth 4, noise
  }

  @Test func learnersWithoutContributionsSayWhich() throws {
    let dataset = try TestDataset.mixed(rows: 40)
    for learner in [SVR.self, MLP.self] as [any Regressor.Type] {
      let model = try Self.model(learner, dataset, learner.name == "mlp" ? ["maxEpochs": .integer(2)] : [:])
      #expect(throws: ExplanationError.notExplainable(learner: learner.name)) { try model.explain(dataset.features) }
    }
  }

  /// For a learner that sees the columns as they are, shuffling before the pipeline is shuffling behind it.
  @Test func shuffledColumnsOfTheTableCostWhatShuffledFeaturesDo() throws {
    let dataset = try TestDataset.mixed(rows: 200)
    let rows = Array(0..<200)
    let forest = try Self.model(Forest.self, dataset, ["estimators": .integer(10)])
    let ofTable = try PermutationImportance(
      of: forest, on: dataset.features, target: dataset.target, repeats: 2, seed: 4)
    let training = try forest.pipeline.trainingSet(of: rows, in: dataset)
    let ofFeatures = try PermutationImportance(of: forest.learner, on: training, repeats: 2, seed: 4)
    #expect(ofTable.mean == ofFeatures.mean && ofTable.standardDeviation == ofFeatures.standardDeviation)
    // A level that is worth 4 of a target with deviation 5 is missed by a learner that has a column for each, too.
    let ridge = try Self.model(Ridge.self, dataset)
    let importance = try PermutationImportance(of: ridge, on: dataset.features, target: dataset.target, repeats: 3)
    #expect(importance.mean[6] > 0.1 && importance.mean.count == 7)
  }
}
