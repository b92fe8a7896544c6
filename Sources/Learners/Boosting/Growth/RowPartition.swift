internal import CKernels

/// Rows that go down a tree: those of a node next to each other and in the order in which they came.
internal final class RowPartition: Sendable {
  let list: SharedScratch<UInt32>
  /// Rows on their way: to the left and, behind them, to the right.
  private let moving: SharedScratch<UInt32>

  /// Rows that one part of a large node has.
  private static let blockSize = 4096

  /// - Parameter capacity: rows at most.
  init(capacity: Int) {
    list = SharedScratch(repeating: 0, count: capacity)
    moving = SharedScratch(repeating: 0, count: 2 * capacity)
  }

  /// Moves the rows of `range` that go left before the others, keeping the order on both sides.
  ///
  /// - Returns: the first index of the right side.
  func split(_ range: Range<Int>, _ rows: BinnedRows, by split: Split, _ team: Team) -> Int {
    precondition(range.upperBound <= list.count, "RowPartition: \(range) of \(list.count) rows")
    let table = split.sides(rows.binning)
    let columns = rows.binning.columns(of: split.feature)
    return unsafe table.withUnsafeBufferPointer { table in
      let column = unsafe Column(
        bins: rows.columnMajor.start + columns.lowerBound * rows.count, count: columns.count, stride: rows.count,
        goesLeft: table.baseAddress!)
      if range.count >= 2 * Self.blockSize && team.hasHelpers { return inBlocks(range, column, team) }
      let start = unsafe list.start + range.lowerBound
      let lefts = unsafe column.part(start, range.count, left: start, right: moving.start)
      unsafe (start + lefts).update(from: moving.start, count: range.count - lefts)
      return range.lowerBound + lefts
    }
  }

  @safe private struct Column {
    let bins: UnsafePointer<UInt8>
    let count: Int
    let stride: Int
    let goesLeft: UnsafePointer<UInt8>

    @inline(__always)
    func part(
      _ list: UnsafePointer<UInt32>, _ rows: Int, left: UnsafeMutablePointer<UInt32>,
      right: UnsafeMutablePointer<UInt32>
    ) -> Int {
      unsafe kernels_part_rows(list, rows, left, right, bins, count, stride, goesLeft)
    }
  }

  /// Every block is parted by itself; when the numbers are known, its two sides are copied to where they belong.
  private func inBlocks(_ range: Range<Int>, _ column: Column, _ team: Team) -> Int {
    let blocks = range.count / Self.blockSize
    func rows(_ block: Int) -> Range<Int> {
      range.lowerBound + range.count * block / blocks..<range.lowerBound + range.count * (block + 1) / blocks
    }
    let (left, right) = unsafe (moving.start, moving.start + list.count)
    let lefts = SharedScratch(repeating: 0, count: blocks)
    team.run(parts: blocks) { block in
      let part = rows(block)
      lefts[block] = unsafe column.part(
        list.start + part.lowerBound, part.count, left: left + part.lowerBound, right: right + part.lowerBound)
    }
    let middle = range.lowerBound + (0..<blocks).reduce(0) { $0 + lefts[$1] }
    var leftPlace = range.lowerBound
    var rightPlace = middle
    let places = (0..<blocks).map { block in
      defer {
        leftPlace += lefts[block]
        rightPlace += rows(block).count - lefts[block]
      }
      return (left: leftPlace, right: rightPlace)
    }
    team.run(parts: blocks) { block in
      let part = rows(block)
      unsafe (list.start + places[block].left).update(from: left + part.lowerBound, count: lefts[block])
      unsafe (list.start + places[block].right).update(
        from: right + part.lowerBound, count: part.count - lefts[block])
    }
    return middle
  }
}

extension RowPartition {
  /// Adds a number to the scores of the rows in `range`.
  func add(_ value: Double, to scores: UnsafeMutablePointer<Double>, at range: Range<Int>) {
    precondition(range.upperBound <= list.count, "RowPartition: \(range) of \(list.count) rows")
    unsafe kernels_add_to_rows(scores, list.start + range.lowerBound, range.count, value)
  }
}
