internal import CKernels

/// The histograms of one tree's nodes: for each column and bin the sum of the words of the node's rows in it.
///
/// Integers, so that a row needs one addition a column, and blocks of rows may be summed by different threads.
/// Cost: rows x columns x 0.4 ns, twice that with second derivatives.
internal final class HistogramPool: @unchecked Sendable {
  let width: Int
  /// Words of a histogram.
  let size: Int
  private let rows: BinnedRows
  private var slots: [SharedScratch<UInt64>] = []
  private var free: [Int] = []
  /// Sums of blocks of rows but the first.
  private var blocks: [SharedScratch<UInt64>] = []
  private let mostSlots: Int

  /// Bytes of histograms that are kept; beyond that they are built again when they are needed.
  private static let poolBytes = 1 << 28
  private static let mostBlocks = 8

  init(_ rows: BinnedRows, width: Int) {
    self.rows = rows
    self.width = width
    size = rows.binning.columnCount * rows.binning.spacing * width
    mostSlots = max(3, Self.poolBytes / max(1, size * 8))
  }

  /// Whether there is room for the histograms of two more nodes.
  var hasRoom: Bool { slots.count - free.count <= mostSlots - 2 }

  func take() -> Int {
    if let slot = free.popLast() { return slot }
    slots.append(SharedScratch(repeating: 0, count: size))
    return slots.count - 1
  }

  func giveBack(_ slot: Int) { free.append(slot) }

  /// The words of a slot.
  func words(_ slot: Int) -> UnsafeMutablePointer<UInt64> { unsafe slots[slot].start }

  /// Nanoseconds that the sums over so many rows take.
  func cost(rows count: Int, columns: Int) -> Double { Double(count) * (3 + 0.4 * Double(columns * width)) }

  /// Sums the rows into `slot` and, where that pays, into further blocks. `merge` has to follow.
  ///
  /// - Parameter columns: those to count, nil for all.
  /// - Returns: the number of further blocks.
  func build(
    _ slot: Int, _ list: UnsafePointer<UInt32>, count: Int, words: SharedScratch<UInt64>, columns: [UInt32]?,
    _ team: Team
  ) -> Int {
    let cost = cost(rows: count, columns: columns?.count ?? rows.binning.columnCount)
    // A block has to be cleared, summed and merged.
    let parts = min(Team.parts(cost: cost / 2, atMost: Self.mostBlocks), max(1, count * 4 / rows.binning.spacing))
    while blocks.count < parts - 1 { blocks.append(SharedScratch(repeating: 0, count: size)) }
    team.run(parts: parts) { part in
      let target = unsafe part == 0 ? slots[slot].start : blocks[part - 1].start
      unsafe target.update(repeating: 0, count: size)
      let start = count * part / parts
      unsafe add(list + start, count: count * (part + 1) / parts - start, words, columns, to: target, subtracts: false)
    }
    return parts - 1
  }

  /// Takes the sums over some rows out of `slot`.
  func remove(
    _ list: UnsafePointer<UInt32>, count: Int, words: SharedScratch<UInt64>, columns: [UInt32]?, from slot: Int
  ) {
    unsafe add(list, count: count, words, columns, to: slots[slot].start, subtracts: true)
  }

  private func add(
    _ list: UnsafePointer<UInt32>, count: Int, _ words: SharedScratch<UInt64>, _ columns: [UInt32]?,
    to target: UnsafeMutablePointer<UInt64>, subtracts: Bool
  ) {
    let bins = unsafe KernelsBins(
      rows: rows.rowMajor.start, stride: rows.stride, columns: rows.binning.columnCount, spacing: rows.binning.spacing)
    guard let columns else {
      return unsafe kernels_histogram_add(target, bins, nil, 0, list, count, words.start, width, subtracts ? 1 : 0)
    }
    unsafe kernels_histogram_add(
      target, bins, columns, columns.count, list, count, words.start, width, subtracts ? 1 : 0)
  }

  /// Adds the further blocks to `slot` in the feature's columns, then takes the sums out of `larger`.
  func merge(_ further: Int, into slot: Int, takingFrom larger: Int?, feature: Int) {
    let binning = rows.binning
    for column in binning.columns(of: feature) {
      let start = column * binning.spacing * width
      let count = binning.features[feature].codesInColumn * width
      let target = unsafe slots[slot].start + start
      for block in 0..<further {
        let words = unsafe blocks[block].start + start
        for word in 0..<count { unsafe target[word] &+= words[word] }
      }
      if let larger { unsafe kernels_histogram_subtract(slots[larger].start + start, target, count) }
    }
  }
}
