public import Linalg

extension TreeEnsemble {
  /// Adds to `sums[row]` the leaf values of the row in `trees`, one tree after the other: the bits do not depend on
  /// threads nor on which rows are predicted together.
  ///
  /// Rows of `x`: `requiredColumns` or more columns. Cost: rows x trees x depth. A block of rows walks a tree while its
  /// nodes are in the cache, eight rows side by side so that their loads overlap.
  public func addPredictions(of x: Matrix<Double>, trees: Range<Int>, into sums: inout [Double]) {
    precondition(sums.count == x.rows, "TreeEnsemble: \(sums.count) sums for \(x.rows) rows")
    precondition(trees.lowerBound >= 0 && trees.upperBound <= treeCount, "TreeEnsemble: trees \(trees) of \(treeCount)")
    precondition(x.columns >= requiredColumns, "TreeEnsemble: \(x.columns) columns, \(requiredColumns) are used")
    guard !trees.isEmpty else { return }
    guard requiredColumns > 0 else { return addLeaves(of: trees, to: &sums) }
    let nodesPerTree = Double(starts[trees.upperBound] - starts[trees.lowerBound]) / Double(trees.count)
    let depth = nodesPerTree.binade.exponent + 1
    Parallel.fill(&sums, cost: 1.5 * Double(trees.count) * Double(depth)) { rows, part in
      x[rows: rows].withSpan { elements in
        unsafe elements.withUnsafeBufferPointer { elements in
          unsafe part.withUnsafeMutableBufferPointer { part in
            unsafe add(trees, rows: elements, columns: x.columns, to: part)
          }
        }
      }
    }
  }

  /// For trees that are one leaf each.
  private func addLeaves(of trees: Range<Int>, to sums: inout [Double]) {
    for row in sums.indices {
      for tree in trees { sums[row] += nodes[starts[tree]].value }
    }
  }

  /// Rows that walk one tree before the next tree is fetched.
  private static var blockSize: Int { 256 }
  /// Rows that walk side by side.
  private static var lanes: Int { 8 }

  /// - Parameter rows: `sums.count` x `columns`, row-major.
  @unsafe private func add(
    _ trees: Range<Int>, rows: UnsafeBufferPointer<Double>, columns: Int, to sums: UnsafeMutableBufferPointer<Double>
  ) {
    unsafe nodes.withUnsafeBufferPointer { nodes in
      unsafe levelSets.withUnsafeBufferPointer { levelSets in
        for block in stride(from: 0, to: sums.count, by: Self.blockSize) {
          let blockEnd = min(block + Self.blockSize, sums.count)
          for tree in trees {
            let walk = unsafe TreeWalk(nodes: nodes, root: starts[tree], levelSets: levelSets)
            for group in stride(from: block, to: blockEnd, by: Self.lanes) {
              let count = min(Self.lanes, blockEnd - group)
              let leaves = unsafe walk.leaves(rows: rows, firstOffset: group * columns, columns: columns, count: count)
              for lane in 0..<count { unsafe sums[group + lane] += nodes[Int(leaves[lane])].payload }
            }
          }
        }
      }
    }
  }
}

/// The way of rows through one tree.
@unsafe private struct TreeWalk {
  let nodes: UnsafeBufferPointer<TreeNode>
  let root: Int
  let levelSets: UnsafeBufferPointer<UInt64>

  /// Indices of the leaves of the `count` ≤ 8 rows that follow `firstOffset`; the last row is repeated in lanes that
  /// are left over.
  @inline(__always)
  func leaves(rows: UnsafeBufferPointer<Double>, firstOffset: Int, columns: Int, count: Int) -> SIMD8<Int> {
    var positions = unsafe SIMD8<Int>(repeating: root)
    var offsets = SIMD8<Int>(repeating: firstOffset)
    for lane in 1..<8 { offsets[lane] = firstOffset + min(lane, count - 1) * columns }
    var moved = true
    while moved {
      moved = false
      for lane in 0..<8 {
        let position = positions[lane]
        let next = unsafe step(from: position, row: rows.baseAddress! + offsets[lane])
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
