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

  @Test func leavesAloneNeedNoColumns() {
    var ensemble = TreeEnsemble()
    ensemble.append(nodes: [.leaf(2)])
    ensemble.append(nodes: [.leaf(0.5)])
    var sums = [1.0, 2]
    ensemble.addPredictions(of: Matrix(rows: 2, columns: 0), trees: 0..<2, into: &sums)
    #expect(sums == [3.5, 4.5])
  }
}
