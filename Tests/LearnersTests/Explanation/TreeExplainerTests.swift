import Glibc
import Learners
import Linalg
import TestSupport
import Testing

struct TreeExplainerTests {
  /// A few thousand roundings of numbers of the size of the leaves.
  private static let tolerance = 1e-12

  private static let kinds: [FeatureKind] = [.numeric, .numeric, .categorical(levels: 70), .numeric, .numeric]

  /// Random trees whose leaves have covers of many sizes.
  private static func ensemble(trees: Int, kinds: [FeatureKind], depth: Int, seed: UInt64) -> TreeEnsemble {
    let plain = RandomTrees.ensemble(trees: trees, kinds: kinds, depth: depth, seed: seed)
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.covers"))
    var covered = TreeEnsemble()
    for tree in 0..<trees {
      let nodes = Array(plain.nodes[plain.starts[tree]..<plain.starts[tree + 1]])
      let covers = (0..<(nodes.count + 1) / 2).map { _ in Float(exp(4 * random.normal())) }
      covered.append(nodes: nodes, levelSets: plain.levelSets, leafCovers: covers)
    }
    return covered
  }

  @Test(arguments: [0, 1, 2, 3] as [UInt64])
  func isTheSumOverAllSubsets(seed: UInt64) {
    let ensemble = Self.ensemble(trees: 4, kinds: Self.kinds, depth: 7, seed: seed)
    let rows = RandomTrees.rows(25, kinds: Self.kinds, seed: seed)
    let naive = NaiveShapley(ensemble: ensemble, features: 5)
    let found = ensemble.contributions(of: rows)
    #expect(abs(found.base - naive.value(Array(rows.row(0)), known: [])) < Self.tolerance)
    for row in 0..<rows.rows {
      let expected = naive.contributions(Array(rows.row(row)))
      #expect(largestAbsoluteError(Array(found.values.row(row)), expected) < Self.tolerance)
    }
  }

  /// Many features on one path, more than one vector of nodes: base plus contributions is still the prediction.
  @Test(arguments: [1, 12, 40])
  func sumsToThePrediction(features: Int) {
    let kinds = [FeatureKind](repeating: .numeric, count: features)
    let ensemble = Self.chains(features: features)
    let rows = RandomTrees.rows(30, kinds: kinds, seed: 9)
    let found = ensemble.contributions(of: rows)
    for row in 0..<rows.rows {
      let prediction = (0..<ensemble.treeCount).reduce(0) { $0 + ensemble.leafValue(tree: $1, row: rows.row(row)) }
      let sum = found.values.row(row).reduce(found.base, +)
      #expect(abs(sum - prediction) < 1e-10)  // a leaf of a chain is a product of 100 factors
    }
  }

  /// Trees of one long path each, whose splits take the features in turn: 100 splits deep.
  private static func chains(features: Int) -> TreeEnsemble {
    var random = RandomStream(seed: 5, purpose: RandomPurpose("test.chains"))
    var ensemble = TreeEnsemble()
    for _ in 0..<5 {
      var nodes: [TreeNode] = []
      for depth in 0..<100 {
        var split = TreeNode.numeric(
          feature: depth % features, threshold: 1 - 1.9 * Double(depth) / 100 * random.uniform(),
          missingGoesLeft: depth % 2 == 0)
        split.right = UInt32(201 - 1 - depth)
        nodes.append(split)
      }
      for _ in 0...100 { nodes.append(.leaf(random.normal())) }
      ensemble.append(nodes: nodes, leafCovers: (0...100).map { _ in Float(0.5 + random.uniform()) })
    }
    return ensemble
  }

  @Test func isTheSameOnAnyNumberOfThreadsAndForEachRowAlone() {
    let ensemble = Self.ensemble(trees: 30, kinds: Self.kinds, depth: 8, seed: 1)
    let rows = RandomTrees.rows(300, kinds: Self.kinds, seed: 2)
    let found = [1, 2, 7].map { threads in ThreadBudget.with(threads) { ensemble.contributions(of: rows).values } }
    #expect(found[0] == found[1] && found[0] == found[2])
    for row in [0, 150, 299] {
      #expect(ensemble.contributions(of: rows[rows: row..<row + 1]).values.elements == Array(found[0].row(row)))
    }
  }

  @Test func aRowOfNoInterestHasNoContributions() {
    let ensemble = Self.ensemble(trees: 2, kinds: [.numeric], depth: 3, seed: 4)
    #expect(ensemble.contributions(of: Matrix(rows: 0, columns: 3)).values.rows == 0)
    // Columns that no tree splits by.
    let found = ensemble.contributions(of: Matrix(rows: 1, columns: 3, elements: [0.3, 9, .nan]))
    #expect(found.values[0, 1] == 0 && found.values[0, 2] == 0)
  }

  private struct Reference: Decodable {
    struct Tree: Decodable {
      let feature, right: [Int]
      let threshold, value, cover: [Double]
      let missingGoesLeft: [Bool]
    }
    struct Case: Decodable {
      let name: String
      let trees: [Tree]
      let rows: [[Double?]]
      let base: Double
      let contributions: [[Double]]
    }
    let cases: [Case]
  }

  /// What the `shap` package says of scikit-learn's and LightGBM's trees, see make-shap.py.
  @Test func agreesWithShap() throws {
    let reference: Reference = try fixture("shap")
    #expect(reference.cases.count == 3)
    for example in reference.cases {
      var ensemble = TreeEnsemble()
      for tree in example.trees {
        let nodes = tree.feature.indices.map { index -> TreeNode in
          guard tree.right[index] > 0 else { return .leaf(tree.value[index]) }
          var node = TreeNode.numeric(
            feature: tree.feature[index], threshold: tree.threshold[index],
            missingGoesLeft: tree.missingGoesLeft[index])
          node.right = UInt32(tree.right[index])
          return node
        }
        let covers = tree.cover.indices.filter { tree.right[$0] == 0 }.map { Float(tree.cover[$0]) }
        ensemble.append(nodes: nodes, leafCovers: covers)
      }
      let columns = example.rows[0].count
      let rows = Matrix(
        rows: example.rows.count, columns: columns, elements: example.rows.joined().map { $0 ?? .nan })
      let found = ensemble.contributions(of: rows)
      // Both compute in double precision; shap stores the values of scikit-learn's trees as they are.
      #expect(abs(found.base - example.base) < 1e-9, "\(example.name)")
      #expect(
        largestAbsoluteError(found.values.elements, example.contributions.flatMap { $0 }) < 1e-9, "\(example.name)")
    }
  }
}
