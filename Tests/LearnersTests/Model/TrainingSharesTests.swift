import Glibc
import Learners
import Linalg
import Testing

@Suite struct TrainingSharesTests {
  private static func data(_ numbers: [Double], levels: [Double]? = nil) -> FeatureColumns {
    let features = [Feature(name: "size"), Feature(name: "kind", levels: ["a", "b", "c"])]
    return FeatureColumns(
      features: features, columns: [numbers, levels ?? numbers.map { _ in 0 }], rowCount: numbers.count)
  }

  @Test func valuesGoToTheirTenth() {
    let shares = TrainingShares(of: Self.data((0..<100).map(Double.init) + [.nan]))
    let bins = shares.features[0]
    #expect(bins.edges == [10, 20, 30, 40, 50, 60, 70, 80, 90])
    #expect(bins.counts == Array(repeating: 10, count: 10) + [1])
    #expect([-5, 9.5, 10, 99, 1e300, .nan].map(bins.bin(of:)) == [0, 0, 1, 9, 9, 10])
  }

  @Test func textsHaveTheirFrequentLevelsAndOneBinForOthers() {
    let bins = TrainingShares(of: Self.data([1, 1, 1, 1], levels: [2, 2, 0, .nan])).features[1]
    #expect(bins.levels == [2, 0] && bins.counts == [2, 1, 0, 1])
    // The level that was never seen, a text that is none, and nothing.
    #expect([0.0, 1, 2, 3, .nan].map(bins.bin(of:)) == [1, 2, 0, 2, 3])
  }

  @Test func constantsHaveBinsToo() {
    #expect(TrainingShares(of: Self.data([5, 5, 5])).features[0].counts == [0, 3, 0])
    #expect(TrainingShares(of: Self.data([.nan, .nan])).features[0].counts == [0, 2])
  }

  /// Of two normal distributions a deviation apart the index is their symmetric divergence, 1, less what bins hide.
  @Test func theIndexIsTheSymmetricDivergence() {
    var random = RandomStream(seed: 2, purpose: RandomPurpose("test.shares"))
    let shares = TrainingShares(of: Self.data((0..<20_000).map { _ in random.normal() }))
    func index(shift: Double) -> Double {
      var counts = [Int](repeating: 0, count: 11)
      for _ in 0..<20_000 { counts[shares.features[0].bin(of: random.normal() + shift)] += 1 }
      return shares.stabilityIndex(of: counts, feature: 0)
    }
    #expect(index(shift: 0) < 0.005)
    let shifted = index(shift: 1)
    #expect(shifted > 0.8 && shifted < 1)
  }

  @Test func aFileKeepsThemAndRefusesOthers() throws {
    let dataset = try TestDataset.mixed(rows: 60)
    let model = try Candidate(Ridge.self).fit(dataset, rows: Array(0..<40), targetTransform: .none, seed: 0)
    #expect(model.trainingShares?.features.allSatisfy { $0.counts.reduce(0, +) == 40 } ?? false)
    let provenance = ModelFile.Provenance(dataSHA256: "00", rows: 60, seed: 0, programVersion: "test")
    let (tensors, metadata) = try ModelFile(
      model, scores: nil, provenance: provenance, trainingData: dataset.features
    ).encoded()
    #expect(try ModelFile(tensors: tensors, metadata: metadata).model.trainingShares == model.trainingShares)
    let bin = #"{"edges":[1],"levels":[],"counts":[1,2,3]}"#
    let damaged = [
      "{}", #"{"features":[]}"#, #"{"features":[\#(bin)]}"#,
      try #require(metadata["training_shares"]).replacing(#""edges":[\#("")"#, with: #""edges":[9e99,"#),
    ]
    for text in damaged {
      var other = metadata
      other["training_shares"] = text
      #expect(throws: ModelFileError.self, "\(text)") { try ModelFile(tensors: tensors, metadata: other) }
    }
  }

  @Test func moreRowsAreAdded() throws {
    let dataset = try TestDataset.mixed(rows: 80)
    var parameters: [String: ParameterValue] = ["maxIterations": .integer(5)]
    parameters["folds"] = .integer(0)
    let model = try Candidate(Boosting.self, settings: parameters)
      .fit(dataset, rows: Array(0..<80), targetTransform: .none, seed: 0)
    let longer = try model.continued(on: dataset.features, target: dataset.target, iterations: 2, seed: 0)
    #expect(
      longer.trainingShares?.features.map(\.counts) == model.trainingShares?.features.map { $0.counts.map { 2 * $0 } })
  }
}
