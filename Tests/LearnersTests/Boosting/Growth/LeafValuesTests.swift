import Glibc
import Learners
import Linalg
import TestSupport
import Testing

/// A tree is grown on a sample of the rows, its leaves are those of all rows that are learned from.
struct LeafValuesTests {
  /// Gradients are rounded to about 40 bits of their sum.
  private static let tolerance = 1e-8

  /// One tree without shrinking or penalty; the rows that it learned from.
  private static func oneTree(
    _ loss: Boosting.Loss, _ training: TrainingSet, folds: Int
  ) throws -> (model: Boosting, rows: [Int]) {
    var parameters = Boosting.Parameters()
    parameters.loss = loss
    parameters.maxIterations = 1
    parameters.learningRate = 1
    parameters.l2Regularization = 0
    parameters.maxLeaves = 6
    parameters.subsample = 0.5
    parameters.folds = folds
    let model = try Boosting(fitting: training, parameters: parameters, seed: 4)
    let part = ValidationPart.parts(rows: training.y.count, parameters: parameters, seed: 4)[0]
    return (model, part.training.map { Int($0) })
  }

  /// The learned rows of each leaf: those with one prediction.
  private static func leaves(_ model: Boosting, _ training: TrainingSet, _ rows: [Int]) throws -> [Double: [Int]] {
    let predictions = try model.predict(training.x)
    let leaves = Dictionary(grouping: rows) { predictions[$0] }
    #expect(leaves.count == 6)
    return leaves
  }

  private static func data(weighted: Bool = false) throws -> TrainingSet {
    let data = SyntheticData.friedman(rows: 400, features: 5)
    return try TrainingSet(
      x: data.x, y: data.y.map(abs), weights: weighted ? data.y.indices.map { 0.5 + Double($0 % 3) } : nil)
  }

  @Test(arguments: [Boosting.Loss.squared, .poisson, .tweedie], [0, 1])
  func areMeansOfAllRowsLearnedFrom(loss: Boosting.Loss, folds: Int) throws {
    for weighted in [false, true] {
      let training = try Self.data(weighted: weighted)
      let (model, rows) = try Self.oneTree(loss, training, folds: folds)
      // One factor for all leaves makes the total right; it is not theirs.
      let balance = loss.isLogarithmic ? exp(model.base - model.startingBase) : 1
      for (balanced, rows) in try Self.leaves(model, training, rows) {
        let prediction = balanced / balance
        let mass = rows.reduce(0) { $0 + (training.weights?[$1] ?? 1) }
        let mean = rows.reduce(0) { $0 + (training.weights?[$1] ?? 1) * training.y[$1] } / mass
        #expect(abs(prediction - mean) < Self.tolerance * mean)
      }
    }
  }

  @Test(arguments: [0, 1])
  func areMediansOfAllRowsLearnedFrom(folds: Int) throws {
    let training = try Self.data()
    let (model, rows) = try Self.oneTree(.absolute, training, folds: folds)
    for (prediction, rows) in try Self.leaves(model, training, rows) {
      let below = rows.count { training.y[$0] < prediction - Self.tolerance }
      let above = rows.count { training.y[$0] > prediction + Self.tolerance }
      #expect(2 * below <= rows.count && 2 * above <= rows.count)
    }
  }
}
