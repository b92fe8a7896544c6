import Learners
import Linalg
import TestSupport
import Testing

/// The bytes of the model files of all tree learners and losses, on any number of threads and on a second run.
struct TreeModelBytesTests {
  static let cases: [(String, [String: String])] =
    [
      ("forest", ["estimators": "12"]), ("forest", ["estimators": "5", "bootstrap": "false", "maxDepth": "6"]),
      ("extra-trees", ["estimators": "12"]), ("extra-trees", ["estimators": "5", "bootstrap": "true"]),
      ("boosting", ["loss": "quantile", "quantiles": "0.1,0.5,0.9"]),
      ("boosting", ["monotone": "x0:+1,x3:-1", "interactions": "x0,kind/x1,x2,x3"]),
    ]
    + Boosting.Loss.allCases.flatMap { loss in
      [("boosting", ["loss": loss.rawValue]), ("boosting", ["loss": loss.rawValue, "folds": "0"])]
    }

  private static func bytes(_ name: String, _ settings: [String: String], _ dataset: Dataset) throws -> [UInt8] {
    let learner = try #require(Registry.learner(named: name))
    var values = settings.mapValues(ParameterValue.init(parsing:))
    if name == "boosting" { values["maxIterations"] = .integer(25) }
    let model = try Candidate(learner, settings: values).fit(
      dataset, rows: Array(0..<dataset.rowCount), targetTransform: .none, seed: 3)
    let provenance = ModelFile.Provenance(
      dataSHA256: "", rows: dataset.rowCount, seed: 3, programVersion: "test")
    return try ModelFile(model, scores: nil, provenance: provenance, trainingData: dataset.features).bytes
  }

  @Test(arguments: cases)
  func areTheSame(name: String, settings: [String: String]) throws {
    let dataset = try Self.dataset
    let expected = try ThreadBudget.with(1) { try Self.bytes(name, settings, dataset) }
    for threads in [1, 2, 7] {
      let found = try ThreadBudget.with(threads) { try Self.bytes(name, settings, dataset) }
      #expect(found == expected, "\(threads) threads")
    }
    // What the file says can be read back, and says the same again.
    #expect(try ModelFile(bytes: expected).bytes == expected)
  }

  /// Positive targets, which all losses take; numbers, gaps and texts.
  private static var dataset: Dataset {
    get throws {
      let mixed = try TestDataset.mixed(rows: 2500)
      var columns = zip(mixed.schema.features, mixed.features.columns).map { feature, values in
        feature.levels == nil
          ? Column(name: feature.name, values: .numeric(values))
          : Column(name: feature.name, texts: values.map { $0.isNaN ? nil : feature.levels?[Int($0)] })
      }
      columns.append(Column(name: "y", values: .numeric(mixed.target.map { abs($0) + 0.1 })))
      return try Dataset(Table(columns: columns))
    }
  }
}
