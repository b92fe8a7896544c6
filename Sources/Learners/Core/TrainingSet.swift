public import Linalg

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
  /// The group of each sample, from 0: what chooses by samples held out holds out whole groups. Nil where each is its own.
  public let groups: [Int]?
  public let kinds: [FeatureKind]
  /// What hyper-parameters call the columns: one a column; "0", "1", … where they have no names.
  public let names: [String]

  /// - Parameter kinds: one a column; nil means that all are numeric.
  /// - Parameter names: one a column; nil for their numbers.
  /// - Throws: `.noRows`, `.noFeatures`, `.rowMismatch`, `.nonFiniteTarget`, `.invalidWeight`, `.nonFinite` for an
  ///   infinite element (NaN is a missing value), `.invalidCategory`.
  public init(
    x: Matrix<Double>, y: [Double], weights: [Double]? = nil, groups: [Int]? = nil, kinds: [FeatureKind]? = nil,
    names: [String]? = nil
  ) throws(FitError) {
    let kinds = kinds ?? Array(repeating: .numeric, count: x.columns)
    let names = names ?? (0..<x.columns).map(String.init)
    precondition(kinds.count == x.columns, "TrainingSet: \(kinds.count) kinds for \(x.columns) columns")
    precondition(names.count == x.columns, "TrainingSet: \(names.count) names for \(x.columns) columns")
    precondition(groups.map { $0.count == x.rows } ?? true, "TrainingSet: groups of other rows")
    try Self.check(x, y, weights)
    try Self.check(x, kinds: kinds)
    self.x = x
    self.y = y
    self.weights = weights
    self.groups = groups
    self.kinds = kinds
    self.names = names
  }

  private static func check(_ x: Matrix<Double>, _ y: [Double], _ weights: [Double]?) throws(FitError) {
    guard x.rows > 0 else { throw .noRows }
    guard x.columns > 0 else { throw .noFeatures }
    guard y.count == x.rows else { throw .rowMismatch(rows: x.rows, targets: y.count) }
    if let row = y.firstIndex(where: { !$0.isFinite }) { throw .nonFiniteTarget(row: row) }
    if let weights { try check(weights: weights, rows: x.rows) }
  }

  private static func check(weights: [Double], rows: Int) throws(FitError) {
    guard weights.count == rows else { throw .rowMismatch(rows: rows, targets: weights.count) }
    if let row = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) { throw .invalidWeight(row: row) }
    let sum = weights.reduce(0, +)
    guard sum > 0 && sum.isFinite else { throw .invalidWeight(row: 0) }
  }

  /// Throws for the first element, row by row, that is infinite or no category.
  private static func check(_ x: Matrix<Double>, kinds: [FeatureKind]) throws(FitError) {
    let isNumeric = kinds.allSatisfy { $0 == .numeric }
    let parts = Parallel.partCount(x.rows, cost: 0.2 * Double(x.columns))
    let problems = Parallel.map(parts) { part in
      let rows = x[rows: x.rows * part / parts..<x.rows * (part + 1) / parts]
      // Most data are numbers without gaps, and that is seen eight times as fast as what is wrong with them.
      if isNumeric && rows.isFinite { return nil as FitError? }
      return problem(in: rows, from: x.rows * part / parts, kinds: kinds)
    }
    if let problem = problems.lazy.compactMap({ $0 }).first { throw problem }
  }

  private static func problem(in x: Matrix<Double>, from first: Int, kinds: [FeatureKind]) -> FitError? {
    x.withSpan { elements in
      for row in 0..<x.rows {
        for column in 0..<x.columns {
          let element = elements[row * x.columns + column]
          if element.isInfinite { return .nonFinite(row: first + row, column: column) }
          guard case .categorical(let levels) = kinds[column], !element.isNaN else { continue }
          guard element >= 0 && element < Double(levels) && element == element.rounded() else {
            return .invalidCategory(row: first + row, column: column)
          }
        }
      }
      return nil
    }
  }

  /// The same for a learner that takes no missing values and meets every element anyway: infinite and missing ones are
  /// left to it, which spares a pass over `x`. All columns are numeric.
  internal init(
    leavingToLearner x: Matrix<Double>, y: [Double], weights: [Double]?
  ) throws(FitError) {
    try Self.check(x, y, weights)
    self.x = x
    self.y = y
    self.weights = weights
    groups = nil
    kinds = Array(repeating: .numeric, count: x.columns)
    names = (0..<x.columns).map(String.init)
  }

  /// Throws `.nonFinite` at the first missing value of a row that counts: for learners that take none.
  public func requireNoMissing() throws(FitError) {
    guard var place = x.firstNonFinite else { return }
    if let weights, weights[place.row] == 0 {
      let later = weights.indices.lazy.filter { $0 > place.row && weights[$0] > 0 }
      let found = later.compactMap { row in x[rows: row..<row + 1].firstNonFinite.map { (row, $0.column) } }.first
      guard let found else { return }
      place = found
    }
    throw .nonFinite(row: place.row, column: place.column)
  }

  /// Σ weights, the number of rows where there are none.
  public var totalWeight: Double { weights?.reduce(0, +) ?? Double(y.count) }

  /// Weighted mean of the targets, finite however large they are.
  public var targetMean: Double {
    let total = totalWeight
    let mean = y.indices.reduce(0) { $0 + (weights?[$1] ?? 1) * y[$1] } / total
    guard !mean.isFinite else { return mean }
    let largest = Double.greatestFiniteMagnitude
    return max(-largest, min(largest, y.indices.reduce(0) { $0 + (weights?[$1] ?? 1) / total * y[$1] }))
  }
}

extension Matrix<Double> {
  internal var firstNonFinite: (row: Int, column: Int)? {
    if isFinite { return nil }
    return withSpan { elements in
      for index in elements.indices where !elements[index].isFinite { return (index / columns, index % columns) }
      return nil
    }
  }

  /// Whether all elements are finite.
  internal var isFinite: Bool {
    withSpan { elements in
      // The exponent of what is not finite is all ones: one more sets the top bit. Whole numbers vectorise.
      let exponent: UInt64 = 0x7FF0_0000_0000_0000
      var overflow: UInt64 = 0
      for index in elements.indices { overflow |= (elements[index].bitPattern & exponent) &+ (1 << 52) }
      return overflow >> 63 == 0
    }
  }
}
