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
