import Learners
import Linalg

/// What is timed: a fit and, where it is asked for, a prediction of the test rows.
protocol Contestant: AnyObject {
  func fit() throws
  /// Whether there is a prediction to time.
  var predicts: Bool { get }
  func predict() throws
  /// How good the last model is, in the sense of the workload.
  func score() throws -> Double
  var testR2: Double { get }
  /// Something to say beside the figures.
  var note: String { get }
}

/// One learner with its settings.
final class OneFit<Learner: Regressor>: Contestant {
  private let arrays: Arrays
  private let kinds: [FeatureKind]?
  private let parameters: Learner.Parameters
  /// Of the model, where it is not R² of the test rows.
  private let scoring: ((Learner, Arrays) throws -> Double)?
  private var model: Learner?
  private var predictions: [Double] = []

  init(
    _: Learner.Type, _ arrays: Arrays, kinds: [FeatureKind]? = nil,
    _ set: (inout Learner.Parameters) -> Void = { _ in }, scoring: ((Learner, Arrays) throws -> Double)? = nil
  ) {
    self.arrays = arrays
    self.kinds = kinds
    self.scoring = scoring
    var parameters = Learner.Parameters()
    set(&parameters)
    self.parameters = parameters
  }

  func fit() throws {
    let training = try TrainingSet(x: arrays.x, y: arrays.y, kinds: kinds)
    model = try Learner(fitting: training, parameters: parameters, seed: 0)
  }

  var predicts: Bool { arrays.xTest.rows > 0 }

  func predict() throws {
    guard let model else { throw NothingFitted() }
    predictions = try model.predict(arrays.xTest)
  }

  func score() throws -> Double {
    guard let model else { throw NothingFitted() }
    return try scoring?(model, arrays) ?? testR2
  }

  var testR2: Double { Metrics.r2(predictions: predictions, targets: arrays.yTest) }
  var note: String { "" }
}

/// A command came before a `run`.
struct NothingFitted: Error {}

/// A model that is fitted before the clock starts and then predicts: all test rows at once, or some one by one.
final class Prediction<Learner: Regressor>: Contestant {
  private let rows: [Matrix<Double>]
  private let targets: [Double]
  private let model: Learner
  private var predictions: [Double] = []

  /// - Parameter singleRows: how many rows are predicted one by one; nil for all at once.
  init(_: Learner.Type, _ arrays: Arrays, singleRows: Int?, _ set: (inout Learner.Parameters) -> Void) throws {
    var parameters = Learner.Parameters()
    set(&parameters)
    model = try Learner(fitting: TrainingSet(x: arrays.x, y: arrays.y), parameters: parameters, seed: 0)
    rows = singleRows.map { (0..<$0).map { arrays.xTest[rows: $0..<$0 + 1] } } ?? [arrays.xTest]
    targets = Array(arrays.yTest.prefix(singleRows ?? arrays.yTest.count))
  }

  func fit() {}
  var predicts: Bool { true }
  func predict() throws { predictions = try rows.flatMap { try model.predict($0) } }
  func score() -> Double { testR2 }
  var testR2: Double { Metrics.r2(predictions: predictions, targets: targets) }
  var note: String { "" }
}
