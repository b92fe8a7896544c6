import Learners
import Linalg
import TestSupport
import Testing

struct BoostingContinuingTests {
  private static func encoded(_ model: Boosting) -> TensorStore {
    var tensors = TensorStore()
    model.encode(into: &tensors)
    return tensors
  }

  private static func parameters(_ loss: Boosting.Loss, iterations: Int) -> Boosting.Parameters {
    var parameters = Boosting.Parameters()
    parameters.loss = loss
    parameters.folds = 0
    parameters.maxIterations = iterations
    parameters.columnSubsample = 0.8
    return parameters
  }

  private static func training(rows: Int, seed: UInt64, weighted: Bool = true) throws -> TrainingSet {
    let data = try MixedData.training(rows: rows, seed: seed, weighted: weighted)
    return try TrainingSet(x: data.x, y: data.y.map { 1000 * abs($0) }, weights: data.weights, kinds: data.kinds)
  }

  @Test(arguments: Boosting.Loss.allCases, [false, true])
  func isOneLongerFit(loss: Boosting.Loss, weighted: Bool) throws {
    let training = try Self.training(rows: 250, seed: 1, weighted: weighted)
    let long = try Boosting(fitting: training, parameters: Self.parameters(loss, iterations: 37), seed: 5)
    var model = try Boosting(fitting: training, parameters: Self.parameters(loss, iterations: 11), seed: 5)
    #expect(model.trees != long.trees)
    // From a file as well as from memory.
    model = try Boosting(decoding: Self.encoded(model), parameters: model.parameters, featureCount: 4)
    model = try Boosting(continuing: model, on: training, iterations: 20, seed: 5)
    model = try Boosting(continuing: model, on: training, iterations: 6, seed: 5)
    #expect(model.parameters == long.parameters)
    #expect(Self.encoded(model) == Self.encoded(long))
  }

  /// A prefix of a path goes on like a fit of its own.
  @Test func aPrefixOfAPathGoesOn() throws {
    let training = try Self.training(rows: 120, seed: 2)
    let settings = [4, 9].map { Self.parameters(.squared, iterations: $0) }
    let path = try Boosting.fitPath(settings, on: training, seed: 3).learners
    let model = try Boosting(continuing: path[0], on: training, iterations: 5, seed: 3)
    #expect(Self.encoded(model) == Self.encoded(path[1]))
  }

  /// A fit that ran out of splits ends again at once, as one long fit would have.
  @Test func whatHasEndedStaysAsItIs() throws {
    let x = Matrix<Double>(rows: 40, columns: 1) { row, _ in row < 20 ? 0 : 1 }
    let training = try TrainingSet(x: x, y: (0..<40).map { $0 < 20 ? 0 : 1 })
    func parameters(_ iterations: Int) -> Boosting.Parameters {
      var parameters = Self.parameters(.squared, iterations: iterations)
      parameters.learningRate = 1
      parameters.l2Regularization = 0
      parameters.subsample = 0.5
      return parameters
    }
    let long = try Boosting(fitting: training, parameters: parameters(60), seed: 1)
    let short = try Boosting(fitting: training, parameters: parameters(20), seed: 1)
    let model = try Boosting(continuing: short, on: training, iterations: 40, seed: 1)
    #expect(long.trees.treeCount < 60)
    #expect(Self.encoded(model) == Self.encoded(long))
  }

  @Test func newRowsAreLearnedFrom() throws {
    let (old, new) = (try Self.training(rows: 200, seed: 1), try Self.training(rows: 200, seed: 2))
    // Targets of another size: the new rows have a unit of their own.
    let shifted = try TrainingSet(x: new.x, y: new.y.map { 100 * $0 }, kinds: new.kinds)
    let model = try Boosting(fitting: old, parameters: Self.parameters(.squared, iterations: 30))
    let next = try Boosting(continuing: model, on: shifted, iterations: 100)
    #expect(next.trees.treeCount == 130 && next.base == model.base)
    #expect(Array(next.trees.nodes.prefix(model.trees.nodes.count)) == model.trees.nodes)
    func error(_ model: Boosting) throws -> Double {
      zip(try model.predict(shifted.x), shifted.y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    #expect(try error(next) < 0.1 * error(model))
    #expect(abs(try #require(next.featureImportance).reduce(0, +) - 1) < 1e-9)
  }

  /// Targets that are all off by one number leave nothing to split by.
  @Test(arguments: [Boosting.Loss.squared, .absolute, .poisson]) func aShiftOfAllTargetsIsLearned(loss: Boosting.Loss)
    throws
  {
    let old = try Self.training(rows: 200, seed: 1, weighted: false)
    let model = try Boosting(fitting: old, parameters: Self.parameters(loss, iterations: 30))
    let found = try model.predict(old.x)
    let targets = found.map { loss == .poisson ? 50 * $0 : $0 + 5e4 }
    let shifted = try TrainingSet(x: old.x, y: targets, kinds: old.kinds)
    let next = try Boosting(continuing: model, on: shifted, iterations: 200)
    #expect(largestRelativeError(try next.predict(old.x), targets, floor: 1) < 0.01)
  }

  @Test func whatCannotGoOnSaysWhy() throws {
    let training = try Self.training(rows: 60, seed: 1)
    func reason(_ change: (inout Boosting.Parameters) -> Void, iterations: Int = 5) throws -> FitError? {
      var parameters = Self.parameters(.quantile, iterations: 5)
      change(&parameters)
      let model = try Boosting(fitting: training, parameters: parameters)
      do throws(FitError) {
        _ = try Boosting(continuing: model, on: training, iterations: iterations)
        return nil
      } catch {
        return error
      }
    }
    #expect(try reason { _ in } == nil)
    for folds in [1, 3] {
      #expect(try reason { $0.folds = folds }?.description.contains("folds=0") == true)
    }
    #expect(
      try reason { $0.quantiles = QuantileLevels([0.1, 0.5]) }
        == .cannotContinue(reason: "it predicts several quantiles"))
    for iterations in [0, -3, 100_000, Int.max] {
      guard case .parameter = try reason({ _ in }, iterations: iterations) else {
        Issue.record("\(iterations) more iterations are taken")
        continue
      }
    }
    let narrow = try TrainingSet(x: Matrix(rows: 60, columns: 1), y: training.y)
    let model = try Boosting(fitting: training, parameters: Self.parameters(.squared, iterations: 2))
    #expect(throws: FitError.cannotContinue(reason: "it takes 4 columns, there are 1")) {
      try Boosting(continuing: model, on: narrow, iterations: 1)
    }
  }
}
