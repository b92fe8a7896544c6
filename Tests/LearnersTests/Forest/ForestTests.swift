import Learners
import Linalg
import TestSupport
import Testing

@Suite struct ForestTests {
  /// Both compute the same sums in another order; the targets are of size 1.
  static let roundingTolerance = 1e-12

  static func singleTree(_ change: (inout Forest.Parameters) -> Void = { _ in }) -> Forest.Parameters {
    var parameters = Forest.Parameters()
    parameters.estimators = 1
    parameters.bootstrap = false
    parameters.maxFeatures = 1
    change(&parameters)
    return parameters
  }

  /// Nodes small enough to be sorted, counted in tables, and scanned in order all occur with so many rows.
  @Test(arguments: [(20, 1, 1), (60, 3, 2), (150, 2, 3), (150, 10, 4)] as [(Int, Int, UInt64)])
  func growsTheTreeOfTheNaiveSearch(rows: Int, minSamplesLeaf: Int, seed: UInt64) throws {
    let training = try MixedData.training(rows: rows, seed: seed)
    let naive = NaiveTree(
      x: training.x, y: training.y, weights: training.weights!, kinds: training.kinds, minSamplesLeaf: minSamplesLeaf)
    let forest = try Forest(
      fitting: training, parameters: Self.singleTree { $0.minSamplesLeaf = minSamplesLeaf })
    let error = largestAbsoluteError(try forest.predict(training.x), naive.fittedValues())
    #expect(error < Self.roundingTolerance)
  }

  /// Columns with more than 128 distinct values are kept in order; this one has as many as rows.
  @Test func growsTheTreeOfTheNaiveSearchOnOrderedColumns() throws {
    let (x, y) = SyntheticData.friedman(rows: 200, features: 5, seed: 3)
    let training = try TrainingSet(x: x, y: y)
    let naive = NaiveTree(
      x: x, y: y, weights: Array(repeating: 1, count: 200), kinds: training.kinds, minSamplesLeaf: 7)
    let forest = try Forest(fitting: training, parameters: Self.singleTree { $0.minSamplesLeaf = 7 })
    #expect(largestAbsoluteError(try forest.predict(x), naive.fittedValues()) < 10 * Self.roundingTolerance)
  }

  @Test func outOfBagIsWhatTheOtherTreesSay() throws {
    let training = try MixedData.training(rows: 90, seed: 5, weighted: false)
    var parameters = Forest.Parameters()
    parameters.estimators = 7
    let forest = try Forest(fitting: training, parameters: parameters, seed: 11)
    let draws = (0..<7).map { tree -> [UInt32] in
      var random = RandomStream(seed: 11, purpose: RandomPurpose("forest.bootstrap"), index: UInt64(tree))
      return random.bootstrap(90, draws: 90)
    }
    let expected = (0..<90).map { row -> Double in
      let values = (0..<7).filter { draws[$0][row] == 0 }.map {
        forest.ensemble.leafValue(tree: $0, row: training.x.row(row))
      }
      return values.reduce(0, +) / Double(values.count)
    }
    let found = try #require(forest.outOfBagPredictions)
    #expect(expected.contains { $0.isNaN } && !expected.allSatisfy { $0.isNaN })
    #expect(zip(found, expected).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })

    let known = (0..<90).filter { !expected[$0].isNaN }
    let mean = known.reduce(0) { $0 + training.y[$1] } / Double(known.count)
    let residual = known.reduce(0) { $0 + (training.y[$1] - expected[$1]) * (training.y[$1] - expected[$1]) }
    let total = known.reduce(0) { $0 + (training.y[$1] - mean) * (training.y[$1] - mean) }
    #expect(abs(try #require(forest.outOfBagScore) - (1 - residual / total)) < Self.roundingTolerance)
  }

  @Test func outOfBagScoreForetellsTheTestScore() throws {
    let (x, y) = SyntheticData.friedman(rows: 1200, seed: 1)
    let training = try TrainingSet(x: x[rows: 0..<600], y: Array(y[..<600]))
    var parameters = Forest.Parameters()
    parameters.estimators = 100
    let forest = try Forest(fitting: training, parameters: parameters)
    let test = TreeLearner.score(y[600...], try forest.predict(x[rows: 600..<1200]))
    // Two estimates of 0.8 or so from 600 rows each.
    #expect(abs(try #require(forest.outOfBagScore) - test) < 0.05)
    #expect(test > 0.75)
  }

  @Test func hasNoOutOfBagWithoutBootstrap() throws {
    let forest = try Forest(fitting: MixedData.training(rows: 30, seed: 1), parameters: Self.singleTree())
    #expect(forest.outOfBagScore == nil && forest.outOfBagPredictions == nil)
  }

  /// Rows in the bag of one tree only by their weight: a row of weight 0 is never drawn.
  @Test func absentRowsHaveNoOutOfBagPrediction() throws {
    let training = try MixedData.training(rows: 40, seed: 2, weighted: false)
    var weights = [Double](repeating: 1, count: 40)
    weights[7] = 0
    let weighted = try TrainingSet(x: training.x, y: training.y, weights: weights, kinds: training.kinds)
    var parameters = Forest.Parameters()
    parameters.estimators = 50
    let predictions = try #require(try Forest(fitting: weighted, parameters: parameters).outOfBagPredictions)
    #expect(predictions[7].isNaN)
    #expect(predictions.count { $0.isNaN } == 1)
  }
}
