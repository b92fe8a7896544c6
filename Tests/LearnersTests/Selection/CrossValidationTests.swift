import Learners
import Linalg
import TestSupport
import Testing

@Suite(.serialized) struct CrossValidationTests {
  @Test func theBaselinePredictsTheMeanOfTheOtherFolds() throws {
    let dataset = try TestDataset.mixed(rows: 50)
    let folds = try Folds(shuffling: 50, into: 5, seed: 0)
    let result = try CrossValidation(
      of: Candidate(Mean.self), on: dataset, folds: folds, targetTransform: .none, seed: 0)
    for fold in 0..<5 {
      let training = folds.trainingRows(fold).map { dataset.target[$0] }
      let mean = training.reduce(0, +) / Double(training.count)
      for row in folds.testRows(fold) { #expect(abs(result.predictions[row] - mean) < 1e-12) }
    }
  }

  /// The target of a held-out row must not reach its own prediction, by any way.
  @Test(arguments: Registry.learners.map { $0.name })
  func theTargetsOfAHeldOutFoldDoNotReachItsPredictions(name: String) throws {
    let dataset = try TestDataset.mixed(rows: 90)
    let folds = try Folds(shuffling: 90, into: 3, seed: 0)
    let candidate = try Candidate(#require(Registry.learner(named: name)))
    let spoiledTarget = dataset.target.enumerated().map { folds.assignments[$0] == 1 ? 1000 - $1 : $1 }
    let spoiled = try TestDataset.replacing(target: spoiledTarget, of: dataset)
    let expected = try CrossValidation(of: candidate, on: dataset, folds: folds, targetTransform: .auto, seed: 0)
    let found = try CrossValidation(of: candidate, on: spoiled, folds: folds, targetTransform: .auto, seed: 0)
    for row in folds.testRows(1) { #expect(found.predictions[row] == expected.predictions[row]) }
  }

  @Test func rowsOfNoFoldAreNotPredicted() throws {
    let dataset = try TestDataset.mixed(rows: 6)
    let folds = try Folds(assignments: [0, -1, 1, -1, 0, 1], rows: 6)
    let result = try CrossValidation(
      of: Candidate(Mean.self), on: dataset, folds: folds, targetTransform: .none, seed: 0)
    #expect(result.predictions.map(\.isNaN) == [false, true, false, true, false, false])
    #expect(result.fitDurations.count == 2 && result.predictDurations.count == 2)
  }

  @Test(arguments: Registry.learners.map { $0.name })
  func predictionsDoNotDependOnTheThreads(name: String) throws {
    let dataset = try TestDataset.mixed(rows: 150)
    let folds = try Folds(shuffling: 150, into: 3, seed: 0)
    let candidate = try Candidate(#require(Registry.learner(named: name)))
    let results = try [1, 2, 7].map { threads in
      try ThreadBudget.with(threads) {
        try CrossValidation(of: candidate, on: dataset, folds: folds, targetTransform: .auto, seed: 0)
          .predictions.map(\.bitPattern)
      }
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  @Test func aFailureNamesItsFold() throws {
    let dataset = try TestDataset.make(
      feature: Feature(name: "f"), values: [1, 1, 1, 2], target: [1, 2, 3, 4])
    let folds = try Folds(assignments: [0, 0, 1, 1], rows: 4)
    let error = #expect(throws: CrossValidation.Failure.self) {
      try CrossValidation(of: Candidate(Ridge.self), on: dataset, folds: folds, targetTransform: .none, seed: 0)
    }
    guard case .fit(.noFeatures, fold: 1) = error else {
      Issue.record("unexpected \(String(describing: error))")
      return
    }
  }
}

extension TestDataset {
  /// The same features with another target.
  static func replacing(target: [Double], of dataset: Dataset) throws -> Dataset {
    let columns = dataset.schema.features.enumerated().map { index, feature -> Column in
      let values = dataset.features.columns[index]
      guard let levels = feature.levels else { return Column(name: feature.name, values: .numeric(values)) }
      return Column(name: feature.name, texts: values.map { $0.isNaN ? nil : levels[Int($0)] })
    }
    return try Dataset(Table(columns: columns + [Column(name: dataset.schema.target, values: .numeric(target))]))
  }
}
