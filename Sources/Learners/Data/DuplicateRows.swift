/// Rows of a dataset that are exact copies of others: the same features and the same target.
///
/// A column that counts the rows does not tell copies apart. Rows are compared by `RowHashes`.
public struct DuplicateRows: Sendable {
  /// Rows of each set of two or more that are equal, in the order of the table.
  public let groups: [[Int]]

  internal init(_ features: FeatureColumns, target: [Double]) {
    let columns = features.columns.filter { !Self.countsRows($0) } + [target]
    let content = RowHashes(columns, rows: target.count)
    let hashes = content.hashes
    var groups: [[Int]] = []
    let order = content.hasCopies ? hashes.indices.sorted { (hashes[$0], $0) < (hashes[$1], $1) } : []
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
}
