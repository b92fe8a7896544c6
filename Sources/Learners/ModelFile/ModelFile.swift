internal import FoundationEssentials

/// A model with all that is known of it: what is written to one `.safetensors` file and read back.
///
/// Tensors: those of the learner, and the golden rows. Metadata: format version, schema, pipeline, learner with its
/// hyper-parameters, scores, provenance. Nothing in the file is run; everything in it is checked.
public struct ModelFile: Sendable {
  public static let formatVersion = 3
  /// Of the versions that are read: what they say means the same today.
  private static let oldestVersion = 2

  public let model: Model
  /// Cross-validated scores; nil where none were taken.
  public let scores: Scores?
  public let provenance: Provenance
  public let goldenRows: GoldenRows

  /// Where a model comes from.
  public struct Provenance: Sendable, Hashable, Codable {
    /// SHA-256 of the bytes of the data files, or of the bundled sample.
    public let dataSHA256: String
    public let rows: Int
    public let seed: UInt64
    public let programVersion: String

    private enum CodingKeys: String, CodingKey {
      case rows, seed
      case dataSHA256 = "data_sha256"
      case programVersion = "program_version"
    }

    public init(dataSHA256: String, rows: Int, seed: UInt64, programVersion: String) {
      self.dataSHA256 = dataSHA256
      self.rows = rows
      self.seed = seed
      self.programVersion = programVersion
    }
  }

  /// - Throws: `PredictionError` where the model cannot predict its own training rows.
  public init(
    _ model: Model, scores: Scores?, provenance: Provenance, trainingData: FeatureColumns
  ) throws(PredictionError) {
    self.model = model
    self.scores = scores
    self.provenance = provenance
    goldenRows = try GoldenRows(of: model, from: trainingData)
  }

  /// The tensors and the metadata of the file. The same model gives the same.
  public func encoded() -> (tensors: TensorStore, metadata: [String: String]) {
    var tensors = TensorStore()
    model.learner.encode(into: &tensors)
    goldenRows.encode(into: &tensors)
    model.intervals?.encode(into: &tensors)
    var metadata = [
      "format_version": String(Self.formatVersion),
      "target": model.target,
      "pipeline": json(model.pipeline),
      "learner": model.name,
      "parameters": json(parameterTexts(model.learner.parameters)),
      "provenance": json(provenance),
    ]
    metadata["scores"] = scores.map(json)
    metadata["mean_correction"] = model.meanCorrection.map(json)
    metadata["intervals"] = model.intervals.map { json($0.header) }
    metadata["training_ranges"] = model.trainingRanges.map(json)
    metadata["training_shares"] = model.trainingShares.map(json)
    return (tensors, metadata)
  }

  /// Rebuilds the model and predicts the golden rows again.
  /// - Throws: `ModelFileError` for anything that is missing, malformed, out of range or predicted differently.
  public init(tensors: TensorStore, metadata: [String: String]) throws(ModelFileError) {
    try Self.checkVersion(metadata)
    let pipeline: Pipeline = try decode("pipeline", of: metadata)
    let name = try text("learner", of: metadata)
    if let flaw = pipeline.flaw(isBlend: name == Blend.name) { throw .invalidMetadata(key: "pipeline", reason: flaw) }
    guard let type = Registry.learner(named: name) ?? (name == Blend.name ? Blend.self : nil) else {
      throw .invalidMetadata(key: "learner", reason: "no learner is called \(name)")
    }
    let learner = try type.decoded(
      from: tensors, texts: try decode("parameters", of: metadata), featureCount: pipeline.columnCount)
    if let blend = learner as? Blend, blend.features != pipeline.features {
      throw .invalidMetadata(key: "pipeline", reason: "its features are not those of the blend")
    }
    let correction: MeanCorrection? =
      metadata["mean_correction"] == nil ? nil : try decode("mean_correction", of: metadata)
    if let flaw = correction?.flaw { throw .invalidMetadata(key: "mean_correction", reason: flaw) }
    var intervals: Intervals?
    if metadata["intervals"] != nil {
      intervals = try Intervals(
        decoding: tensors, header: decode("intervals", of: metadata), features: pipeline.features)
    }
    let ranges: TrainingRanges? =
      metadata["training_ranges"] == nil ? nil : try decode("training_ranges", of: metadata)
    if let flaw = ranges?.flaw(for: pipeline.features) {
      throw .invalidMetadata(key: "training_ranges", reason: flaw)
    }
    let shares: TrainingShares? =
      metadata["training_shares"] == nil ? nil : try decode("training_shares", of: metadata)
    if let flaw = shares?.flaw(for: pipeline.features) {
      throw .invalidMetadata(key: "training_shares", reason: flaw)
    }
    model = Model(
      pipeline: pipeline, learner: learner, target: try text("target", of: metadata), meanCorrection: correction,
      intervals: intervals, trainingRanges: ranges, trainingShares: shares)
    scores = metadata["scores"] == nil ? nil : try decode("scores", of: metadata)
    provenance = try decode("provenance", of: metadata)
    goldenRows = try GoldenRows(decoding: tensors, features: pipeline.features)
    try goldenRows.check(model)
  }

  /// The bytes of the file: the same model gives the same.
  public var bytes: [UInt8] {
    let (tensors, metadata) = encoded()
    return SafetensorsFile(tensors: tensors, metadata: metadata).encoded()
  }

  /// Reads a file through a memory mapping.
  /// - Throws: `.file` where it cannot be read, any other `ModelFileError` where it is no model to be trusted.
  public init(reading path: String) throws(ModelFileError) {
    try self.init(SafetensorsFile(reading: path, requiringChecksum: true))
  }

  public init(bytes: [UInt8]) throws(ModelFileError) {
    try self.init(SafetensorsFile(decoding: bytes, requiringChecksum: true))
  }

  private init(_ file: SafetensorsFile) throws(ModelFileError) {
    try self.init(tensors: file.tensors, metadata: file.metadata)
  }

  private static func checkVersion(_ metadata: [String: String]) throws(ModelFileError) {
    let version = try text("format_version", of: metadata)
    guard let number = Int(version), number > 0 else {
      throw .invalidMetadata(key: "format_version", reason: "“\(version)” is not a version")
    }
    guard (oldestVersion...formatVersion).contains(number) else {
      throw .unsupportedVersion(found: number, supported: formatVersion)
    }
  }
}

private func parameterTexts<Parameters: HyperParameters>(_ parameters: Parameters) -> [String: String] {
  Dictionary(uniqueKeysWithValues: parameters.values.map { ($0.name, $0.value.description) })
}

private func text(_ key: String, of metadata: [String: String]) throws(ModelFileError) -> String {
  guard let text = metadata[key] else { throw .invalidMetadata(key: key, reason: "it is missing") }
  return text
}

private func decode<Value: Decodable>(_ key: String, of metadata: [String: String]) throws(ModelFileError) -> Value {
  let bytes = Data(try text(key, of: metadata).utf8)
  let decoder = JSONDecoder()
  decoder.nonConformingFloatDecodingStrategy = .convertFromString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  do { return try decoder.decode(Value.self, from: bytes) } catch {
    throw .invalidMetadata(key: key, reason: "it is not the JSON that it has to be")
  }
}

/// Sorted keys: the same value gives the same bytes. A score may be undefined: no number may stop a model from being
/// saved, so NaN and infinities are texts.
private func json(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  guard let bytes = try? encoder.encode(value) else {
    preconditionFailure("a value of the model file has no JSON form")
  }
  return String(decoding: bytes, as: UTF8.self)
}
