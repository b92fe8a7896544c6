/// When a tree stops to grow.
internal struct GrowthLimits: Sendable {
  internal var maxDepth: Int
  internal var minSamplesSplit: Int
  internal var minSamplesLeaf: Int
}

/// A node that is about to be split: rows `rows` of the grower's list.
internal struct GrowingNode {
  internal let rows: Range<Int>
  internal let weight: Double
  /// Depends on the tree and the way from the root, on nothing else: a tree of limited depth is the top of a deeper one.
  internal let key: UInt64
}

/// The best division of a node that a splitter found.
internal struct NodeSplit {
  internal let feature: Int
  /// Decrease of Σ w (z - mean)² / Σ w of the targets' positions, not negative.
  internal let gain: Double
  internal let threshold: Double
  internal let rule: SplitRule
  internal let missingGoesLeft: Bool
}

/// How the rows of a node are told apart.
internal enum SplitRule {
  /// Codes up to this one go left.
  case codes(last: UInt32)
  /// Elements up to the threshold go left.
  case values
  /// The levels that the splitter holds go left.
  case levels
}

/// The rule by which nodes are split.
internal protocol NodeSplitter: ~Copyable {
  /// The split to use, or nil where the node has none that the limits allow.
  /// - Parameter state: `state.centred` holds w (z - node mean) and w of the node's rows.
  mutating func split(_ node: GrowingNode, of state: borrowing GrowthState) -> NodeSplit?
  /// The set of levels that go left at the categorical split that `split` returned, 64 a word.
  var leftLevels: [UInt64] { get }
}

/// Grows one tree, depth first, over its own list of what is still to do: no recursion, however deep a tree becomes.
internal struct TreeGrower {
  private struct Pending {
    let rows: Range<Int>
    let depth: Int
    let key: UInt64
    /// The node whose right child this is.
    let rightOf: Int?
  }

  internal static func grow<Splitter: NodeSplitter & ~Copyable>(
    _ state: borrowing GrowthState, with splitter: inout Splitter, limits: GrowthLimits, tree number: Int,
    keepsTops: Bool
  ) -> GrownTree {
    var tree = GrownTree(featureCount: state.data.featureCount, keepsTops: keepsTops)
    var pending = [Pending(rows: 0..<state.rows.count, depth: 0, key: childKey(UInt64(number), 2), rightOf: nil)]
    while let next = pending.popLast() {
      if let parent = next.rightOf { tree.turnRight(of: parent) }
      let (weight, isPure) = state.centre(next.rows)
      let node = GrowingNode(rows: next.rows, weight: weight, key: next.key)
      let mayGrow =
        !isPure && next.depth < limits.maxDepth && next.rows.count >= limits.minSamplesSplit
        && next.rows.count >= 2 * limits.minSamplesLeaf
      guard mayGrow, let split = splitter.split(node, of: state) else {
        tree.appendLeaf(state.mean(of: next.rows), weight: weight)
        continue
      }
      let leftLevels = if case .levels = split.rule { splitter.leftLevels } else { [UInt64]() }
      // In the order that the rows have where this node is a leaf.
      let mean = keepsTops ? state.mean(of: next.rows) : 0
      let middle = next.rows.lowerBound + state.divide(next.rows, by: split, leftLevels: leftLevels)
      let index = tree.nodes.count
      tree.append(split, mean: mean, weight: weight, leftLevels: leftLevels)
      pending.append(
        Pending(
          rows: middle..<next.rows.upperBound, depth: next.depth + 1, key: childKey(next.key, 1), rightOf: index))
      pending.append(
        Pending(rows: next.rows.lowerBound..<middle, depth: next.depth + 1, key: childKey(next.key, 0), rightOf: nil))
    }
    return tree
  }

  /// Hashes the way from the root: the finalizer of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014,
  /// doi:10.1145/2660193.2660195) after a step that differs between the sides.
  internal static func childKey(_ key: UInt64, _ side: UInt64) -> UInt64 {
    var hash = key &+ 0x9E37_79B9_7F4A_7C15 &* (side + 1)
    hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
    return hash ^ hash >> 31
  }
}

extension Float {
  /// The weight of a leaf's rows as an ensemble keeps it: positive, however small.
  internal static func cover(_ weight: Double) -> Float {
    min(max(Float(weight), .leastNormalMagnitude), .greatestFiniteMagnitude)
  }
}
