internal import Glibc
public import Learners
public import Linalg

/// Small made data, prepared the way a learner asks for: dense and scaled, or with missing values and categories.
public struct ContractData: Sendable {
  public let preparation: Preparation
  public let x: Matrix<Double>
  public let y: [Double]
  public let kinds: [FeatureKind]

  /// With native features and at least three columns the last one is categorical and the one before has gaps.
  public init(rows: Int, features: Int, for preparation: Preparation, seed: UInt64 = 0) {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.contract"))
    let isMixed = preparation.features == .native && features >= 3
    var x = Matrix<Double>(rows: rows, columns: features) { _, column in
      let normal = random.normal()
      return isMixed && column == features - 1 ? Double(random.uniform(below: 3)) : normal
    }
    let y = (0..<rows).map { row in
      3 + 1.5 * x[row, 0] + (features > 1 ? sin(2 * x[row, 1]) : 0) + 0.3 * random.normal()
    }
    if isMixed {
      for row in stride(from: 0, to: rows, by: 7) { x[row, features - 2] = .nan }
    }
    self.preparation = preparation
    self.x = x
    self.y = preparation.target == .standardized ? Self.standardized(y) : y
    kinds = (0..<features).map { isMixed && $0 == features - 1 ? .categorical(levels: 3) : .numeric }
  }

  private static func standardized(_ y: [Double]) -> [Double] {
    let mean = y.reduce(0, +) / Double(y.count)
    let deviation = (y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(y.count)).squareRoot()
    return y.map { deviation > 0 ? ($0 - mean) / deviation : 0 }
  }

  public func training(weights: [Double]? = nil) throws(FitError) -> TrainingSet {
    try TrainingSet(x: x, y: y, weights: weights, kinds: kinds)
  }

  /// The given rows, in this order.
  public func training(rows: [Int]) throws(FitError) -> TrainingSet {
    try TrainingSet(x: x.gathering(rows: rows), y: rows.map { y[$0] }, kinds: kinds)
  }

  public func training(target: [Double]) throws(FitError) -> TrainingSet {
    try TrainingSet(x: x, y: target, kinds: kinds)
  }
}
