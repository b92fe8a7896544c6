import Glibc
import Learners
import Linalg
import TestSupport
import Testing

/// Boosting against its naive twin: the same trees, up to what fixed point rounds off.
struct BoostingOracleTests {
  /// Gradients are rounded to about 40 bits of their sum; a few trees add a few such errors.
  private static let tolerance = 1e-8

  /// Two numeric features with missing values, one with many values, one categorical of five levels.
  private static func mixedData(rows: Int, seed: UInt64, weighted: Bool = false) throws -> TrainingSet {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.boosting.mixed"))
    let x = Matrix<Double>(rows: rows, columns: 4) { _, column in
      let isMissing = column < 2 && random.uniform() < 0.2
      let number = column == 3 ? Double(random.uniform(below: 5)) : random.normal()
      return isMissing || (column == 3 && number == 4 && random.uniform() < 0.3) ? .nan : number
    }
    let y = (0..<rows).map { row in
      let level = x[row, 3].isNaN ? 1.5 : [0.3, 2.0, -1.0, 0.9, 2.2][Int(x[row, 3])]
      return abs((x[row, 0].isNaN ? 2 : x[row, 0]) + level + 0.5 * x[row, 2] + 0.3 * random.normal())
    }
    return try TrainingSet(
      x: x, y: y, weights: weighted ? y.map { _ in 0.1 + random.uniform() } : nil,
      kinds: [.numeric, .numeric, .numeric, .categorical(levels: 5)])
  }

  private static func parameters(_ settings: NaiveBooster.Settings, _ loss: Boosting.Loss) -> Boosting.Parameters {
    var parameters = Boosting.Parameters()
    parameters.loss = loss
    parameters.maxIterations = settings.iterations
    parameters.learningRate = settings.learningRate
    parameters.maxLeaves = settings.maxLeaves
    parameters.minSamplesLeaf = settings.minSamplesLeaf
    parameters.l2Regularization = settings.l2
    parameters.subsample = 1
    parameters.maxFeatures = 1
    parameters.folds = 0
    parameters.categorySmoothing = 0
    parameters.categoryL2 = 0
    return parameters
  }

  @Test(arguments: [0, 1, 2] as [UInt64], [false, true])
  func growsTheTreesOfItsNaiveTwin(seed: UInt64, weighted: Bool) throws {
    let training = try Self.mixedData(rows: 150, seed: seed, weighted: weighted)
    // Sets of categories are searched in the order of their means, which is exhaustive without a penalty only.
    let settings = NaiveBooster.Settings(l2: 0)
    for loss in [Boosting.Loss.squared, .poisson, .tweedie] {
      let naive = NaiveBooster(training, loss: loss, settings: settings)
      let model = try Boosting(fitting: training, parameters: Self.parameters(settings, loss))
      let found = try model.predict(training.x)
      let expected = loss.isLogarithmic ? naive.scores.map { exp($0) } : naive.scores
      #expect(largestRelativeError(found, expected, floor: 1) < Self.tolerance, "\(loss)")
    }
  }

  @Test(arguments: [0, 1, 2] as [UInt64])
  func penalisesAsItsNaiveTwin(seed: UInt64) throws {
    let data = SyntheticData.friedman(rows: 200, features: 5, seed: seed)
    let training = try TrainingSet(x: data.x, y: data.y)
    let settings = NaiveBooster.Settings(maxLeaves: 12, minSamplesLeaf: 5, l2: 3)
    let naive = NaiveBooster(training, loss: .squared, settings: settings)
    let model = try Boosting(fitting: training, parameters: Self.parameters(settings, .squared))
    #expect(largestAbsoluteError(try model.predict(data.x), naive.scores) < Self.tolerance)
  }

  @Test func aDeepTreeReproducesDistinctRows() throws {
    let data = SyntheticData.friedman(rows: 100, features: 5)
    let settings = NaiveBooster.Settings(iterations: 1, learningRate: 1, maxLeaves: 100, minSamplesLeaf: 1, l2: 0)
    let model = try Boosting(
      fitting: try TrainingSet(x: data.x, y: data.y), parameters: Self.parameters(settings, .squared))
    #expect(largestAbsoluteError(try model.predict(data.x), data.y) < Self.tolerance)
  }
}
