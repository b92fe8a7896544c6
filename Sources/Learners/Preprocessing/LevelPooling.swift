/// Which levels of a category have a column of their own, and which are pooled in one column: those of few training rows, and
/// where levels are many, all but the most frequent.
public struct LevelPooling {
  /// How many levels may have columns of their own.
  public struct Room: Sendable, Hashable {
    /// A level needs this many training rows.
    public let leastRows: Int
    /// At most this many levels, the most frequent ones.
    public let columns: Int

    public init(leastRows: Int = 1, columns: Int) {
      self.leastRows = leastRows
      self.columns = columns
    }
  }

  /// Training rows of each level, and last of what the schema does not know.
  internal let counts: [Int]
  /// Column of each level of the schema; -1 for the pooled.
  internal let columns: [Int]
  /// Levels with a column, ascending.
  internal let kept: [Int]
  /// Levels that training saw and that have none, ascending.
  internal let pooled: [Int]
  /// Whether some levels have no column only because there was no room.
  internal let isCrowded: Bool

  /// - Parameter weights: one a training row; nil where each counts once.
  internal init(of values: [Double], weights: [Double]?, levelCount: Int, room: Room) {
    let counts = Self.counts(values, weights, levelCount: levelCount)
    let qualified = (0..<levelCount).filter { counts[$0] >= max(1, room.leastRows) }
    kept = qualified.sorted { (-counts[$0], $0) < (-counts[$1], $1) }.prefix(room.columns).sorted()
    var columns = [Int](repeating: -1, count: levelCount)
    for (column, level) in kept.enumerated() { columns[level] = column }
    pooled = counts.indices.filter { counts[$0] > 0 && ($0 == levelCount || columns[$0] < 0) }
    isCrowded = qualified.count > room.columns
    self.columns = columns
    self.counts = counts
  }

  internal var pooledRows: Int { pooled.reduce(0) { $0 + counts[$1] } }

  /// How many levels training saw often enough for a column.
  internal static func qualifying(_ values: [Double], weights: [Double]?, levelCount: Int, leastRows: Int) -> Int {
    counts(values, weights, levelCount: levelCount).dropLast().count { $0 >= max(1, leastRows) }
  }

  /// A row of weight k is k rows; one of less is one, for it was seen.
  private static func counts(_ values: [Double], _ weights: [Double]?, levelCount: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: levelCount + 1)
    var sums = [Double](repeating: 0, count: levelCount + 1)
    for (row, value) in values.enumerated() where !value.isNaN {
      let level = min(Int(value), levelCount)
      counts[level] += 1
      if let weights { sums[level] += weights[row] }
    }
    return zip(counts, sums).map { max($0, Int(min($1, 1e15).rounded())) }
  }
}
