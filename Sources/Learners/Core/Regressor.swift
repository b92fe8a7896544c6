public import Linalg

/// A fitted learner: predicts a number from the features of a row.
///
/// A value of such a type is always fitted: fitting is the initialiser. It is a pure function of its arguments: same
/// rows, parameters and seed give the same bits, on any number of threads.
public protocol Regressor: Sendable {
  associatedtype Parameters: HyperParameters

  /// The name on the command line and in files.
  static var name: String { get }
  /// How features and target want to be prepared for this learner.
  static var preparation: Preparation { get }
  /// Whether predictions are computed in `Float`, so that another CPU may differ in the fifth digit.
  static var computesInSinglePrecision: Bool { get }

  /// What it was fitted with.
  var parameters: Parameters { get }
  /// Number of columns that `predict` expects.
  var featureCount: Int { get }

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
}

extension Regressor {
  public static var computesInSinglePrecision: Bool { false }
  public var featureImportance: [Double]? { nil }

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
    /// Imputed, encoded and scaled: every element is finite.
    case dense
    /// Numbers as they are, NaN where missing; categories as codes 0, 1, …, NaN where missing or unknown.
    case native
  }
  public enum Target: String, Sendable, Hashable {
    /// On the scale of the target transform.
    case asGiven
    /// Shifted and scaled to mean 0 and standard deviation 1 over the training rows.
    case standardized
  }
  public let features: Features
  public let target: Target

  public init(features: Features, target: Target) {
    self.features = features
    self.target = target
  }
}

/// What a column of a training set holds.
public enum FeatureKind: Sendable, Hashable {
  case numeric
  /// Codes 0 ..< levels, NaN for missing.
  case categorical(levels: Int)
}

/// Rows to learn from. A value that exists is valid: shapes agree, targets are finite, weights are finite and
/// not negative with a positive sum, codes of categories are whole numbers in range.
public struct TrainingSet: Sendable {
  /// samples x features.
  public let x: Matrix<Double>
  public let y: [Double]
  /// One a sample; nil means that all weigh 1. A weight of k counts as k copies of the row.
  public let weights: [Double]?
  public let kinds: [FeatureKind]

  /// - Parameter kinds: one a column; nil means that all are numeric.
  /// - Throws: `.noRows`, `.noFeatures`, `.rowMismatch`, `.nonFiniteTarget`, `.invalidWeight`, `.nonFinite` for an
  ///   infinite element (NaN is a missing value), `.invalidCategory`.
  public init(
    x: Matrix<Double>, y: [Double], weights: [Double]? = nil, kinds: [FeatureKind]? = nil
  ) throws(FitError) {
    let kinds = kinds ?? Array(repeating: .numeric, count: x.columns)
    precondition(kinds.count == x.columns, "TrainingSet: \(kinds.count) kinds for \(x.columns) columns")
    guard x.rows > 0 else { throw .noRows }
    guard x.columns > 0 else { throw .noFeatures }
    guard y.count == x.rows else { throw .rowMismatch(rows: x.rows, targets: y.count) }
    if let row = y.firstIndex(where: { !$0.isFinite }) { throw .nonFiniteTarget(row: row) }
    if let weights { try Self.check(weights: weights, rows: x.rows) }
    try Self.check(x, kinds: kinds)
    self.x = x
    self.y = y
    self.weights = weights
    self.kinds = kinds
  }

  private static func check(weights: [Double], rows: Int) throws(FitError) {
    guard weights.count == rows else { throw .rowMismatch(rows: rows, targets: weights.count) }
    if let row = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) { throw .invalidWeight(row: row) }
    let sum = weights.reduce(0, +)
    guard sum > 0 && sum.isFinite else { throw .invalidWeight(row: 0) }
  }

  private static func check(_ x: Matrix<Double>, kinds: [FeatureKind]) throws(FitError) {
    try x.withSpan { elements throws(FitError) in
      for row in 0..<x.rows {
        for column in 0..<x.columns {
          let element = elements[row * x.columns + column]
          if element.isInfinite { throw .nonFinite(row: row, column: column) }
          guard case .categorical(let levels) = kinds[column], !element.isNaN else { continue }
          guard element >= 0 && element < Double(levels) && element == element.rounded() else {
            throw .invalidCategory(row: row, column: column)
          }
        }
      }
    }
  }

  /// Throws `.nonFinite` at the first missing value: for learners that take none.
  public func requireNoMissing() throws(FitError) {
    if let place = x.firstNonFinite { throw .nonFinite(row: place.row, column: place.column) }
  }

  /// Σ weights, the number of rows where there are none.
  public var totalWeight: Double { weights?.reduce(0, +) ?? Double(y.count) }

  /// Weighted mean of the targets.
  public var targetMean: Double {
    guard let weights else { return y.reduce(0, +) / Double(y.count) }
    return zip(weights, y).reduce(0) { $0 + $1.0 * $1.1 } / totalWeight
  }
}

extension Regressor {
  /// Throws unless `x` has as many columns as the learner was fitted on and, with `finite`, no missing value.
  public func checkInput(_ x: Matrix<Double>, finite: Bool) throws(PredictionError) {
    guard x.columns == featureCount else { throw .columnMismatch(expected: featureCount, found: x.columns) }
    if finite, let place = x.firstNonFinite { throw .nonFinite(row: place.row, column: place.column) }
  }
}

extension Matrix {
  internal var firstNonFinite: (row: Int, column: Int)? {
    withSpan { elements in
      for index in elements.indices where !elements[index].isFinite { return (index / columns, index % columns) }
      return nil
    }
  }
}
