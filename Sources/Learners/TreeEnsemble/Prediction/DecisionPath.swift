internal import CKernels

/// The path of rows through trees of any size, from node to node: several rows side by side, or several trees for one row.
@unsafe internal struct DecisionPath {
  private let ensemble: TreeEnsemble
  private let x: UnsafePointer<Double>
  private let width: Int
  /// Places of elements side by side: this much stays near the processor while the trees come by.
  private static let panelElements = 32_768

  /// - Parameter x: rows of `columns` elements.
  @unsafe internal init(_ ensemble: TreeEnsemble, x: UnsafePointer<Double>, columns: Int) {
    unsafe self.ensemble = ensemble
    unsafe self.x = unsafe x
    unsafe width = columns
  }

  /// sums[r] += the values of the leaves of row r.
  @unsafe internal func add(_ trees: Range<Int>, to sums: UnsafeMutableBufferPointer<Double>) {
    // A row goes through many trees at a time where rows are too few to fill a panel, or where to copy it costs more.
    let columns = unsafe ensemble.requiredColumns
    guard sums.count >= Int(KERNELS_LANES) / 2 && columns <= 8 * trees.count else {
      for row in sums.indices { unsafe sums[row] = sum(trees, of: x + row * width, from: sums[row]) }
      return
    }
    let panels = SharedScratch<Double>(repeating: 0, count: unsafe Self.blockSize(columns) * columns)
    for first in stride(from: 0, to: sums.count, by: unsafe Self.blockSize(columns)) {
      let block = unsafe sums.extracting(first..<min(first + Self.blockSize(columns), sums.count))
      let missing = unsafe kernels_fill_lanes(panels.start, x + first * width, width, columns, nil, block.count)
      for tree in trees { unsafe add(tree, panels, count: block.count, missing: missing, to: block.baseAddress!) }
    }
  }

  /// The same, but a row takes part in a tree only where it is wanted.
  @unsafe internal func add(
    _ trees: Range<Int>, to sums: UnsafeMutableBufferPointer<Double>, where isWanted: (_ tree: Int, _ row: Int) -> Bool
  ) {
    let columns = unsafe ensemble.requiredColumns
    let blockSize = unsafe Self.blockSize(columns)
    let panels = SharedScratch<Double>(repeating: 0, count: blockSize * columns)
    let values = SharedScratch<Double>(repeating: 0, count: blockSize)
    for first in stride(from: 0, to: sums.count, by: blockSize) {
      let block = first..<min(first + blockSize, sums.count)
      for tree in trees {
        let wanted = block.filter { isWanted(tree, $0) }.map { UInt32($0 - first) }
        let missing = unsafe kernels_fill_lanes(panels.start, x + first * width, width, columns, wanted, wanted.count)
        for index in wanted.indices { unsafe values[index] = sums[first + Int(wanted[index])] }
        unsafe add(tree, panels, count: wanted.count, missing: missing, to: values.start)
        for index in wanted.indices { unsafe sums[first + Int(wanted[index])] = values[index] }
      }
    }
  }

  private static func blockSize(_ columns: Int) -> Int {
    let lanes = Int(KERNELS_LANES)
    return unsafe min(max(panelElements / max(columns, 1) / lanes, 1), 64) * lanes
  }

  @unsafe private func add(
    _ tree: Int, _ panels: SharedScratch<Double>, count: Int, missing: Int32, to sums: UnsafeMutablePointer<Double>
  ) {
    unsafe withTrees { nodes, levelSets in
      unsafe kernels_add_tree(
        nodes + ensemble.starts[tree], levelSets, panels.start, ensemble.requiredColumns, count, missing,
        ensemble.hasCategoricalSplits ? 1 : 0, sums)
    }
  }

  @unsafe private func sum(_ trees: Range<Int>, of row: UnsafePointer<Double>, from sum: Double) -> Double {
    unsafe withTrees { nodes, levelSets in
      unsafe ensemble.starts.withUnsafeBufferPointer { starts in
        unsafe kernels_add_trees_of_row(
          nodes, UnsafeRawPointer(starts.baseAddress! + trees.lowerBound).assumingMemoryBound(to: Int.self),
          trees.count, levelSets, row, ensemble.hasCategoricalSplits ? 1 : 0, sum)
      }
    }
  }

  /// The fields of `TreeNode` are laid out as those of the kernels' node.
  @unsafe private func withTrees<Result>(
    _ body: (UnsafePointer<KernelsTreeNode>, UnsafePointer<UInt64>?) -> Result
  ) -> Result {
    unsafe ensemble.nodes.withUnsafeBufferPointer { nodes in
      unsafe ensemble.levelSets.withUnsafeBufferPointer { levelSets in
        unsafe body(
          UnsafeRawPointer(nodes.baseAddress!).assumingMemoryBound(to: KernelsTreeNode.self), levelSets.baseAddress)
      }
    }
  }
}
