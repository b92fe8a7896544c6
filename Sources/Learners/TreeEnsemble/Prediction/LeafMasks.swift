internal import CKernels

/// Where the path of one row through small trees ends, without walking it: all splits of a tree are compared at once, and of
/// its leaves the one is left whose way agrees with them.
@safe internal final class LeafMasks: @unchecked Sendable {
  private let pivots: FixedElements<Double>
  private let splitColumns: FixedElements<UInt8>
  private let thresholds: FixedElements<UInt8>
  private let ways: Ways
  private let tests: FixedElements<KernelsPlacedTest>
  private let testStarts: FixedElements<UInt32>
  private let trees: KernelsCodedRowTrees

  /// Words of as many bits as a tree has leaves.
  private enum Ways {
    case narrow(relevant: FixedElements<UInt32>, expected: FixedElements<UInt32>)
    case wide(relevant: FixedElements<UInt64>, expected: FixedElements<UInt64>)
  }

  /// nil where the processor or the trees do not allow it. `trees`, `columns` and `edges` must live as long as it does.
  @unsafe internal init?(
    _ layout: SplitLayout, _ trees: KernelsCodedTrees, columns: FixedElements<KernelsCodeColumn>,
    edges: FixedElements<Double>
  ) {
    guard !layout.relevant.isEmpty, columns.count <= 256, kernels_can_look_up_bytes() != 0 else { return nil }
    let (places, thresholds) = Self.table(of: layout)
    let relevant, expected: UnsafeRawPointer
    if layout.leavesPerTree == 32 {
      let narrow = [layout.relevant, layout.expected].map { FixedElements($0.map(UInt32.init)) }
      ways = .narrow(relevant: narrow[0], expected: narrow[1])
      unsafe (relevant, expected) = (UnsafeRawPointer(narrow[0].start), UnsafeRawPointer(narrow[1].start))
    } else {
      let wide = [layout.relevant, layout.expected].map { FixedElements($0) }
      ways = .wide(relevant: wide[0], expected: wide[1])
      unsafe (relevant, expected) = (UnsafeRawPointer(wide[0].start), UnsafeRawPointer(wide[1].start))
    }
    pivots = FixedElements(layout.columns.pivots)
    splitColumns = FixedElements(places)
    self.thresholds = FixedElements(thresholds)
    tests = FixedElements(layout.placedTests)
    testStarts = FixedElements(layout.testStarts)
    unsafe self.trees = KernelsCodedRowTrees(
      trees: trees, code_columns: columns.start, column_count: columns.count, edges: edges.start, pivots: pivots.start,
      columns: splitColumns.start, thresholds: self.thresholds.start, relevant: relevant, expected: expected,
      tests: tests.start, test_starts: layout.tests.isEmpty ? nil : UnsafePointer(testStarts.start))
  }

  /// Columns and thresholds of all splits, as many a tree as it may have leaves, and an even number of trees.
  private static func table(of layout: SplitLayout) -> (columns: [UInt8], thresholds: [UInt8]) {
    let trees = layout.starts.count - 1
    let count = (trees + trees % 2) * layout.leavesPerTree
    var columns = [UInt8](repeating: 0, count: count)
    var thresholds = [UInt8](repeating: 255, count: count)
    for tree in 0..<trees {
      let first = Int(layout.starts[tree])
      for index in first..<Int(layout.starts[tree + 1]) where layout.splits[index].is_categorical == 0 {
        columns[tree * layout.leavesPerTree + index - first] = UInt8(layout.splits[index].source)
        thresholds[tree * layout.leavesPerTree + index - first] = layout.splits[index].threshold
      }
    }
    return (columns, thresholds)
  }

  @unsafe internal func sum(_ range: Range<Int>, of row: UnsafePointer<Double>, from sum: Double) -> Double {
    unsafe withUnsafePointer(to: trees) {
      unsafe kernels_add_coded_trees_of_row($0, range.lowerBound, range.upperBound, row, sum)
    }
  }
}
