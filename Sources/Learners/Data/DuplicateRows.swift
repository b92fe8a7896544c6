internal import Linalg

/// Rows of a dataset that are exact copies of others: the same features and the same target.
///
/// A column that counts the rows does not tell copies apart. Rows are compared by 64-bit hashes: of a million rows, two
/// different ones are held for copies once in 30 million tables. Cost O(n) in the cells, and O(n log n) in the rows.
public struct DuplicateRows: Sendable {
  /// Rows of each set of two or more that are equal, in the order of the table.
  public let groups: [[Int]]

  internal init(_ features: FeatureColumns, target: [Double]) {
    let columns = features.columns.filter { !Self.countsRows($0) } + [target]
    let hashes = Self.hashes(columns, rows: target.count)
    var groups: [[Int]] = []
    let order = Self.hasRepetition(hashes) ? hashes.indices.sorted { (hashes[$0], $0) < (hashes[$1], $1) } : []
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count && hashes[order[end]] == hashes[order[start]] { end += 1 }
      if end - start > 1 { groups.append(Array(order[start..<end])) }
      start = end
    }
    self.groups = groups.sorted { $0[0] < $1[0] }
  }

  /// Rows that are copies of an earlier one.
  public var copyCount: Int { groups.reduce(0) { $0 + $1.count - 1 } }

  /// Without the copies: the rows that come first.
  internal func distinctRows(of count: Int) -> [Int] {
    var isCopy = [Bool](repeating: false, count: count)
    for rows in groups { for row in rows.dropFirst() { isCopy[row] = true } }
    return (0..<count).filter { !isCopy[$0] }
  }

  /// Whether a column goes up by one from row to row, but where rows were left out.
  internal static func countsRows(_ column: [Double]) -> Bool {
    guard column.count > 2, let first = column.first, let last = column.last, last - first < 2 * Double(column.count)
    else { return false }
    for row in 1..<column.count {
      let step = column[row] - column[row - 1]
      guard step >= 1, step == step.rounded() else { return false }
    }
    return true
  }

  /// Most tables have no copies, which numbers alone tell faster than numbers with their rows.
  private static func hasRepetition(_ hashes: [UInt64]) -> Bool {
    let sorted = hashes.sorted()
    return zip(sorted, sorted.dropFirst()).contains { $0 == $1 }
  }

  private static func hashes(_ columns: [[Double]], rows: Int) -> [UInt64] {
    var hashes = [UInt64](repeating: 0x9e37_79b9_7f4a_7c15, count: rows)
    let nanosecondsPerCell = 2.0
    Parallel.fill(&hashes, stride: 1, cost: Double(columns.count) * nanosecondsPerCell) { part, span in
      for column in columns {
        for row in part {
          let place = row - part.lowerBound
          span[place] = mixed(span[place], column[row])
        }
      }
    }
    return hashes
  }

  /// One more value: 0 and −0 are the same, and so are all that are missing.
  @inline(__always)
  private static func mixed(_ hash: UInt64, _ value: Double) -> UInt64 {
    let bits = value.isNaN ? UInt64.max : (value + 0).bitPattern
    var mixed = (hash ^ bits) &* 0xff51_afd7_ed55_8ccd
    mixed ^= mixed >> 32
    mixed = mixed &* 0xc4ce_b9fe_1a85_ec53
    return mixed ^ (mixed >> 29)
  }
}
