internal import Linalg

/// A 64-bit hash of each row: of a million rows, two different ones are held for copies once in 30 million tables.
internal struct RowHashes: Sendable {
  let hashes: [UInt64]
  /// Whether two are the same.
  let hasCopies: Bool

  /// Cost O(n) in the cells, and O(n log n) in the rows.
  /// - Parameter columns: 0 and −0 are the same, and so are all missing values.
  init(_ columns: [[Double]], rows: Int) {
    var hashes = [UInt64](repeating: 0x9e37_79b9_7f4a_7c15, count: rows)
    let nanosecondsPerCell = 2.0
    Parallel.fill(&hashes, stride: 1, cost: Double(columns.count) * nanosecondsPerCell) { part, span in
      for column in columns {
        for row in part {
          let place = row - part.lowerBound
          span[place] = Self.mixed(span[place], column[row])
        }
      }
    }
    self.init(hashes)
  }

  /// Of some of the rows.
  init(_ all: RowHashes, rows: [Int]) { self.init(rows.map { all.hashes[$0] }) }

  private init(_ hashes: [UInt64]) {
    self.hashes = hashes
    // Most tables have no copies, which numbers alone tell faster than numbers with their rows.
    let sorted = hashes.sorted()
    hasCopies = zip(sorted, sorted.dropFirst()).contains { $0 == $1 }
  }

  /// One more value.
  @inline(__always)
  private static func mixed(_ hash: UInt64, _ value: Double) -> UInt64 {
    let bits = value.isNaN ? UInt64.max : (value + 0).bitPattern
    var mixed = (hash ^ bits) &* 0xff51_afd7_ed55_8ccd
    mixed ^= mixed >> 32
    mixed = mixed &* 0xc4ce_b9fe_1a85_ec53
    return mixed ^ (mixed >> 29)
  }
}
