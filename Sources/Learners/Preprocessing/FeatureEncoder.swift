/// How one feature becomes columns of a matrix: learned from the training rows, applied to all.
public enum FeatureEncoder: Sendable, Hashable {
  /// The feature as it is; missing values stay missing.
  case native(NativeEncoder)
  /// A number, imputed, compressed where heavy-tailed, scaled.
  case numeric(NumericEncoder)
  /// A text, one column a level.
  case oneHot(OneHotEncoder)

  /// Number of columns that the feature becomes; 0 for a feature that does not vary in the training rows.
  public var width: Int {
    switch self {
    case .native: 1
    case .numeric(let encoder): encoder.width
    case .oneHot(let encoder): encoder.width
    }
  }

  /// Learns from the training values of one feature.
  public init(fitting values: [Double], of feature: Feature, as form: Preparation.Features) {
    switch (form, feature.levels) {
    case (.native, let levels): self = .native(NativeEncoder(fitting: values, levels: levels))
    case (.dense, nil): self = .numeric(NumericEncoder(fitting: values))
    case (.dense, let levels?): self = .oneHot(OneHotEncoder(fitting: values, levelCount: levels.count))
    }
  }

  /// Writes the columns of one value to `row[start..<start + width]`.
  @inline(__always)
  internal func encode(_ value: Double, into row: inout MutableSpan<Double>, at start: Int) {
    switch self {
    case .native(let encoder): row[start] = encoder.encode(value)
    case .numeric(let encoder): encoder.encode(value, into: &row, at: start)
    case .oneHot(let encoder): encoder.encode(value, into: &row, at: start)
    }
  }
}

/// Numbers as they are; texts as codes 0, 1, … of the levels seen in training, NaN for all others.
public struct NativeEncoder: Sendable, Hashable, Codable {
  /// Code of each level of the schema, -1 where training did not see it; nil for a number.
  public let codes: [Int]?

  public init(fitting values: [Double], levels: [String]?) {
    guard let levels else {
      codes = nil
      return
    }
    var seen = [Bool](repeating: false, count: levels.count)
    for value in values where value < Double(levels.count) { seen[Int(value)] = true }
    var next = 0
    codes = seen.map { isSeen in
      guard isSeen else { return -1 }
      defer { next += 1 }
      return next
    }
  }

  public var kind: FeatureKind {
    codes.map { .categorical(levels: max(1, $0.count { $0 >= 0 })) } ?? .numeric
  }

  internal func encode(_ value: Double) -> Double {
    guard let codes else { return value }
    guard value < Double(codes.count), codes[Int(value)] >= 0 else { return .nan }
    return Double(codes[Int(value)])
  }
}

/// Median imputation with an indicator, signed log1p for a heavy tail, mean 0 and standard deviation 1.
public struct NumericEncoder: Sendable, Hashable, Codable {
  /// Takes the place of a missing value, before the logarithm.
  public let median: Double
  /// Whether a second column says 1 where the value is missing: where any training value was.
  public let hasIndicator: Bool
  public let isLogarithmic: Bool
  /// After imputation and logarithm.
  public let mean: Double
  /// 0 where the training values do not vary: the feature then has no column of its own.
  public let deviation: Double

  public init(fitting values: [Double]) {
    let present = values.filter { !$0.isNaN }
    let imputed = lowerMedian(present) ?? 0
    let logarithmic = isHeavyTailed(present)
    let scaled = values.map { value in
      let value = value.isNaN ? imputed : value
      return logarithmic ? signedLog1p(value) : value
    }
    median = imputed
    hasIndicator = present.count < values.count && !present.isEmpty
    isLogarithmic = logarithmic
    (mean, deviation) = meanAndDeviation(scaled)
  }

  public var width: Int { (deviation > 0 ? 1 : 0) + (hasIndicator ? 1 : 0) }

  /// More deviations from the mean than any training value has; a row further out would otherwise overflow.
  private static let farthest = 1e100

  internal func encode(_ value: Double, into row: inout MutableSpan<Double>, at start: Int) {
    let isMissing = value.isNaN
    var next = start
    if deviation > 0 {
      let value = isMissing ? median : value
      let scaled = ((isLogarithmic ? signedLog1p(value) : value) - mean) / deviation
      row[next] = min(max(scaled, -Self.farthest), Self.farthest)
      next += 1
    }
    if hasIndicator { row[next] = isMissing ? 1 : 0 }
  }
}

/// One column for each frequent level, one for all rare ones together, one for missing values.
///
/// A level that training did not see counts as rare; where training has no rare levels all its columns are 0.
public struct OneHotEncoder: Sendable, Hashable, Codable {
  /// A level needs this many training rows for a column of its own.
  public static let frequent = 10
  /// At most this many levels, the most frequent ones, get a column.
  public static let maxColumns = 100

  /// Column of each level of the schema; -1 for the rare.
  public let columns: [Int]
  public let frequentCount: Int
  public let hasRare: Bool
  public let hasMissing: Bool

  public init(fitting values: [Double], levelCount: Int) {
    var counts = [Int](repeating: 0, count: levelCount + 1)
    var missing = 0
    for value in values {
      if value.isNaN { missing += 1 } else { counts[Int(value)] += 1 }
    }
    let ranked = (0..<levelCount).filter { counts[$0] >= Self.frequent }.sorted {
      (-counts[$0], $0) < (-counts[$1], $1)
    }
    let kept = ranked.prefix(Self.maxColumns).sorted()
    var columns = [Int](repeating: -1, count: levelCount)
    for (column, level) in kept.enumerated() { columns[level] = column }
    self.columns = columns
    frequentCount = kept.count
    hasRare = counts.indices.contains { counts[$0] > 0 && ($0 == levelCount || columns[$0] < 0) }
    hasMissing = missing > 0
  }

  public var width: Int { frequentCount + (hasRare ? 1 : 0) + (hasMissing ? 1 : 0) }

  internal func encode(_ value: Double, into row: inout MutableSpan<Double>, at start: Int) {
    for column in start..<start + width { row[column] = 0 }
    guard !value.isNaN else {
      if hasMissing { row[start + width - 1] = 1 }
      return
    }
    let column = value < Double(columns.count) ? columns[Int(value)] : -1
    if column >= 0 {
      row[start + column] = 1
    } else if hasRare {
      row[start + frequentCount] = 1
    }
  }
}

/// The lower of the middle two; nil for none.
private func lowerMedian(_ values: [Double]) -> Double? {
  values.isEmpty ? nil : values.sorted()[(values.count - 1) / 2]
}
