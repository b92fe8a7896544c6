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
  /// Sums of blocks of rows but the first, one after another.
  private var blocks = SharedScratch<UInt64>(repeating: 0, count: 0)
  private let mostSlots: Int

  /// Bytes of histograms that are kept; beyond that they are built again when they are needed.
  private static let poolBytes = 1 << 28
  private static let mostBlocks = 8
  /// Nanoseconds of counting that are worth a block of their own, which has to be cleared and merged.
  private static let worthwhileBlock = 25_000.0

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

  /// What sums are made from.
  struct Source {
    let list: SharedScratch<UInt32>
    let words: SharedScratch<UInt64>
    /// The columns to count, in ascending order; nil for all.
    let columns: [UInt32]?
  }

  /// Sums that a slot still waits for. `finish` brings them in, some features at a time, so that different threads may do
  /// so and go on with the search for splits while the sums are still in their cache.
  struct Outstanding {
    let slot: Int
    /// Places in the list of the rows that are still to be counted; none where blocks have been summed.
    var places = 0..<0
    /// The rows are to be taken out of the slot rather than be all that is in it.
    var subtracts = false
    /// Blocks, beside the slot, that have sums of a part of the rows.
    var blocks = 0
    /// The slot that the finished sums are to be taken out of.
    var larger: Int?
  }

  /// Nanoseconds of looking up a row, however few of its columns are counted.
  private static let lookUpCost = 3.0

  /// Nanoseconds that the sums over so many rows take.
  private func cost(rows count: Int, columns: Int) -> Double {
    Double(count) * (Self.lookUpCost + 0.4 * Double(columns * width))
  }

  /// Nanoseconds that `finish` takes: in all for counting, and in every part of the features for looking up the rows.
  func cost(_ sums: Outstanding, _ source: Source) -> (counting: Double, lookUp: Double) {
    let lookUp = Double(sums.places.count) * Self.lookUpCost
    let columns = source.columns?.count ?? rows.binning.columnCount
    return (cost(rows: sums.places.count, columns: columns) - lookUp, lookUp)
  }

  /// Begins to sum the rows at some places of the list into `slot`. Many rows are summed at once, in blocks, each part of
  /// the work having some rows; few by `finish`, each part of the work having some columns: blocks have to be cleared and
  /// merged, which costs more than to look up a few rows twice.
  func build(_ slot: Int, _ places: Range<Int>, _ source: Source, _ team: Team) -> Outstanding {
    let columns = source.columns?.count ?? rows.binning.columnCount
    let parts = team.parts(
      cost: cost(rows: places.count, columns: columns), worthwhile: Self.worthwhileBlock, atMost: Self.mostBlocks)
    guard parts > 1 else { return Outstanding(slot: slot, places: places) }
    if blocks.count < (parts - 1) * size { blocks = SharedScratch(repeating: 0, count: (Self.mostBlocks - 1) * size) }
    team.run(parts: parts) { part in
      let target = unsafe part == 0 ? slots[slot].start : blocks.start + (part - 1) * size
      unsafe target.update(repeating: 0, count: size)
      let start = places.lowerBound + places.count * part / parts
      let end = places.lowerBound + places.count * (part + 1) / parts
      unsafe add(start..<end, 0..<rows.binning.columnCount, source, to: target, subtracts: false)
    }
    return Outstanding(slot: slot, blocks: parts - 1)
  }

  /// Brings outstanding sums into the columns of neighbouring features.
  func finish(_ sums: Outstanding, _ features: ArraySlice<Int>, _ source: Source) {
    guard let first = features.first, let last = features.last else { return }
    let columns = rows.binning.columns(of: first).lowerBound..<rows.binning.columns(of: last).upperBound
    var kernel = unsafe kernel(sums, source)
    if source.columns != nil && !sums.places.isEmpty {
      // Columns between those that are counted may be cleared, too: nobody reads them.
      let target = unsafe slots[sums.slot].start
      let stride = rows.binning.spacing * width
      if !sums.subtracts {
        unsafe (target + columns.lowerBound * stride).update(repeating: 0, count: columns.count * stride)
      }
      unsafe add(sums.places, columns, source, to: target, subtracts: sums.subtracts)
      unsafe kernel.count = 0
    }
    unsafe kernels_finish_sums(&kernel, columns.lowerBound, columns.upperBound)
  }

  /// Outstanding sums for the kernel: `finish` does with all columns what that does, but has no counted references, which
  /// threads would wait for each other to count.
  func kernel(_ sums: Outstanding, _ source: Source) -> KernelsSums {
    precondition(
      sums.places.upperBound <= source.list.count, "HistogramPool: \(sums.places) of \(source.list.count) rows")
    return unsafe KernelsSums(
      histogram: slots[sums.slot].start, larger: sums.larger.map { unsafe slots[$0].start }, blocks: blocks.start,
      block_count: sums.blocks,
      bins: KernelsBins(
        rows: rows.rowMajor.start, stride: rows.stride, columns: rows.binning.columnCount, spacing: rows.binning.spacing
      ), list: source.list.start + sums.places.lowerBound, count: sums.places.count, words: source.words.start,
      width: width, subtracts: sums.subtracts ? 1 : 0)
  }

  private func add(
    _ places: Range<Int>, _ columns: Range<Int>, _ source: Source, to target: UnsafeMutablePointer<UInt64>,
    subtracts: Bool
  ) {
    precondition(places.upperBound <= source.list.count, "HistogramPool: \(places) of \(source.list.count) rows")
    let spacing = rows.binning.spacing
    let list = unsafe source.list.start + places.lowerBound
    let words = unsafe source.words.start
    guard let chosen = source.columns else {
      let bins = unsafe KernelsBins(
        rows: rows.rowMajor.start + columns.lowerBound, stride: rows.stride, columns: columns.count, spacing: spacing)
      return unsafe kernels_histogram_add(
        target + columns.lowerBound * spacing * width, bins, nil, 0, list, places.count, words, width, subtracts ? 1 : 0
      )
    }
    let bins = unsafe KernelsBins(
      rows: rows.rowMajor.start, stride: rows.stride, columns: rows.binning.columnCount, spacing: spacing)
    let share = chosen.filter { columns.contains(Int($0)) }
    unsafe kernels_histogram_add(target, bins, share, share.count, list, places.count, words, width, subtracts ? 1 : 0)
  }
}
