import Learners
import Linalg
import Testing

@Suite struct ModelFileTests {
  private static func file(_ name: String, rows: Int = 120) throws -> (file: ModelFile, dataset: Dataset) {
    let dataset = try TestDataset.mixed(rows: rows)
    let candidate = try Candidate(#require(Registry.learner(named: name)))
    let model = try candidate.fit(dataset, rows: Array(0..<rows), targetTransform: .auto, seed: 0)
    let scores = Scores(
      predictions: try model.predict(dataset.features), targets: dataset.target, scale: .identity)
    let provenance = ModelFile.Provenance(dataSHA256: "00", rows: rows, seed: 0, programVersion: "test")
    return (try ModelFile(model, scores: scores, provenance: provenance, trainingData: dataset.features), dataset)
  }

  @Test(arguments: Registry.learners.map { $0.name })
  func aLoadedModelPredictsTheSameBits(name: String) throws {
    let (saved, dataset) = try Self.file(name)
    let loaded = try ModelFile(bytes: saved.bytes)
    let expected = try saved.model.predict(dataset.features)
    #expect(try loaded.model.predict(dataset.features).map(\.bitPattern) == expected.map(\.bitPattern))
    #expect(loaded.model.pipeline == saved.model.pipeline)
    #expect(loaded.scores.map { "\($0)" } == saved.scores.map { "\($0)" } && loaded.provenance == saved.provenance)
    #expect(loaded.bytes == saved.bytes, "saving a loaded model gives the same file")
  }

  @Test func metadataThatIsMissingOrWrongIsAnError() throws {
    let (tensors, metadata) = try Self.file("mean").file.encoded()
    for key in ["format_version", "pipeline", "learner", "parameters", "target", "provenance"] {
      var without = metadata
      without[key] = nil
      #expect(throws: ModelFileError.invalidMetadata(key: key, reason: "it is missing")) {
        try ModelFile(tensors: tensors, metadata: without)
      }
      var wrong = metadata
      wrong[key] = "{\"hostile\": 1"
      if key != "target" {
        #expect(throws: ModelFileError.self, "\(key)") { try ModelFile(tensors: tensors, metadata: wrong) }
      }
    }
    var later = metadata
    later["format_version"] = "4"
    #expect(throws: ModelFileError.unsupportedVersion(found: 4, supported: 3)) {
      try ModelFile(tensors: tensors, metadata: later)
    }
  }

  @Test func aModelThatPredictsSomethingElseIsRefused() throws {
    let (tensors, metadata) = try Self.file("mean").file.encoded()
    var altered = TensorStore()
    for (name, tensor) in tensors.tensors {
      guard name == "value", case .float64(let value) = tensor.elements else {
        altered.set(name, shape: tensor.shape, tensor.elements)
        continue
      }
      altered.set(name, shape: tensor.shape, .float64([value[0] * (1 + 1e-6)]))
    }
    #expect {
      try ModelFile(tensors: altered, metadata: metadata)
    } throws: { error in
      guard case ModelFileError.goldenRowMismatch = error else { return false }
      return true
    }
  }

  /// One byte altered, anywhere: an error, or a file that predicts the same (padding of the header).
  @Test func everyAlteredByteIsNoticedOrHarmless() throws {
    let (saved, dataset) = try Self.file("mean", rows: 30)
    let expected = try saved.model.predict(dataset.features)
    var bytes = saved.bytes
    for position in bytes.indices {
      let before = bytes[position]
      bytes[position] ^= 0x15
      if let loaded = try? ModelFile(bytes: bytes) {
        #expect(try loaded.model.predict(dataset.features) == expected, "byte \(position)")
      }
      bytes[position] = before
    }
  }

  @Test func aPipelineWithImpossibleIndicesIsRefused() throws {
    let (tensors, metadata) = try Self.file("ridge").file.encoded()
    let pipeline = try #require(metadata["pipeline"])
    for (honest, hostile) in [
      ("\"columns\":[0,1,2]", "\"columns\":[0,1,9]"), ("\"columns\":[0,1,2]", "\"columns\":[0,1,1]"),
      ("\"columns\":[0,1,2]", "\"columns\":[0,1]"), ("\"frequentCount\":3", "\"frequentCount\":300000000"),
      ("\"deviation\":", "\"deviation\":-"),
    ] {
      let altered = pipeline.replacingOccurrence(of: honest, with: hostile)
      #expect(altered != pipeline, "\(honest) is not in \(pipeline)")
      var wrong = metadata
      wrong["pipeline"] = altered
      #expect(throws: ModelFileError.self) { try ModelFile(tensors: tensors, metadata: wrong) }
    }
  }
}

extension String {
  /// Replaces the first occurrence.
  fileprivate func replacingOccurrence(of text: String, with replacement: String) -> String {
    guard let range = firstRange(of: text) else { return self }
    return replacingCharacters(in: range, with: replacement)
  }

  private func replacingCharacters(in range: Range<Index>, with replacement: String) -> String {
    String(self[..<range.lowerBound]) + replacement + String(self[range.upperBound...])
  }
}
