import Foundation
import Learners
import Linalg
import TestSupport
import Testing

/// Which number a model predicts, and how another one follows from it.
@Suite struct ModelStatisticTests {
  /// A skewed target: half of its rows are far below the mean.
  private static func dataset(rows: Int = 200) throws -> Dataset {
    let dataset = try TestDataset.mixed(rows: rows)
    let target = dataset.target.enumerated().map { row, y in max(y, 0) * (row % 5 == 0 ? 12 : 1) }
    return try TestDataset.replacing(target: target, of: dataset)
  }

  private func model(
    _ learner: any Regressor.Type, _ settings: [String: ParameterValue] = [:], on transform: TargetTransform.Choice
  ) throws -> Model {
    let dataset = try Self.dataset()
    let folds = try Folds(shuffling: dataset.rowCount, into: 4, seed: 0)
    let experiment = Experiment(dataset: dataset, folds: folds, targetTransform: transform, seed: 0)
    return try experiment.refit(experiment.run(Candidate(learner, settings: settings)))
  }

  @Test func whatIsPredictedDependsOnLossAndScale() throws {
    #expect(try model(Ridge.self, on: .none).statistic == .mean)
    #expect(try model(Ridge.self, on: .log1p).statistic == .median)
    #expect(try model(SVR.self, on: .none).statistic == .median)
    let few: [String: ParameterValue] = ["maxIterations": .integer(5), "folds": .integer(0)]
    func boosting(_ loss: String, _ more: [String: ParameterValue] = [:], _ transform: TargetTransform.Choice = .none)
      throws -> Statistic
    {
      try model(Boosting.self, few.merging(["loss": .text(loss)]) { $1 }.merging(more) { $1 }, on: transform).statistic
    }
    #expect(try boosting("absolute") == .median && boosting("squared") == .mean && boosting("poisson") == .mean)
    #expect(try boosting("quantile", ["quantile": .real(0.9)], .log1p) == .quantile(0.9))
    #expect(try boosting("quantile") == .median)
    #expect(try boosting("tweedie", [:], .auto) == .mean)
  }

  @Test func meansAreKnownWhereMediansArePredicted() throws {
    let model = try model(Ridge.self, on: .log1p)
    let dataset = try Self.dataset()
    let correction = try #require(try model.correction(to: .mean))
    #expect(try model.correction(to: .median) == nil && model.correction(to: nil) == nil && model.canPredictMeans)
    let medians = try model.predict(dataset.features)
    let total = dataset.target.reduce(0, +)
    #expect(medians.reduce(0, +) < 0.8 * total)
    #expect(abs(correction.means(of: medians).reduce(0, +) / total - 1) < 0.1)
    // Without folds there are no residuals of rows that were not seen.
    let alone = try Candidate(Ridge.self).fit(dataset, rows: Array(0..<200), targetTransform: .log1p, seed: 0)
    #expect(throws: StatisticError.noCorrection) { try alone.correction(to: .mean) }
    #expect(!alone.canPredictMeans)
    #expect(throws: StatisticError.onlyMeans) { try self.model(Ridge.self, on: .none).correction(to: .median) }
  }

  @Test func aFileKeepsTheCorrection() throws {
    let model = try model(Ridge.self, on: .log1p)
    let dataset = try Self.dataset()
    let provenance = ModelFile.Provenance(dataSHA256: "00", rows: 200, seed: 0, programVersion: "test")
    let file = try ModelFile(model, scores: nil, provenance: provenance, trainingData: dataset.features)
    let loaded = try ModelFile(bytes: file.bytes)
    #expect(loaded.model.meanCorrection == model.meanCorrection && loaded.bytes == file.bytes)
    // Files of earlier programs have none.
    let (tensors, original) = file.encoded()
    var metadata = original
    let text = try #require(metadata["mean_correction"])
    metadata["mean_correction"] = nil
    #expect(try ModelFile(tensors: tensors, metadata: metadata).model.meanCorrection == nil)
    for (old, new) in [
      ("\"form\":\"factor\"", "\"form\":\"half\""), ("\"offset\":", "\"offset\":-"), ("\"rows\":200", "\"rows\":0"),
      ("\"sizes\":[", "\"sizes\":[1e300,"), ("\"values\":[", "\"values\":[-1,"),
      ("\"errors\":[", "\"errors\":[\"nan\","),
      ("{", "["),
    ] {
      metadata["mean_correction"] = text.replacingOccurrences(of: old, with: new)
      #expect(throws: ModelFileError.self, "\(new)") { try ModelFile(tensors: tensors, metadata: metadata) }
    }
  }
}
