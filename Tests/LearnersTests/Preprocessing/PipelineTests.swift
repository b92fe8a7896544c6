import FoundationEssentials
import Learners
import Linalg
import Testing

@Suite struct PipelineTests {
  private static let forms = [
    Preparation(features: .dense, target: .standardized), Preparation(features: .native, target: .asGiven),
  ]

  /// What a pipeline learns must come from the training rows alone.
  @Test(arguments: forms)
  func heldOutRowsDoNotMatter(preparation: Preparation) throws {
    let clean = try TestDataset.mixed(rows: 120)
    let training = Array(0..<80)
    let columns = clean.features.columns.enumerated().map { index, values in
      values.enumerated().map { row, value in row < 80 || index == 6 ? value : 1e6 }
    }
    let table = Table(
      columns: clean.schema.features.enumerated().map { index, feature in
        guard let levels = feature.levels else { return Column(name: feature.name, values: .numeric(columns[index])) }
        return Column(name: feature.name, texts: columns[index].map { $0.isNaN ? nil : levels[Int($0)] })
      } + [Column(name: "y", values: .numeric(clean.target.enumerated().map { $0 < 80 ? $1 : 1e9 }))])
    let spoiled = try Dataset(table)
    let expected = try Pipeline(fitting: clean, rows: training, for: preparation, targetTransform: .auto)
    let found = try Pipeline(fitting: spoiled, rows: training, for: preparation, targetTransform: .auto)
    #expect(found == expected)
  }

  @Test(arguments: forms)
  func aRowIsEncodedTheSameWhateverIsAroundIt(preparation: Preparation) throws {
    let dataset = try TestDataset.mixed(rows: 3000)
    let rows = Array(0..<3000)
    let pipeline = try Pipeline(fitting: dataset, rows: rows, for: preparation, targetTransform: .none)
    let all = pipeline.matrix(of: rows, in: dataset.features)
    for row in [0, 1, 1499, 2999] {
      let alone = pipeline.matrix(of: [row], in: dataset.features)
      #expect(alone.row(0).map(\.bitPattern) == all.row(row).map(\.bitPattern))
    }
  }

  @Test func denseMatricesAreFinite() throws {
    let dataset = try TestDataset.mixed(rows: 200)
    let pipeline = try Pipeline(
      fitting: dataset, rows: Array(0..<100), for: Self.forms[0], targetTransform: .auto)
    let matrix = pipeline.matrix(of: Array(0..<200), in: dataset.features)
    #expect(matrix.elements.allSatisfy { $0.isFinite })
    #expect(matrix.columns == pipeline.columnCount && pipeline.kinds.allSatisfy { $0 == .numeric })
  }

  @Test func nativeMatricesKeepWhatIsMissing() throws {
    let dataset = try TestDataset.mixed(rows: 200)
    let pipeline = try Pipeline(
      fitting: dataset, rows: Array(0..<200), for: Self.forms[1], targetTransform: .auto)
    let matrix = pipeline.matrix(of: Array(0..<200), in: dataset.features)
    #expect(matrix[0, 5].isNaN && matrix[0, 6].isNaN && !matrix[1, 5].isNaN)
    #expect(pipeline.kinds.last == .categorical(levels: 3))
  }

  @Test(arguments: forms)
  func aPipelineSurvivesJSON(preparation: Preparation) throws {
    let dataset = try TestDataset.mixed(rows: 200)
    let pipeline = try Pipeline(
      fitting: dataset, rows: Array(0..<200), for: preparation, targetTransform: .auto)
    let decoded = try JSONDecoder().decode(Pipeline.self, from: JSONEncoder().encode(pipeline))
    #expect(decoded == pipeline)
  }

  @Test func featuresThatDoNotVaryAreAnError() throws {
    let dataset = try TestDataset.make(feature: Feature(name: "f"), values: [1, 1, 1, 2], target: [1, 2, 3, 4])
    #expect(throws: FitError.noFeatures) {
      try Pipeline(fitting: dataset, rows: [0, 1, 2], for: Self.forms[0], targetTransform: .none)
    }
  }
}
