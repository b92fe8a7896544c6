public import Linalg

/// Three ways to predict, which give the same bits: leaf values are added tree after tree, from the first to the last.
///
/// - Many rows by small trees: `BlockPredictor`, all splits of a tree for a block of rows.
/// - One row by small trees: the same, where the processor can look up bytes in a register.
/// - All else: `DecisionPath`.
extension TreeEnsemble {
  /// Adds to `sums[row]` the leaf values of the row in `trees`, one tree after the other: the bits do not depend on
  /// threads nor on which rows are predicted together.
  ///
  /// Rows of `x`: `requiredColumns` or more columns. Cost: for trees of at most 128 leaves about 0.3 + 0.04 x splits
  /// nanoseconds a row and tree, once some rows have been predicted; else 4 x depth.
  public func addPredictions(of x: Matrix<Double>, trees: Range<Int>, into sums: inout [Double]) {
    checkInput(x, trees: trees, sums: sums.count)
    guard !trees.isEmpty else { return }
    guard requiredColumns > 0 else { return addRoots(trees, into: &sums) { _, _ in true } }
    let coded = self.coded.trees(of: self, forRows: x.rows)
    let cost = coded.map { $0.costOfCodes + $0.costOfTree * Double(trees.count) } ?? costOfWalk(trees)
    Parallel.fill(&sums, cost: cost) { range, part in
      x[rows: range].withSpan { elements in
        unsafe elements.withUnsafeBufferPointer { elements in
          unsafe part.withUnsafeMutableBufferPointer { part in
            let rows = elements.baseAddress!
            if let coded, coded.gains(rows: part.count) {
              unsafe coded.add(trees, of: rows, columns: x.columns, to: part)
            } else {
              unsafe DecisionPath(self, x: rows, columns: x.columns).add(trees, to: part)
            }
          }
        }
      }
    }
  }

  /// The same, but a row takes part in a tree only where `isWanted(tree, row)`.
  internal func addPredictions(
    of x: Matrix<Double>, into sums: inout [Double], where isWanted: @escaping @Sendable (Int, Int) -> Bool
  ) {
    let trees = 0..<treeCount
    checkInput(x, trees: trees, sums: sums.count)
    guard !trees.isEmpty else { return }
    guard requiredColumns > 0 else { return addRoots(trees, into: &sums, where: isWanted) }
    Parallel.fill(&sums, cost: costOfWalk(trees)) { range, part in
      x[rows: range].withSpan { elements in
        unsafe elements.withUnsafeBufferPointer { elements in
          unsafe part.withUnsafeMutableBufferPointer { part in
            let rows = elements.baseAddress!
            unsafe DecisionPath(self, x: rows, columns: x.columns).add(trees, to: part) { tree, row in
              isWanted(tree, range.lowerBound + row)
            }
          }
        }
      }
    }
  }

  private func checkInput(_ x: Matrix<Double>, trees: Range<Int>, sums: Int) {
    precondition(sums == x.rows, "TreeEnsemble: \(sums) sums for \(x.rows) rows")
    precondition(trees.lowerBound >= 0 && trees.upperBound <= treeCount, "TreeEnsemble: trees \(trees) of \(treeCount)")
    precondition(x.columns >= requiredColumns, "TreeEnsemble: \(x.columns) columns, \(requiredColumns) are used")
  }

  /// Nanoseconds a row.
  private func costOfWalk(_ trees: Range<Int>) -> Double {
    let nodesPerTree = Double(starts[trees.upperBound] - starts[trees.lowerBound]) / Double(trees.count)
    return 4 * Double(trees.count) * Double(nodesPerTree.exponent + 1)
  }

  /// Trees without a split: rows need not have an element.
  private func addRoots(_ trees: Range<Int>, into sums: inout [Double], where isWanted: (Int, Int) -> Bool) {
    for row in sums.indices {
      for tree in trees where isWanted(tree, row) { sums[row] += nodes[starts[tree]].value }
    }
  }
}
