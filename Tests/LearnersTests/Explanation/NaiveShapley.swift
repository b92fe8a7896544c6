import Learners
import Linalg

/// The definition of Shapley values, over all subsets of features: exponential in their number.
struct NaiveShapley {
  let ensemble: TreeEnsemble
  let features: Int

  /// The trees' sum for a row of which only some features are known: other splits send it both ways, in the shares of
  /// the training rows.
  func value(_ row: [Double], known: Set<Int>) -> Double {
    (0..<ensemble.treeCount).reduce(0) { $0 + value(row, known, tree: $1, node: 0) }
  }

  private func value(_ row: [Double], _ known: Set<Int>, tree: Int, node: Int) -> Double {
    let at = ensemble.nodes[ensemble.starts[tree] + node]
    guard !at.isLeaf else { return at.value }
    if known.contains(at.feature) {
      // The way of the row through this node alone.
      let path = ensemble.way(of: row, at: ensemble.starts[tree] + node)
      return value(row, known, tree: tree, node: path ? node + 1 : Int(at.right))
    }
    let (left, right) = (cover(tree, node + 1), cover(tree, Int(at.right)))
    return
      (left * value(row, known, tree: tree, node: node + 1)
      + right * value(row, known, tree: tree, node: Int(at.right))) / (left + right)
  }

  private func cover(_ tree: Int, _ node: Int) -> Double {
    let nodes = ensemble.nodes[ensemble.starts[tree]..<ensemble.starts[tree + 1]]
    let at = nodes[nodes.startIndex + node]
    guard at.isLeaf else { return cover(tree, node + 1) + cover(tree, Int(at.right)) }
    let before = ensemble.nodes[..<(nodes.startIndex + node)].count(where: \.isLeaf)
    return Double(ensemble.leafCovers[before])
  }

  func contributions(_ row: [Double]) -> [Double] {
    (0..<features).map { feature in
      let others = (0..<features).filter { $0 != feature }
      return (0..<1 << others.count).reduce(0) { sum, set in
        let known = Set(others.indices.filter { set >> $0 & 1 == 1 }.map { others[$0] })
        let weight = Self.factorial(known.count) * Self.factorial(features - known.count - 1) / Self.factorial(features)
        return sum + weight * (value(row, known: known.union([feature])) - value(row, known: known))
      }
    }
  }

  private static func factorial(_ n: Int) -> Double { n < 2 ? 1 : Double(n) * factorial(n - 1) }
}

extension TreeEnsemble {
  /// Whether a row goes left at a node.
  fileprivate func way(of row: [Double], at index: Int) -> Bool {
    let node = nodes[index]
    let element = row[node.feature]
    if element.isNaN { return node.missingGoesLeft }
    if !node.isCategorical { return element <= node.threshold }
    // The split alone, as a tree of two leaves, knows its levels.
    var stump = TreeEnsemble()
    var root = node
    root.right = 2
    stump.append(nodes: [root, .leaf(1), .leaf(0)], levelSets: levelSets)
    return stump.leafValue(tree: 0, row: row[...]) == 1
  }
}
