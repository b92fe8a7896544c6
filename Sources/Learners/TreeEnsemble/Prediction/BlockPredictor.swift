internal import CKernels

/// Small trees arranged for prediction: rows are coded once, then all splits of a tree are compared at a time.
///
/// Memory: about as much as the trees themselves, and 2 KiB for each column of codes. What it predicts are the bits that a walk from node to node gives.
@safe internal final class BlockPredictor: @unchecked Sendable {
  private let columns: FixedElements<KernelsCodeColumn>
  private let edges: FixedElements<Double>
  private let splits: FixedElements<KernelsCodedSplit>
  private let starts: FixedElements<UInt32>
  private let values: FixedElements<Double>
  private let tests: FixedElements<KernelsLevelTest>
  private let levelSets: FixedElements<UInt64>
  private let ofRow: LeafMasks?
  private let trees: KernelsCodedTrees
  /// About what a row takes, in nanoseconds, whatever the number of trees.
  internal var costOfCodes: Double { 5 * Double(columns.count) }
  /// And for each tree.
  internal let costOfTree: Double

  /// From so many rows on a block pays. Measured with 500 trees of 31 leaves.
  private static let rowsOfBlock = (withRows: 24, withoutRows: 8)

  /// nil where the trees are not of a kind that gains.
  internal init?(_ ensemble: TreeEnsemble) {
    guard let layout = SplitLayout(ensemble) else { return nil }
    columns = FixedElements(layout.columns.columns)
    edges = FixedElements(layout.columns.edges)
    splits = FixedElements(layout.splits)
    starts = FixedElements(layout.starts)
    values = FixedElements(layout.values)
    tests = FixedElements(layout.tests)
    levelSets = FixedElements(ensemble.levelSets)
    unsafe trees = KernelsCodedTrees(
      splits: splits.start, starts: starts.start, tests: tests.start, level_sets: levelSets.start, values: values.start,
      leaves: layout.leavesPerTree)
    unsafe ofRow = LeafMasks(layout, trees, columns: columns, edges: edges)
    let perTree = Double(layout.splits.count + 10 * layout.tests.count) / Double(ensemble.treeCount)
    costOfTree = 0.3 + 0.04 * perTree
  }

  /// Whether so many rows are predicted faster by this than by walks.
  internal func gains(rows: Int) -> Bool { ofRow != nil || rows >= Self.rowsOfBlock.withoutRows }

  /// sums[r] += Σ values of the leaves of row r, of `columns` elements each.
  @unsafe internal func add(
    _ trees: Range<Int>, of x: UnsafePointer<Double>, columns width: Int, to sums: UnsafeMutableBufferPointer<Double>
  ) {
    let most = Int(KERNELS_CODED_ROWS)
    let inBlocks = ofRow != nil && sums.count % most < Self.rowsOfBlock.withRows ? sums.count / most * most : sums.count
    unsafe addBlocks(trees, of: x, columns: width, to: sums.extracting(0..<inBlocks))
    guard let ofRow else { return }
    for row in inBlocks..<sums.count { unsafe sums[row] = ofRow.sum(trees, of: x + row * width, from: sums[row]) }
  }

  @unsafe private func addBlocks(
    _ trees: Range<Int>, of x: UnsafePointer<Double>, columns width: Int, to sums: UnsafeMutableBufferPointer<Double>
  ) {
    guard !sums.isEmpty else { return }
    let most = Int(KERNELS_CODED_ROWS)
    let codes = SharedScratch<UInt8>(repeating: 0, count: columns.count * most)
    let blockSums = SharedScratch<Double>(repeating: 0, count: most)
    for first in stride(from: 0, to: sums.count, by: most) {
      let block = sums.extracting(first..<min(first + most, sums.count))
      unsafe add(trees, of: x + first * width, columns: width, to: block, codes.start, blockSums.start)
    }
  }

  @unsafe private func add(
    _ range: Range<Int>, of x: UnsafePointer<Double>, columns width: Int, to sums: UnsafeMutableBufferPointer<Double>,
    _ codes: UnsafeMutablePointer<UInt8>, _ blockSums: UnsafeMutablePointer<Double>
  ) {
    let codesOfColumn = (sums.count + 63) & ~63
    for column in 0..<columns.count {
      let kind = columns[column]
      unsafe kernels_find_bins(
        codes + column * codesOfColumn, x + Int(kind.feature), width, sums.count,
        edges.start + column * Int(KERNELS_COLUMN_EDGES), UInt8(kind.missing))
    }
    unsafe blockSums.update(from: sums.baseAddress!, count: sums.count)
    unsafe withUnsafePointer(to: trees) {
      unsafe kernels_add_coded_trees(
        $0, range.lowerBound, range.upperBound, codes, x, width, sums.count, blockSums)
    }
    unsafe sums.baseAddress!.update(from: blockSums, count: sums.count)
  }
}
