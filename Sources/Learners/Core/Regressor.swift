public import Linalg

/// A fitted learner: predicts a number from the features of a row.
///
/// A value of such a type is always fitted: fitting is the initialiser. It is a pure function of its arguments: same
/// rows, parameters and seed give the same bits, on any number of threads.
public protocol Regressor: Sendable {
  associatedtype Parameters: HyperParameters

  /// The name on the command line and in files.
  static var name: String { get }
  /// How features and target want to be prepared for this learner at its defaults.
  static var preparation: Preparation { get }
  /// The same for given settings.
  static func preparation(for parameters: Parameters) -> Preparation
  /// What is minimised, up to penalties.
  static func fittedLoss(of parameters: Parameters) -> FittedLoss
  /// What a fit to so many rows and columns costs.
  static func workload(of parameters: Parameters, rows: Int, columns: Int) -> Workload
  /// The same settings with what they leave to the number of rows decided as for so many.
  static func settled(_ parameters: Parameters, forRows rows: Int) -> Parameters
  /// Whether predictions are computed in `Float`, so that another CPU may differ in the fifth digit.
  static var computesInSinglePrecision: Bool { get }

  /// What it was fitted with.
  var parameters: Parameters { get }
  /// Number of columns that `predict` expects.
  var featureCount: Int { get }

  /// What it minimised: that of its parameters, but for what is made of several.
  var fittedLoss: FittedLoss { get }

  /// Fits the learner.
  /// - Parameter seed: the key of every random number that is drawn; ignored where none is.
  init(fitting training: TrainingSet, parameters: Parameters, seed: UInt64) throws(FitError)

  /// Fits a learner for each of several settings on the same rows. A family overrides it where such fits share work;
  /// each learner is as good as one that was fitted alone, to the tolerance that the family states.
  static func fitPath(
    _ settings: [Parameters], on training: TrainingSet, seed: UInt64
  ) throws(FitError) -> FittedPath<Self>

  /// One prediction a row. `x`: samples x `featureCount`, prepared as the training rows were.
  /// - Throws: `.columnMismatch`; `.nonFinite` where missing values are not understood.
  func predict(_ x: Matrix<Double>) throws(PredictionError) -> [Double]

  /// Adds all that `init(decoding:)` needs to predict the same bits.
  func encode(into tensors: inout TensorStore)
  /// - Throws: `ModelFileError` for anything missing, of the wrong shape, or out of range: the file may be hostile.
  init(decoding tensors: TensorStore, parameters: Parameters, featureCount: Int) throws(ModelFileError)

  /// How much each feature matters, in the learner's own terms: non-negative, sum 1; nil where it has no such notion.
  var featureImportance: [Double]? { get }

  /// How the search for the solution ended; nil where there is none that could end too early.
  var convergence: Convergence? { get }
}

extension Regressor {
  public static var computesInSinglePrecision: Bool { false }
  public var featureImportance: [Double]? { nil }
  public var convergence: Convergence? { nil }

  public static func preparation(for parameters: Parameters) -> Preparation { preparation }
  public static func fittedLoss(of parameters: Parameters) -> FittedLoss { .squared }
  public var fittedLoss: FittedLoss { Self.fittedLoss(of: parameters) }
  public static func settled(_ parameters: Parameters, forRows rows: Int) -> Parameters { parameters }

  /// A pass over the rows.
  public static func workload(of parameters: Parameters, rows: Int, columns: Int) -> Workload {
    Workload(nanoseconds: 10 * Double(rows) * Double(columns))
  }

  public static func fitPath(
    _ settings: [Parameters], on training: TrainingSet, seed: UInt64
  ) throws(FitError) -> FittedPath<Self> {
    let learners = try Parallel.map(settings.count) { index throws(FitError) in
      try Self(fitting: training, parameters: settings[index], seed: seed)
    }
    return FittedPath(learners: learners, distinctFits: learners.count)
  }
}

/// One learner for each of several settings, and what they cost.
public struct FittedPath<Learner: Regressor>: Sendable {
  /// In the order of the settings.
  public let learners: [Learner]
  /// How many fits were done for them: fewer than learners where one fit gives several.
  public let distinctFits: Int

  public init(learners: [Learner], distinctFits: Int) {
    self.learners = learners
    self.distinctFits = distinctFits
  }
}

/// How a learner wants its input prepared.
public struct Preparation: Sendable, Hashable {
  public enum Features: String, Sendable, Hashable {
    /// Imputed, encoded, centred and scaled: every element is finite. Numbers with long tails are shaped for distances.
    case dense
    /// The same with numbers shaped for a learner that is linear in the columns.
    case linear
    /// The same with numbers as they are, not centred: what is 0 stays 0.
    case linearFromZero
    /// Numbers as they are, NaN where missing; categories as codes 0, 1, …, NaN where missing or unknown.
    case native
  }
  public enum Target: String, Sendable, Hashable {
    /// On the scale of the target transform.
    case asGiven
    /// Shifted and scaled to mean 0 and standard deviation 1 over the training rows.
    case standardized
    /// On its own scale, without the target transform: for losses that put it on a logarithmic one themselves.
    case untransformed
  }
  public let features: Features
  public let target: Target

  public init(features: Features, target: Target) {
    self.features = features
    self.target = target
  }
}

extension Regressor {
  /// Throws unless `x` has as many columns as the learner was fitted on and, with `finite`, no missing value.
  public func checkInput(_ x: Matrix<Double>, finite: Bool) throws(PredictionError) {
    guard x.columns == featureCount else { throw .columnMismatch(expected: featureCount, found: x.columns) }
    if finite, let place = x.firstNonFinite { throw .nonFinite(row: place.row, column: place.column) }
  }
}
