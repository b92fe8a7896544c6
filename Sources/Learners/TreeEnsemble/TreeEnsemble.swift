/// One node of a binary decision tree, 16 bytes. Trees are stored in pre-order: the left child of a node is the next
/// node, only the right child has to be named.
public struct TreeNode: Sendable, Equatable {
  /// At a numeric split the threshold (x ≤ threshold goes left); at a leaf its value; at a categorical split the bit
  /// pattern holds where the set of levels that go left is: first word (high half) and number of words (low half).
  internal var payload: Double
  /// Index of the right child within its tree; 0 at a leaf.
  package var right: UInt32
  /// Feature index in the low 30 bits, then `isCategorical`, then `missingGoesLeft`.
  internal var split: UInt32

  internal static let categoricalBit: UInt32 = 1 << 30
  internal static let missingLeftBit: UInt32 = 1 << 31

  public var isLeaf: Bool { right == 0 }
  public var isCategorical: Bool { split & Self.categoricalBit != 0 }
  public var missingGoesLeft: Bool { split & Self.missingLeftBit != 0 }
  public var feature: Int { Int(split & (Self.categoricalBit - 1)) }
  public var threshold: Double { payload }
  public var value: Double { payload }

  public static func leaf(_ value: Double) -> TreeNode { TreeNode(payload: value, right: 0, split: 0) }

  /// The right child is filled in when it is known.
  public static func numeric(feature: Int, threshold: Double, missingGoesLeft: Bool) -> TreeNode {
    TreeNode(payload: threshold, right: 0, split: UInt32(feature) | (missingGoesLeft ? missingLeftBit : 0))
  }

  /// - Parameter words: where the bit set of levels that go left lies in the ensemble's `levelSets`.
  public static func categorical(feature: Int, words: Range<Int>, missingGoesLeft: Bool) -> TreeNode {
    let pattern = UInt64(words.lowerBound) << 32 | UInt64(words.count)
    let split = UInt32(feature) | categoricalBit | (missingGoesLeft ? missingLeftBit : 0)
    return TreeNode(payload: Double(bitPattern: pattern), right: 0, split: split)
  }

  /// The node where its tree's level sets follow so many words of other trees.
  fileprivate func shiftingLevelSet(by words: Int) -> TreeNode {
    guard isCategorical && !isLeaf else { return self }
    var node = self
    node.payload = Double(bitPattern: UInt64(levelSet.lowerBound + words) << 32 | UInt64(levelSet.count))
    return node
  }

  internal var levelSet: Range<Int> {
    let first = Int(payload.bitPattern >> 32)
    return first..<first + Int(payload.bitPattern & 0xFFFF_FFFF)
  }
}

/// Many decision trees in one flat array of nodes; the family that grew them says how their values combine.
public struct TreeEnsemble: Sendable, Equatable {
  public private(set) var nodes: [TreeNode] = []
  /// Bits of levels that go left, 64 a word, of all categorical splits.
  public private(set) var levelSets: [UInt64] = []
  /// Tree t is `nodes[starts[t]..<starts[t + 1]]`.
  public private(set) var starts: [Int] = [0]
  /// The weight of the training rows in each leaf, in the order of the nodes: positive, in any unit, for within a tree
  /// only ratios matter.
  public private(set) var leafCovers: [Float] = []
  /// Columns that a row must have: one more than the largest feature of a split.
  public private(set) var requiredColumns = 0
  internal private(set) var hasCategoricalSplits = false
  /// What prediction makes of the trees; another one for other trees.
  internal private(set) var coded = PredictorCache()

  public init() {}

  /// Takes over trees that were checked by `firstFlaw`.
  internal init(checkedNodes: [TreeNode], levelSets: [UInt64], starts: [Int], leafCovers: [Float]) {
    nodes = checkedNodes
    self.leafCovers = leafCovers
    self.levelSets = levelSets
    self.starts = starts
    requiredColumns = Self.requiredColumns(of: checkedNodes)
    hasCategoricalSplits = checkedNodes.contains(where: \.isCategorical)
  }

  private static func requiredColumns(of nodes: [TreeNode]) -> Int {
    nodes.reduce(0) { $1.isLeaf ? $0 : max($0, $1.feature + 1) }
  }

  public var treeCount: Int { starts.count - 1 }

  /// Places of a tree's leaves in `leafCovers`: every tree has one leaf more than splits.
  internal func leaves(of tree: Int) -> Range<Int> { (starts[tree] + tree) / 2..<(starts[tree + 1] + tree + 1) / 2 }

  /// Makes room for so many trees, nodes and leaves in all: arrays that grow as trees come are copied and cost twice
  /// the memory.
  internal mutating func reserveCapacity(trees: Int, nodes nodeCount: Int, leaves: Int) {
    starts.reserveCapacity(trees + 1)
    nodes.reserveCapacity(nodeCount)
    leafCovers.reserveCapacity(leaves)
  }

  /// Appends a tree whose nodes are in pre-order with `right` filled in, and whose level sets count from 0. Traps where
  /// the nodes are no such tree.
  /// - Parameter covers: positive numbers, one a leaf; nil where all leaves count the same.
  public mutating func append(nodes tree: [TreeNode], levelSets sets: [UInt64] = [], leafCovers covers: [Float]? = nil)
  {
    let flaw = tree[...].firstFlaw(levelSetWords: sets.count, featureCount: Int(TreeNode.categoricalBit))
    precondition(flaw == nil, "TreeEnsemble: not a tree in pre-order: \(flaw.map { "\($0)" } ?? "")")
    coded = PredictorCache()
    requiredColumns = max(requiredColumns, Self.requiredColumns(of: tree))
    if tree.contains(where: \.isCategorical) {
      hasCategoricalSplits = true
      nodes += tree.lazy.map { $0.shiftingLevelSet(by: levelSets.count) }
    } else {
      nodes += tree
    }
    levelSets += sets
    starts.append(nodes.count)
    let covers = covers ?? Array(repeating: 1, count: (tree.count + 1) / 2)
    precondition(2 * covers.count == tree.count + 1, "TreeEnsemble: \(covers.count) covers for \(tree.count) nodes")
    precondition(covers.allSatisfy { $0 > 0 && $0.isFinite }, "TreeEnsemble: a cover is not positive")
    leafCovers += covers
  }

  /// Appends all trees of another ensemble.
  internal mutating func append(contentsOf other: TreeEnsemble) {
    for tree in 0..<other.treeCount {
      var sets: [UInt64] = []
      let nodes = other.nodes[other.starts[tree]..<other.starts[tree + 1]].map { node in
        guard node.isCategorical && !node.isLeaf else { return node }
        var copy = node
        copy.payload = Double(bitPattern: UInt64(sets.count) << 32 | UInt64(node.levelSet.count))
        sets += other.levelSets[node.levelSet]
        return copy
      }
      append(nodes: nodes, levelSets: sets, leafCovers: Array(other.leafCovers[other.leaves(of: tree)]))
    }
  }

  /// The same trees with other values of their leaves.
  internal func mapLeaves(_ value: (Double) -> Double) -> TreeEnsemble {
    TreeEnsemble(
      checkedNodes: nodes.map { $0.isLeaf ? .leaf(value($0.value)) : $0 }, levelSets: levelSets, starts: starts,
      leafCovers: leafCovers)
  }

  /// The value of the leaf that a row of features ends in. NaN takes the way of the missing, and so does a level that
  /// is outside of the split's set.
  public func leafValue(tree: Int, row: ArraySlice<Double>) -> Double {
    var index = starts[tree]
    while !nodes[index].isLeaf { index = child(of: index, root: starts[tree], row) }
    return nodes[index].value
  }

  /// The nodes, counted within the tree, from the root to that leaf.
  package func path(tree: Int, row: ArraySlice<Double>) -> [Int] {
    let root = starts[tree]
    var path = [0]
    while let last = path.last, !nodes[root + last].isLeaf {
      path.append(child(of: root + last, root: root, row) - root)
    }
    return path
  }

  private func child(of index: Int, root: Int, _ row: ArraySlice<Double>) -> Int {
    let node = nodes[index]
    return goesLeft(row[row.startIndex + node.feature], at: node) ? index + 1 : root + Int(node.right)
  }

  internal func goesLeft(_ element: Double, at node: TreeNode) -> Bool {
    guard !element.isNaN else { return node.missingGoesLeft }
    guard node.isCategorical else { return element <= node.threshold }
    let words = node.levelSet
    guard element >= 0 && element < Double(words.count * 64) else { return node.missingGoesLeft }
    let level = Int(element)
    return levelSets[words.lowerBound + level / 64] >> UInt64(level % 64) & 1 == 1
  }
}
