internal import Linalg

/// Rows that go down a tree: those of a node next to each other and in the order in which they came.
internal struct RowPartition: Sendable {
  private(set) var list: [UInt32] = []
  /// Rows on their way to the right side.
  private var right: [UInt32] = []

  /// Starts over with these rows at the root.
  mutating func reset(_ rows: [UInt32]) {
    list = rows
    if right.count < rows.count { right = Array(repeating: 0, count: rows.count) }
  }

  /// Moves the rows of `range` that go left before the others, keeping the order on both sides.
  ///
  /// - Parameter bins: the bin of every row in the split's feature.
  /// - Returns: the first index of the right side.
  mutating func split(_ range: Range<Int>, bins: ArraySlice<UInt8>, by set: BinSet) -> Int {
    let goesLeft = set.table
    var left = range.lowerBound
    var moved = 0
    unsafe bins.withUnsafeBufferPointer { bins in
      unsafe list.withUnsafeMutableBufferPointer { list in
        unsafe right.withUnsafeMutableBufferPointer { right in
          unsafe goesLeft.withUnsafeBufferPointer { goesLeft in
            for index in range {
              let row = unsafe list[index]
              let one = unsafe Int(goesLeft[Int(bins[Int(row)])])
              unsafe list[left] = row
              unsafe right[moved] = row
              left &+= one
              moved &+= 1 &- one
            }
            _ = unsafe list[left..<left + moved].update(fromContentsOf: right[..<moved])
          }
        }
      }
    }
    return left
  }
}

/// A set of bins of one feature: those that go left at a split.
internal struct BinSet: Sendable, Equatable {
  private var words = SIMD4<UInt64>()

  init() {}

  init(_ bins: some Sequence<Int>) { for bin in bins { insert(bin) } }

  /// Bins 0 ... last.
  init(through last: Int) {
    for word in 0..<4 where last >= word << 6 {
      words[word] = last >= word << 6 | 63 ? .max : (2 << UInt64(last & 63)) &- 1
    }
  }

  mutating func insert(_ bin: Int) { words[bin >> 6] |= 1 << UInt64(bin & 63) }

  func contains(_ bin: Int) -> Bool { words[bin >> 6] >> UInt64(bin & 63) & 1 == 1 }

  /// 1 for each bin that is in the set, 0 for the others.
  var table: [UInt8] { (0..<256).map { contains($0) ? 1 : 0 } }
}
