internal import CLearners
internal import Learners
internal import Linalg

/// A model with its file and what was said while it was fitted.
internal final class ModelHandle: Sendable {
  let file: ModelFile
  let predictor: RowPredictor
  /// Of the data that it was fitted on; none for a model that was read.
  let notes: [String]
  /// Worked out once, for calls with one row.
  let featureCount: Int
  let categorical: [(place: Int, feature: Feature)]

  var model: Model { file.model }

  init(_ file: ModelFile, notes: [String] = []) {
    self.file = file
    predictor = RowPredictor(file.model)
    self.notes = notes
    let features = file.model.pipeline.features
    featureCount = features.count
    categorical = features.enumerated().filter { $0.element.levels != nil }.map { ($0.offset, $0.element) }
  }

  convenience init(
    _ model: Model, of dataset: Dataset, scores: Scores? = nil, seed: UInt64, dataHash: String, notes: [String]
  ) throws {
    let provenance = ModelFile.Provenance(
      dataSHA256: dataHash, rows: dataset.rowCount, seed: seed, programVersion: LEARNERS_VERSION)
    let file = try ModelFile(model, scores: scores, provenance: provenance, trainingData: dataset.features)
    self.init(file, notes: notes)
  }

  /// The model's features as a caller's table has them.
  func features(of handle: TableHandle) throws -> FeatureColumns {
    try FeatureColumns(handle.table, features: model.pipeline.features)
  }

  /// What is done to predictions so that they are the number that is asked for.
  func correction(_ statistic: String?) throws -> MeanCorrection? {
    guard let statistic else { return nil }
    guard let wanted = WantedStatistic(rawValue: statistic) else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "statistic \(statistic): must be mean or median")
    }
    return try model.correction(to: wanted)
  }
}

extension Dataset {
  /// SHA-256 of the numbers as the engine sees them, column by column: data that a program has made are in no file.
  internal var contentHash: String {
    let columns = features.columns + [target]
    let hashes = Parallel.map(columns.count) { index in
      ContentHash.sha256(of: unsafe columns[index].withUnsafeBytes { unsafe [UInt8]($0) })
    }
    return ContentHash.sha256(of: Array(hashes.joined(separator: "\n").utf8))
  }
}
