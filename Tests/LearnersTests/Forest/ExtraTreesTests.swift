import Learners
import Linalg
import TestSupport
import Testing

@Suite struct ExtraTreesTests {
  /// With a single feature every threshold of the root is a fresh uniform draw between the extremes.
  @Test func thresholdsAreUniformBetweenTheExtremes() throws {
    let x = Matrix<Double>(rows: 50, columns: 1) { row, _ in 3 + 2 * Double(row * row) / 2401 }
    let training = try TrainingSet(x: x, y: (0..<50).map { Double($0 % 7) })
    var parameters = ExtraTrees.Parameters()
    parameters.estimators = 2000
    parameters.maxDepth = 1
    let trees = try ExtraTrees(fitting: training, parameters: parameters).ensemble
    let thresholds = (0..<2000).map { trees.nodes[trees.starts[$0]].threshold }
    #expect(thresholds.allSatisfy { $0 >= 3 && $0 < 5 })
    // Standard error of the mean of 2,000 uniform draws on an interval of 2: 0.013.
    #expect(abs(thresholds.reduce(0, +) / 2000 - 4) < 0.06)
    #expect(thresholds.count { $0 < 3.5 } > 400 && thresholds.count { $0 >= 4.5 } > 400)
  }

  @Test func choosesTheBetterOfItsRandomSplits() throws {
    var random = RandomStream(seed: 1, purpose: RandomPurpose("test.extra"))
    let x = Matrix<Double>(rows: 400, columns: 6) { _, _ in random.uniform() }
    let training = try TrainingSet(x: x, y: (0..<400).map { x[$0, 4] })
    var parameters = ExtraTrees.Parameters()
    parameters.estimators = 50
    parameters.maxDepth = 1
    let trees = try ExtraTrees(fitting: training, parameters: parameters).ensemble
    let onSignal = (0..<50).count { trees.nodes[trees.starts[$0]].feature == 4 }
    // A threshold in the outermost per cent could lose against noise.
    #expect(onSignal >= 45)
  }

  @Test func aFractionOfTheFeaturesReachesTheOthersToo() throws {
    let (x, y) = SyntheticData.friedman(rows: 500, features: 10, seed: 2)
    var parameters = ExtraTrees.Parameters()
    parameters.estimators = 40
    parameters.maxFeatures = 0.1
    parameters.maxDepth = 1
    let trees = try ExtraTrees(fitting: TrainingSet(x: x, y: y), parameters: parameters).ensemble
    let used = Set((0..<40).map { trees.nodes[trees.starts[$0]].feature })
    #expect(used.count >= 8)
  }

  /// The one feature that is drawn may be constant; then the next one is asked.
  @Test func looksBeyondConstantFeatures() throws {
    let x = Matrix<Double>(rows: 64, columns: 20) { row, column in column == 13 ? Double(row) : 1 }
    let y = (0..<64).map { Double($0 * $0) }
    var parameters = ExtraTrees.Parameters()
    parameters.estimators = 2
    parameters.maxFeatures = 0.05
    let trees = try ExtraTrees(fitting: TrainingSet(x: x, y: y), parameters: parameters)
    #expect(try trees.predict(x) == y)
  }
}
