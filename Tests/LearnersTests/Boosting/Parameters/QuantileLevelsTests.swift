import Learners
import Linalg
import TestSupport
import Testing

struct QuantileLevelsTests {
  private static func training(_ rows: Int, seed: UInt64 = 0) throws -> TrainingSet {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.quantiles"))
    let x = Matrix<Double>(rows: rows, columns: 3) { _, _ in random.uniform() }
    // The spread grows with the first feature.
    let y = (0..<rows).map { 2 * x[$0, 1] + (0.2 + x[$0, 0]) * random.normal() }
    return try TrainingSet(x: x, y: y)
  }

  private static func parameters(_ levels: [Double], iterations: Int = 60) -> Boosting.Parameters {
    var parameters = Boosting.Parameters()
    parameters.loss = .quantile
    parameters.quantiles = QuantileLevels(levels)
    parameters.maxIterations = iterations
    parameters.folds = 2
    return parameters
  }

  private static let levels = [0.05, 0.1, 0.25, 0.5, 0.55, 0.6, 0.9]

  @Test func quantilesNeverCross() throws {
    let training = try Self.training(300)
    let model = try Boosting(fitting: training, parameters: Self.parameters(Self.levels))
    let found = try model.predictQuantiles(try Self.training(500, seed: 1).x)
    #expect(found.columns == 7 && model.quantileLevels == Self.levels)
    for row in 0..<found.rows { #expect(Array(found.row(row)) == found.row(row).sorted()) }
    // Fitted one by one they do cross: sorting has something to do.
    let alone = try Self.levels.map { level in
      var parameters = Self.parameters(Self.levels)
      parameters.quantiles = nil
      parameters.quantile = level
      return try Boosting(fitting: training, parameters: parameters).predict(try Self.training(500, seed: 1).x)
    }
    var crossing = 0
    for row in 0..<500 {
      let separate = alone.map { $0[row] }
      if separate != separate.sorted() { crossing += 1 }
      #expect(Array(found.row(row)) == separate.sorted())
    }
    #expect(crossing > 10)
  }

  @Test func predictionIsTheMiddleLevel() throws {
    let training = try Self.training(300)
    let model = try Boosting(fitting: training, parameters: Self.parameters([0.1, 0.4, 0.9]))
    #expect(try model.predict(training.x) == model.predictQuantiles(training.x).column(1))
  }

  /// Out of 4,000 new rows about the share of the level lies below each quantile.
  @Test func quantilesCoverTheirShares() throws {
    let levels = [0.1, 0.5, 0.9]
    let model = try Boosting(
      fitting: try Self.training(4000), parameters: Self.parameters(levels, iterations: 300), seed: 1)
    let test = try Self.training(4000, seed: 1)
    let found = try model.predictQuantiles(test.x)
    for (column, level) in levels.enumerated() {
      let below = (0..<4000).count { test.y[$0] < found[$0, column] }
      #expect(abs(Double(below) / 4000 - level) < 0.03)  // four standard errors of a share, and what is learned wrongly
    }
  }

  @Test func aStoredModelPredictsTheSameBits() throws {
    let training = try Self.training(200)
    let model = try Boosting(fitting: training, parameters: Self.parameters([0.1, 0.5, 0.9], iterations: 10))
    var tensors = TensorStore()
    model.encode(into: &tensors)
    let copy = try Boosting(decoding: tensors, parameters: model.parameters, featureCount: 3)
    #expect(try copy.predictQuantiles(training.x) == model.predictQuantiles(training.x))
    for name in tensors.tensors.keys {
      var damaged = TensorStore()
      for (other, tensor) in tensors.tensors where other != name {
        damaged.set(other, shape: tensor.shape, tensor.elements)
      }
      #expect(throws: ModelFileError.missingTensor(name)) {
        try Boosting(decoding: damaged, parameters: model.parameters, featureCount: 3)
      }
    }
  }

  @Test func otherLossesHaveNoLevels() throws {
    var parameters = Self.parameters([0.1, 0.9])
    parameters.loss = .absolute
    #expect(throws: FitError.self) { try Boosting(fitting: try Self.training(50), parameters: parameters) }
    #expect(try Boosting(fitting: try Self.training(50)).quantileLevels.isEmpty)
  }

  @Test func pathsOfIterationsKeepTheirLevels() throws {
    let training = try Self.training(200)
    let settings = [5, 12].map { Self.parameters([0.2, 0.8], iterations: $0) }
    let path = try Boosting.fitPath(settings, on: training, seed: 4)
    #expect(path.distinctFits == 1)
    for (learner, parameters) in zip(path.learners, settings) {
      let alone = try Boosting(fitting: training, parameters: parameters, seed: 4)
      #expect(try learner.predictQuantiles(training.x) == alone.predictQuantiles(training.x))
    }
  }

  @Test(arguments: ["0.5", "", "0.1,", "0.9,0.1", "0.5,0.5", "0,0.5", "0.5,1", "a,b", "nan,0.5"])
  func whatIsNoListOfLevelsIsRefused(text: String) {
    var parameters = Boosting.Parameters()
    #expect(throws: ParameterError.self) { try parameters.set("quantiles", to: ParameterValue(parsing: text)) }
  }

  @Test func levelsAreWrittenAsTheyAreRead() throws {
    let levels = try #require(QuantileLevels(parsing: "0.05,0.5,.75"))
    #expect(levels.text == "0.05,0.5,0.75" && QuantileLevels(parsing: levels.text) == levels)
  }
}
