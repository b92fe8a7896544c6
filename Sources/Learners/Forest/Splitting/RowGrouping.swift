internal import CKernels

/// Sums the rows of a node by the code of a feature. Scratch memory of one grower.
internal struct RowGrouping: ~Copyable {
  /// So many keys are sorted by insertion.
  private static var fewKeys: Int { 24 }

  private let table: Scratch<GroupSums>
  private let keys: Scratch<UInt64>
  /// The result of a grouping: one sum a code that occurs, in order of code.
  internal let groups: Scratch<GroupSums>

  /// - Parameters:
  ///   - rowCount: the largest number of rows of a node.
  ///   - levels: the largest number of levels of a categorical column.
  internal init(rowCount: Int, levels: Int) {
    table = Scratch(count: levels + 1, repeating: GroupSums())
    keys = Scratch(count: 2 * rowCount)
    groups = Scratch(count: max(rowCount, levels + 1))
  }

  /// The rows by their level, in whichever way is cheaper for so many rows and levels.
  ///
  /// - Parameters:
  ///   - targets: one a row, in the same order.
  ///   - level: from 0 on; `levels` stands for a missing one.
  @inline(__always)
  @unsafe internal func group(
    _ rows: UnsafeBufferPointer<UInt32>, _ targets: UnsafePointer<GrowthTarget>, levels: Int,
    level: (_ row: Int) -> UInt32
  ) -> (groups: Int, missing: GroupSums) {
    precondition(levels < table.count && 2 * rows.count <= keys.count, "RowGrouping: \(levels) levels")
    if rows.count >= levels / 4 { return unsafe groupByTable(rows, targets, levels: levels, level: level) }
    var keys = unsafe UnsafeMutableBufferPointer(start: keys.pointer, count: rows.count)
    for index in rows.indices { unsafe keys[index] = UInt64(level(Int(rows[index]))) << 32 | UInt64(index) }
    if keys.count <= Self.fewKeys { unsafe insertionSort(keys) } else { unsafe keys.sort() }
    return unsafe collect(keys.baseAddress!, count: keys.count, targets, missing: UInt32(levels))
  }

  /// The rows by the code of a numeric column.
  @unsafe internal func group(
    _ rows: UnsafeBufferPointer<UInt32>, _ targets: UnsafePointer<GrowthTarget>, codes: RowCodes, column: Int
  ) -> (groups: Int, missing: GroupSums) {
    precondition(2 * rows.count <= keys.count && !rows.isEmpty, "RowGrouping: \(rows.count) rows")
    let from = unsafe codes.codes.pointer + column
    var sorted = unsafe keys.pointer
    if rows.count <= Self.fewKeys {
      for index in rows.indices {
        unsafe sorted[index] = UInt64(from[Int(rows[index]) * codes.stride]) << 32 | UInt64(index)
      }
      unsafe insertionSort(UnsafeMutableBufferPointer(start: sorted, count: rows.count))
    } else {
      unsafe sorted = kernels_sort_codes(sorted, from, codes.stride, rows.baseAddress, rows.count)
    }
    return unsafe collect(sorted, count: rows.count, targets, missing: RowCodes.missing)
  }

  @inline(__always)
  @unsafe private func groupByTable(
    _ rows: UnsafeBufferPointer<UInt32>, _ targets: UnsafePointer<GrowthTarget>, levels: Int,
    level: (_ row: Int) -> UInt32
  ) -> (groups: Int, missing: GroupSums) {
    let table = unsafe table.pointer
    unsafe table.update(repeating: GroupSums(), count: levels + 1)
    for index in rows.indices { unsafe table[Int(level(Int(rows[index])))].add(targets[index]) }
    var groupCount = 0
    for level in 0..<levels where unsafe table[level].count > 0 {
      unsafe groups.pointer[groupCount] = unsafe table[level]
      unsafe groups.pointer[groupCount].code = UInt32(level)
      groupCount += 1
    }
    return unsafe (groupCount, table[levels])
  }

  /// Of sorted keys, a code above 32 bits of index.
  @unsafe private func collect(
    _ keys: UnsafePointer<UInt64>, count: Int, _ targets: UnsafePointer<GrowthTarget>, missing: UInt32
  ) -> (groups: Int, missing: GroupSums) {
    let groups = unsafe groups.pointer
    var groupCount = 0
    var current = GroupSums()
    current.code = unsafe UInt32(keys[0] >> 32)
    for index in 0..<count {
      let key = unsafe keys[index]
      let code = UInt32(key >> 32)
      if code != current.code {
        unsafe groups[groupCount] = current
        groupCount += 1
        current = GroupSums()
        current.code = code
      }
      unsafe current.add(targets[Int(truncatingIfNeeded: key & 0xFFFF_FFFF)])
    }
    guard current.code != missing else { return (groupCount, current) }
    unsafe groups[groupCount] = current
    return (groupCount + 1, GroupSums())
  }
}

@unsafe private func insertionSort(_ keys: UnsafeMutableBufferPointer<UInt64>) {
  for index in 1..<max(keys.count, 1) {
    let key = unsafe keys[index]
    var place = index
    while unsafe place > 0 && keys[place - 1] > key {
      unsafe keys[place] = unsafe keys[place - 1]
      place -= 1
    }
    unsafe keys[place] = key
  }
}
