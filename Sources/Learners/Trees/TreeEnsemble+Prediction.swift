public import Linalg

extension TreeEnsemble {
  /// Adds to `sums[row]` the leaf values of the row in `trees`, one tree after the other: the bits do not depend on
  /// threads nor on which rows are predicted together.
  ///
  /// Rows of `x`: `requiredColumns` or more columns. Cost: rows x trees x depth. A block of rows walks a tree while its
  /// nodes are in the cache, four rows side by side so that their loads overlap.
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
          let walk = unsafe TreeWalk(nodes: nodes.baseAddress! + root, levelSets: levelSets.baseAddress)
          let last = wanted.count - 1
          for first in stride(from: 0, to: wanted.count, by: 4) {
            let (r0, r1) = unsafe (wanted[first], wanted[min(first + 1, last)])
            let (r2, r3) = unsafe (wanted[min(first + 2, last)], wanted[min(first + 3, last)])
            let leaves = unsafe walk.leaves(rows.pointer(r0), rows.pointer(r1), rows.pointer(r2), rows.pointer(r3))
            unsafe sums[r0] += leaves.0
            if first + 1 <= last { unsafe sums[r1] += leaves.1 }
            if first + 2 <= last { unsafe sums[r2] += leaves.2 }
            if first + 3 <= last { unsafe sums[r3] += leaves.3 }
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

  @inline(__always)
  func pointer(_ row: Int) -> UnsafePointer<Double> { unsafe elements.baseAddress! + row * columns }
}

/// The way of rows through one tree.
@unsafe private struct TreeWalk {
  let nodes: UnsafePointer<TreeNode>
  let levelSets: UnsafePointer<UInt64>?

  /// Values of the leaves of four rows. They walk until the last one has arrived: an arrived row stays where it is.
  @inline(__always)
  func leaves(
    _ row0: UnsafePointer<Double>, _ row1: UnsafePointer<Double>, _ row2: UnsafePointer<Double>,
    _ row3: UnsafePointer<Double>
  ) -> (Double, Double, Double, Double) {
    var (at0, at1, at2, at3) = (0, 0, 0, 0)
    var moved = true
    while moved {
      let next0 = unsafe step(from: at0, row: row0)
      let next1 = unsafe step(from: at1, row: row1)
      let next2 = unsafe step(from: at2, row: row2)
      let next3 = unsafe step(from: at3, row: row3)
      moved = (at0 ^ next0) | (at1 ^ next1) | (at2 ^ next2) | (at3 ^ next3) != 0
      (at0, at1, at2, at3) = (next0, next1, next2, next3)
    }
    return unsafe (nodes[at0].payload, nodes[at1].payload, nodes[at2].payload, nodes[at3].payload)
  }

  /// The child of the node that the row goes to; the node itself where it is a leaf. The only branch is for
  /// categorical splits: a numeric step is a choice between two addresses.
  @inline(__always)
  private func step(from position: Int, row: UnsafePointer<Double>) -> Int {
    let node = unsafe nodes[position]
    let element = unsafe row[Int(node.split & (TreeNode.categoricalBit - 1))]
    let isBelow: UInt32 = element <= node.payload ? 1 : 0
    let isMissing: UInt32 = element.isNaN ? 1 : 0
    var goesLeft = isBelow | (isMissing & node.split >> 31)
    if node.isCategorical { goesLeft = unsafe isInLeftSet(element, node) ? 1 : 0 }
    let right = node.right == 0 ? position : Int(node.right)
    let left = node.right == 0 ? position : position + 1
    return goesLeft != 0 ? left : right
  }

  @inline(never)
  private func isInLeftSet(_ element: Double, _ node: TreeNode) -> Bool {
    let words = node.levelSet
    guard let levelSets = unsafe levelSets, element >= 0 && element < Double(words.count * 64) else {
      return node.missingGoesLeft
    }
    let level = Int(element)
    return unsafe levelSets[words.lowerBound + level / 64] >> UInt64(level % 64) & 1 == 1
  }
}
