import Learners
import Linalg
import Testing

@Suite struct TreeEnsemblePredictionTests {
  static let kinds: [FeatureKind] = [.numeric, .categorical(levels: 100), .numeric, .categorical(levels: 3)]

  /// The same numbers, bit for bit, as one walk a row: whatever the number of rows, and with sums to start from.
  @Test(arguments: [1, 7, 8, 9, 255, 600])
  func equalsOneWalkARow(rows: Int) {
    let ensemble = RandomTrees.ensemble(trees: 5, kinds: Self.kinds, depth: 9, seed: 1)
    let x = RandomTrees.rows(rows, kinds: Self.kinds, seed: 2)
    var sums = (0..<rows).map { Double($0) / 3 }
    let expected = (0..<rows).map { row in
      (1..<4).reduce(sums[row]) { $0 + ensemble.leafValue(tree: $1, row: x.row(row)) }
    }
    ensemble.addPredictions(of: x, trees: 1..<4, into: &sums)
    #expect(sums == expected)
    ensemble.addPredictions(of: x, trees: 2..<2, into: &sums)
    #expect(sums == expected)
  }

  @Test func doesNotDependOnOtherRows() {
    let ensemble = RandomTrees.ensemble(trees: 40, kinds: Self.kinds, depth: 8, seed: 3)
    let x = RandomTrees.rows(3000, kinds: Self.kinds, seed: 4)
    var together = [Double](repeating: 0, count: x.rows)
    ensemble.addPredictions(of: x, trees: 0..<40, into: &together)
    for row in stride(from: 0, to: x.rows, by: 101) {
      var alone = [0.0]
      ensemble.addPredictions(of: x[rows: row..<row + 1], trees: 0..<40, into: &alone)
      #expect(alone[0] == together[row])
    }
  }

  /// What an ensemble looks like decides how it predicts: the leaves of its largest tree, how many columns of codes its
  /// thresholds need, whether it has categories. One walk a row is right for all.
  struct Shape: CustomTestStringConvertible {
    var trees = 7
    var depth = 5
    var kinds: [FeatureKind] = [.numeric, .numeric, .numeric]
    var grid: Double?

    var testDescription: String { "\(trees) trees, depth \(depth), \(kinds.count) columns, grid \(grid ?? 0)" }
  }

  static let shapes = [
    Shape(trees: 1, depth: 1), Shape(depth: 5), Shape(depth: 6), Shape(depth: 7), Shape(trees: 20, depth: 8),
    Shape(depth: 5, kinds: Self.kinds), Shape(depth: 6, kinds: Self.kinds), Shape(depth: 9, kinds: Self.kinds),
    Shape(depth: 4, grid: 8), Shape(trees: 200, depth: 5, grid: 1000),
    // More thresholds of a feature than a code can tell apart.
    Shape(trees: 99, depth: 5, kinds: [.numeric]), Shape(trees: 300, depth: 5, kinds: [.numeric]),
    // More columns than a register has bytes, more than two have, more than can be looked up.
    Shape(trees: 60, kinds: Array(repeating: .numeric, count: 50)),
    Shape(trees: 90, kinds: Array(repeating: .numeric, count: 100)),
    Shape(trees: 200, kinds: Array(repeating: .numeric, count: 200)),
    Shape(trees: 2, kinds: Array(repeating: .numeric, count: 50)),
    Shape(depth: 5, kinds: [.categorical(levels: 70_000), .numeric]),
  ]

  @Test(arguments: shapes)
  func anyNumberOfRowsGivesTheBitsOfOneWalkARow(shape: Shape) {
    let x = RandomTrees.rows(520, kinds: shape.kinds, seed: 6)
    expectWalks(of: shape, x)
  }

  @Test(arguments: shapes)
  func takesAllThatANumberCanBe(shape: Shape) {
    expectWalks(of: shape, RandomTrees.oddRows(520, columns: shape.kinds.count, grid: shape.grid ?? 4, seed: 8))
  }

  /// Few rows at first, which are walked, then all, then few again.
  private func expectWalks(of shape: Shape, _ x: Matrix<Double>) {
    let ensemble = RandomTrees.ensemble(
      trees: shape.trees, kinds: shape.kinds, depth: shape.depth, seed: 5, grid: shape.grid)
    for trees in [0..<shape.trees, shape.trees / 3..<max(shape.trees - 1, 1)] {
      let expected = (0..<x.rows).map { row in
        trees.reduce(0.1) { $0 + ensemble.leafValue(tree: $1, row: x.row(row)) }
      }
      for range in [0..<1, 3..<4, 5..<25, 0..<520, 4..<5, 7..<16, 11..<50, 100..<300, 200..<520, 0..<64, 1..<66] {
        var sums = [Double](repeating: 0.1, count: range.count)
        ensemble.addPredictions(of: x[rows: range], trees: trees, into: &sums)
        #expect(sums == Array(expected[range]), "rows \(range), trees \(trees)")
      }
    }
  }

  @Test func anAppendedTreeCounts() {
    var ensemble = RandomTrees.ensemble(trees: 3, kinds: Self.kinds, depth: 4, seed: 9)
    let x = RandomTrees.rows(100, kinds: Self.kinds, seed: 10)
    var before = [Double](repeating: 0, count: 100)
    ensemble.addPredictions(of: x, trees: 0..<3, into: &before)
    let copy = ensemble
    ensemble.append(nodes: [.leaf(0.5)])
    var after = [Double](repeating: 0, count: 100)
    ensemble.addPredictions(of: x, trees: 0..<4, into: &after)
    #expect(after == before.map { $0 + 0.5 })
    #expect(copy != ensemble)
  }

  @Test func leavesAloneNeedNoColumns() {
    var ensemble = TreeEnsemble()
    ensemble.append(nodes: [.leaf(2)])
    ensemble.append(nodes: [.leaf(0.5)])
    var sums = [1.0, 2]
    ensemble.addPredictions(of: Matrix(rows: 2, columns: 0), trees: 0..<2, into: &sums)
    #expect(sums == [3.5, 4.5])
  }
}
