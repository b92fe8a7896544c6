import Learners
import Testing

@Suite struct TrainingRangesTests {
  private static func data(_ numbers: [Double], levels: [Double]? = nil) -> FeatureColumns {
    let features = [Feature(name: "size"), Feature(name: "kind", levels: ["a", "b"])]
    let codes = levels ?? numbers.map { _ in 0 }
    return FeatureColumns(features: features, columns: [numbers, codes], rowCount: numbers.count)
  }

  @Test func whatIsFarOutsideIsToldWithItsFirstRow() throws {
    let ranges = TrainingRanges(of: Self.data([10, .nan, 30, 20]))
    #expect(ranges.features[0]?.low == 10 && ranges.features[0]?.high == 30 && ranges.features[1] == nil)
    // A tenth of the range beyond its ends is nothing special, nor are missing values and unknown levels.
    #expect(ranges.strays(in: Self.data([8, 32, .nan], levels: [0, 2, .nan])).isEmpty)
    let strays = ranges.strays(in: Self.data([20, 33, 7, -1e300]))
    #expect(strays.map(\.rows) == [3] && strays[0].firstRow == 1 && strays[0].firstValue == 33)
  }

  @Test func aNumberWithoutValuesHasNoRange() {
    #expect(TrainingRanges(of: Self.data([.nan])).strays(in: Self.data([1])).isEmpty)
  }

  @Test func aFileKeepsThemAndRefusesOthers() throws {
    let dataset = try TestDataset.mixed(rows: 60)
    let folds = try Folds(shuffling: 60, into: 3, seed: 0)
    let experiment = Experiment(dataset: dataset, folds: folds, targetTransform: .none, seed: 0)
    let model = try experiment.refit(Candidate(Ridge.self))
    let provenance = ModelFile.Provenance(dataSHA256: "00", rows: 60, seed: 0, programVersion: "test")
    let (tensors, metadata) = try ModelFile(
      model, scores: nil, provenance: provenance, trainingData: dataset.features
    ).encoded()
    #expect(try ModelFile(tensors: tensors, metadata: metadata).model.trainingRanges == model.trainingRanges)
    for damaged in ["{}", "{\"features\":[]}", "{\"features\":[null]}", "[]"] {
      var other = metadata
      other["training_ranges"] = damaged
      #expect(throws: ModelFileError.self, "\(damaged)") { try ModelFile(tensors: tensors, metadata: other) }
    }
  }
}
