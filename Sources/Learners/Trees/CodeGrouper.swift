/// Sums the rows of a node by the code of a feature. Scratch memory of one grower.
internal struct CodeGrouper: ~Copyable {
  /// So many keys are sorted by insertion.
  private static var fewKeys: Int { 24 }

  private let table: Scratch<LevelSums>
  private let keys: Scratch<UInt64>
  /// The result of a grouping: one sum a code that occurs, in order of code.
  internal let groups: Scratch<LevelSums>

  /// - Parameters:
  ///   - rowCount: the largest number of rows of a node.
  ///   - codeCount: the largest number of codes of a column that is grouped by table.
  internal init(rowCount: Int, codeCount: Int) {
    table = Scratch(count: codeCount + 1, repeating: LevelSums())
    keys = Scratch(count: rowCount, repeating: 0)
    groups = Scratch(count: max(rowCount, codeCount + 1), repeating: LevelSums())
  }

  /// By whichever way is cheaper for so many rows and codes. The missing ones have the code `codeCount`.
  @inline(__always)
  @unsafe internal func group(
    _ rows: UnsafeBufferPointer<UInt32>, codeCount: Int, hasTable: Bool,
    targets: UnsafePointer<CentredTarget>, code: (_ row: Int) -> UInt32
  ) -> (groups: Int, missing: LevelSums) {
    if hasTable && rows.count >= codeCount / 4 {
      return unsafe groupByTable(rows, codeCount: codeCount, targets: targets, code: code)
    }
    return unsafe groupBySorting(rows, codeCount: codeCount, targets: targets, code: code)
  }

  @inline(__always)
  @unsafe private func groupByTable(
    _ rows: UnsafeBufferPointer<UInt32>, codeCount: Int, targets: UnsafePointer<CentredTarget>,
    code: (_ row: Int) -> UInt32
  ) -> (groups: Int, missing: LevelSums) {
    let table = unsafe table.pointer
    unsafe table.update(repeating: LevelSums(), count: codeCount + 1)
    for index in rows.indices {
      let row = unsafe Int(rows[index])
      unsafe table[Int(code(row))].add(targets[row])
    }
    var groupCount = 0
    for code in 0..<codeCount where unsafe table[code].count > 0 {
      unsafe groups.pointer[groupCount] = unsafe table[code]
      unsafe groups.pointer[groupCount].code = UInt32(code)
      groupCount += 1
    }
    return unsafe (groupCount, table[codeCount])
  }

  @inline(__always)
  @unsafe private func groupBySorting(
    _ rows: UnsafeBufferPointer<UInt32>, codeCount: Int, targets: UnsafePointer<CentredTarget>,
    code: (_ row: Int) -> UInt32
  ) -> (groups: Int, missing: LevelSums) {
    var keys = unsafe UnsafeMutableBufferPointer(start: keys.pointer, count: rows.count)
    for index in rows.indices {
      let row = unsafe rows[index]
      unsafe keys[index] = UInt64(code(Int(row))) << 32 | UInt64(row)
    }
    if keys.count <= Self.fewKeys { unsafe insertionSort(keys) } else { unsafe keys.sort() }
    return collect(count: keys.count, missingCode: UInt32(codeCount)) { index in
      let key = unsafe keys[index]
      return unsafe (UInt32(key >> 32), targets[Int(truncatingIfNeeded: key & 0xFFFF_FFFF)])
    }
  }

  /// Of elements that come in order of code.
  @inline(__always)
  internal func collect(
    count: Int, missingCode: UInt32, _ element: (Int) -> (code: UInt32, target: CentredTarget)
  ) -> (groups: Int, missing: LevelSums) {
    let groups = unsafe groups.pointer
    var groupCount = 0
    var current = LevelSums()
    current.code = element(0).code
    for index in 0..<count {
      let (code, target) = element(index)
      if code != current.code {
        unsafe groups[groupCount] = current
        groupCount += 1
        current = LevelSums()
        current.code = code
      }
      current.add(target)
    }
    guard current.code != missingCode else { return (groupCount, current) }
    unsafe groups[groupCount] = current
    return (groupCount + 1, LevelSums())
  }
}

@inline(__always)
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
