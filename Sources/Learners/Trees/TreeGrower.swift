/// When a tree stops to grow.
internal struct GrowthLimits: Sendable {
  internal var maxDepth: Int
  internal var minSamplesSplit: Int
  internal var minSamplesLeaf: Int
}

/// What a tree has become, before it joins an ensemble.
internal struct GrownTree: Sendable {
  internal var nodes: [TreeNode] = []
  internal var levelSets: [UInt64] = []
  /// Σ w of each leaf, in the order of the nodes.
  internal var leafCovers: [Float] = []
  /// Σ over the splits on each feature of the decrease of Σ w (y - mean)².
  internal var gains: [Double]
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
  /// Decrease of Σ w (y - mean)² / Σ w, not negative.
  internal let gain: Double
  /// nil: by the set of levels that the splitter holds.
  internal let threshold: Double?
  internal let missingGoesLeft: Bool
}

/// The rule by which nodes are split.
internal protocol NodeSplitter: ~Copyable {
  /// The split to use, or nil where the node has none that the limits allow.
  /// - Parameter state: `state.centred` holds w (y - node mean) and w of the node's rows.
  mutating func split(_ node: GrowingNode, of state: borrowing GrowthState) -> NodeSplit?
  /// The set of levels that go left at the categorical split that `split` returned, 64 a word.
  var leftLevels: [UInt64] { get }
  /// `state.goesLeft` is set for the node's rows; its first `leftCount` rows now are those of the left child.
  mutating func divide(_ node: GrowingNode, leftCount: Int, of state: borrowing GrowthState)
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
    _ state: borrowing GrowthState, with splitter: inout Splitter, limits: GrowthLimits, tree number: Int
  ) -> GrownTree {
    var tree = GrownTree(gains: Array(repeating: 0, count: state.data.featureCount))
    var pending = [Pending(rows: 0..<state.rows.count, depth: 0, key: childKey(UInt64(number), 2), rightOf: nil)]
    while let next = pending.popLast() {
      if let parent = next.rightOf { tree.nodes[parent].right = UInt32(tree.nodes.count) }
      let (weight, mean, isPure) = state.centre(next.rows)
      let node = GrowingNode(rows: next.rows, weight: weight, key: next.key)
      let mayGrow =
        !isPure && next.depth < limits.maxDepth && next.rows.count >= limits.minSamplesSplit
        && next.rows.count >= 2 * limits.minSamplesLeaf
      guard mayGrow, let split = splitter.split(node, of: state) else {
        tree.nodes.append(.leaf(mean))
        tree.leafCovers.append(.cover(weight))
        continue
      }
      let leftCount = state.divide(next.rows, by: split, leftLevels: split.threshold == nil ? splitter.leftLevels : [])
      splitter.divide(node, leftCount: leftCount, of: state)
      let index = tree.nodes.count
      tree.append(split, weight: weight, leftLevels: split.threshold == nil ? splitter.leftLevels : [])
      let middle = next.rows.lowerBound + leftCount
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

extension GrownTree {
  /// The levels that follow the missing are left out at the end of a set: the walk sends them there anyway.
  fileprivate mutating func append(_ split: NodeSplit, weight: Double, leftLevels: [UInt64]) {
    gains[split.feature] += split.gain * weight
    if let threshold = split.threshold {
      nodes.append(
        .numeric(feature: split.feature, threshold: threshold, missingGoesLeft: split.missingGoesLeft))
      return
    }
    let usual: UInt64 = split.missingGoesLeft ? .max : 0
    let words = (leftLevels.lastIndex { $0 != usual } ?? -1) + 1
    let range = levelSets.count..<levelSets.count + words
    levelSets += leftLevels[..<words]
    nodes.append(.categorical(feature: split.feature, words: range, missingGoesLeft: split.missingGoesLeft))
  }
}

extension Float {
  /// The weight of a leaf's rows as an ensemble keeps it: positive, however small.
  internal static func cover(_ weight: Double) -> Float {
    min(max(Float(weight), .leastNormalMagnitude), .greatestFiniteMagnitude)
  }
}
