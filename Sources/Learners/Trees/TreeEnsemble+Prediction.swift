public import Linalg

extension TreeEnsemble {
  /// Adds to `sums[row]` the leaf values of the row in `trees`, one tree after the other: the bits do not depend on
  /// threads nor on which rows are predicted together.
  ///
  /// Rows of `x`: `requiredColumns` or more columns. Cost: rows x trees x depth. A block of rows walks a tree while its
  /// nodes are in the cache, eight rows side by side so that their loads overlap.
  public func addPredictions(of x: Matrix<Double>, trees: Range<Int>, into sums: inout [Double]) {
    add(x, trees: trees, into: &sums, isWanted: nil)
  }

  /// The same, but a row takes part in a tree only where `isWanted(tree, row)`.
  internal func addPredictions(
    of x: Matrix<Double>, into sums: inout [Double], where isWanted: @escaping @Sendable (Int, Int) -> Bool
  ) {
    add(x, trees: 0..<treeCount, into: &sums, isWanted: isWanted)
  }

  private func add(
    _ x: Matrix<Double>, trees: Range<Int>, into sums: inout [Double], isWanted: (@Sendable (Int, Int) -> Bool)?
  ) {
    precondition(sums.count == x.rows, "TreeEnsemble: \(sums.count) sums for \(x.rows) rows")
    precondition(trees.lowerBound >= 0 && trees.upperBound <= treeCount, "TreeEnsemble: trees \(trees) of \(treeCount)")
    precondition(x.columns >= requiredColumns, "TreeEnsemble: \(x.columns) columns, \(requiredColumns) are used")
    guard !trees.isEmpty else { return }
    let nodesPerTree = Double(starts[trees.upperBound] - starts[trees.lowerBound]) / Double(trees.count)
    let depth = nodesPerTree.exponent + 1
    Parallel.fill(&sums, cost: 1.5 * Double(trees.count) * Double(depth)) { range, part in
      x[rows: range].withSpan { elements in
        unsafe elements.withUnsafeBufferPointer { elements in
          unsafe part.withUnsafeMutableBufferPointer { part in
            let block = unsafe PredictionBlock(elements: elements, columns: x.columns, firstRow: range.lowerBound)
            unsafe add(trees, block, to: part, isWanted: isWanted)
          }
        }
      }
    }
  }

  /// Rows that walk one tree before the next tree is fetched.
  private static var blockSize: Int { 256 }
  /// Rows that walk side by side.
  private static var lanes: Int { 8 }

  @unsafe private func add(
    _ trees: Range<Int>, _ rows: PredictionBlock, to sums: UnsafeMutableBufferPointer<Double>,
    isWanted: ((Int, Int) -> Bool)?
  ) {
    var wanted: [Int] = []
    wanted.reserveCapacity(Self.blockSize)
    for blockStart in stride(from: 0, to: sums.count, by: Self.blockSize) {
      let block = blockStart..<min(blockStart + Self.blockSize, sums.count)
      if isWanted == nil {
        wanted.removeAll(keepingCapacity: true)
        wanted.append(contentsOf: block)
      }
      for tree in trees {
        if let isWanted {
          wanted.removeAll(keepingCapacity: true)
          for row in block where isWanted(tree, unsafe rows.firstRow + row) { wanted.append(row) }
        }
        unsafe add(tree, rows, wanted, to: sums)
      }
    }
  }

  @unsafe private func add(
    _ tree: Int, _ rows: PredictionBlock, _ wanted: [Int], to sums: UnsafeMutableBufferPointer<Double>
  ) {
    let root = starts[tree]
    guard !nodes[root].isLeaf else {
      for row in wanted { unsafe sums[row] += nodes[root].payload }
      return
    }
    unsafe nodes.withUnsafeBufferPointer { nodes in
      unsafe levelSets.withUnsafeBufferPointer { levelSets in
        unsafe wanted.withUnsafeBufferPointer { wanted in
          let walk = unsafe TreeWalk(nodes: nodes, root: root, levelSets: levelSets)
          for first in stride(from: 0, to: wanted.count, by: Self.lanes) {
            let count = min(Self.lanes, wanted.count - first)
            let group = unsafe UnsafeBufferPointer(rebasing: wanted[first..<first + count])
            let leaves = unsafe walk.leaves(of: group, rows)
            for lane in 0..<count { unsafe sums[group[lane]] += nodes[leaves[lane]].payload }
          }
        }
      }
    }
  }
}

/// Rows of a matrix that one thread predicts.
@unsafe private struct PredictionBlock {
  let elements: UnsafeBufferPointer<Double>
  let columns: Int
  let firstRow: Int
}

/// The way of rows through one tree.
@unsafe private struct TreeWalk {
  let nodes: UnsafeBufferPointer<TreeNode>
  let root: Int
  let levelSets: UnsafeBufferPointer<UInt64>

  /// Indices of the leaves of at most 8 rows; the last row is repeated in lanes that are left over.
  @inline(__always)
  func leaves(of group: UnsafeBufferPointer<Int>, _ rows: PredictionBlock) -> SIMD8<Int> {
    var positions = unsafe SIMD8<Int>(repeating: root)
    var offsets = SIMD8<Int>()
    for lane in 0..<8 { offsets[lane] = unsafe group[min(lane, group.count - 1)] * rows.columns }
    var moved = true
    while moved {
      moved = false
      for lane in 0..<8 {
        let position = positions[lane]
        let next = unsafe step(from: position, row: rows.elements.baseAddress! + offsets[lane])
        positions[lane] = next
        moved = moved || next != position
      }
    }
    return positions
  }

  /// The child of the node that the row goes to; the node itself where it is a leaf. The only branch is for
  /// categorical splits: a numeric step is a choice between two addresses.
  @inline(__always)
  private func step(from position: Int, row: UnsafePointer<Double>) -> Int {
    let node = unsafe nodes[position]
    let element = unsafe row[node.feature]
    var goesLeft = element <= node.payload || (element.isNaN && node.missingGoesLeft)
    if node.isCategorical { goesLeft = unsafe isInLeftSet(element, node) }
    let child = unsafe goesLeft ? position + 1 : root + Int(node.right)
    return node.isLeaf ? position : child
  }

  @inline(never)
  private func isInLeftSet(_ element: Double, _ node: TreeNode) -> Bool {
    let words = node.levelSet
    guard element >= 0 && element < Double(words.count * 64) else { return node.missingGoesLeft }
    let level = Int(element)
    return unsafe levelSets[words.lowerBound + level / 64] >> UInt64(level % 64) & 1 == 1
  }
}
