import Learners
import Linalg

/// One tree of an ensemble, to ask about its form.
struct TreeShape {
  let nodes: [TreeNode]
  private let tree: Int
  private let ensemble: TreeEnsemble

  init(_ ensemble: TreeEnsemble, _ tree: Int) {
    nodes = Array(ensemble.nodes[ensemble.starts[tree]..<ensemble.starts[tree + 1]])
    self.ensemble = ensemble
    self.tree = tree
  }

  /// Whether the splits above `depth` are the same and nothing is below.
  func isTop(of other: TreeShape, depth: Int, at node: Int = 0, _ otherNode: Int = 0) -> Bool {
    let (a, b) = (nodes[node], other.nodes[otherNode])
    if depth == 0 { return a.isLeaf }
    if a.isLeaf || b.isLeaf { return a.isLeaf && b.isLeaf && a.value == b.value }
    guard a.feature == b.feature, a.isCategorical == b.isCategorical, a.missingGoesLeft == b.missingGoesLeft,
      a.isCategorical || a.threshold == b.threshold
    else { return false }
    return isTop(of: other, depth: depth - 1, at: node + 1, otherNode + 1)
      && isTop(of: other, depth: depth - 1, at: Int(a.right), Int(b.right))
  }

  func rowsPerLeaf(_ x: Matrix<Double>) -> [Int] { rowsPerNode(x).filter { nodes[$0.key].isLeaf }.map(\.value) }
  func rowsPerSplit(_ x: Matrix<Double>) -> [Int] { rowsPerNode(x).filter { !nodes[$0.key].isLeaf }.map(\.value) }

  /// How many rows pass each node that any row passes.
  private func rowsPerNode(_ x: Matrix<Double>) -> [Int: Int] {
    var counts: [Int: Int] = [:]
    for row in 0..<x.rows {
      for node in ensemble.path(tree: tree, row: x.row(row)) { counts[node, default: 0] += 1 }
    }
    return counts
  }
}
