import Learners
import Linalg
import Testing

/// A target in another unit grows the same trees: cuts that save the same do so in any unit.
///
/// Where last bits decided, 54 of 60 trees were others.
@Suite struct TreeUnitsTests {
  /// Whole numbers, of which many cuts save the same; numbers of which a column is the other turned round, so that each cut is there
  /// twice; and levels, some missing.
  private static let tables = ["grid", "mirror", "mixed"]

  private static func training(_ name: String) throws -> TrainingSet {
    var random = RandomStream(seed: 4, purpose: RandomPurpose("test.tree-units"))
    let rows = 300
    switch name {
    case "grid":
      let x = Matrix<Double>(rows: rows, columns: 4) { _, _ in Double(random.uniform(below: 6)) }
      return try TrainingSet(x: x, y: (0..<rows).map { x[$0, 0] * x[$0, 1] + x[$0, 2] + Double($0 % 4) })
    case "mirror":
      let first = (0..<rows).map { _ in random.normal() }
      let x = Matrix<Double>(rows: rows, columns: 3) { row, column in
        column == 0 ? first[row] : column == 1 ? -first[row] : Double(row % 7)
      }
      return try TrainingSet(x: x, y: (0..<rows).map { 500 + first[$0] + random.normal() })
    default: return try MixedData.training(rows: rows, seed: 4)
    }
  }

  @Test(arguments: tables, [1e-6, 1e-3, 7, 1e3, 1e6])
  func treesAreTheSameInAnyUnit(table: String, factor: Double) throws {
    let training = try Self.training(table)
    let scaled = try TrainingSet(
      x: training.x, y: training.y.map { $0 * factor }, weights: training.weights, kinds: training.kinds)
    for learner in TreeLearner.allCases {
      let settings = TreeLearner.Settings(estimators: 20, bootstrap: learner == .forest)
      let (one, other) = (try learner.fit(training, settings).trees, try learner.fit(scaled, settings).trees)
      #expect(one.levelSets == other.levelSets)
      let areSame = zip(one.nodes, other.nodes).allSatisfy { node, twin in
        guard node.isLeaf else { return node == twin }
        return twin.isLeaf && abs(twin.value / factor - node.value) <= 1e-12 * abs(node.value) + 1e-15
      }
      #expect(areSame && one.nodes.count == other.nodes.count, "\(learner)")
    }
  }

  /// What differs by less than cuts are judged by is told apart all the same.
  @Test(arguments: TreeLearner.allCases) func neighbouringTargetsAreToldApart(learner: TreeLearner) throws {
    let x = Matrix<Double>(rows: 60, columns: 1) { row, _ in Double(row) }
    // Thirty targets in the last bits of one number, between others.
    let y = (0..<60).map { row -> Double in
      let bits = Double(row) * Double.ulpOfOne
      return row % 2 == 0 ? Double(row) : 0x1p-40 * (1 + bits)
    }
    #expect(try learner.fit(TrainingSet(x: x, y: y)).model.predict(x) == y)
  }
}
