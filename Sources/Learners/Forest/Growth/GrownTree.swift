/// What a tree has become, before it joins an ensemble.
///
/// One that keeps what its inner nodes would predict and what each split has gained holds every tree of less depth, too.
internal struct GrownTree: Sendable {
  /// In pre-order.
  internal private(set) var nodes: [TreeNode] = []
  internal private(set) var levelSets: [UInt64] = []
  /// Σ w of each leaf, in the order of the nodes.
  internal private(set) var leafCovers: [Float] = []
  /// Σ over the splits on each feature of the decrease of Σ w (z - mean)² of the targets' positions.
  internal private(set) var gains: [Double]
  /// Of each node that is split; nil: not kept.
  private var splits: [Split]?

  private struct Split {
    /// Mean target of the node, and Σ w.
    let mean: Double
    let weight: Double
    /// Decrease of Σ w (z - mean)².
    let gain: Double
  }

  internal init(featureCount: Int, keepsTops: Bool) {
    gains = Array(repeating: 0, count: featureCount)
    splits = keepsTops ? [] : nil
  }

  /// The next node is the right child of this one.
  internal mutating func turnRight(of node: Int) { nodes[node].right = UInt32(nodes.count) }

  internal mutating func appendLeaf(_ mean: Double, weight: Double) { appendLeaf(mean, cover: .cover(weight)) }

  private mutating func appendLeaf(_ mean: Double, cover: Float) {
    nodes.append(.leaf(mean))
    leafCovers.append(cover)
  }

  internal mutating func append(_ split: NodeSplit, mean: Double, weight: Double, leftLevels: [UInt64]) {
    note(Split(mean: mean, weight: weight, gain: split.gain * weight), on: split.feature)
    if case .levels = split.rule {
      append(leftLevels: leftLevels[...], feature: split.feature, missingGoesLeft: split.missingGoesLeft)
    } else {
      nodes.append(
        .numeric(feature: split.feature, threshold: split.threshold, missingGoesLeft: split.missingGoesLeft))
    }
  }

  /// The levels that follow the missing are left out at the end of a set: the walk sends them there anyway.
  private mutating func append(leftLevels: ArraySlice<UInt64>, feature: Int, missingGoesLeft: Bool) {
    let usual: UInt64 = missingGoesLeft ? .max : 0
    let words = leftLevels.prefix(
      (leftLevels.lastIndex { $0 != usual } ?? leftLevels.startIndex - 1) + 1 - leftLevels.startIndex)
    let range = levelSets.count..<levelSets.count + words.count
    levelSets += words
    nodes.append(.categorical(feature: feature, words: range, missingGoesLeft: missingGoesLeft))
  }

  private mutating func note(_ split: Split, on feature: Int) {
    gains[feature] += split.gain
    splits?.append(split)
  }

  /// The tree with splits down to this depth only: to the bit what growing it alone gives, for growth does not look
  /// ahead, and the random numbers of a node depend on the way to it. Traps unless the tops are kept.
  internal func top(depth limit: Int) -> GrownTree {
    guard let splits else { preconditionFailure("GrownTree: the tops were not kept") }
    var splitsBefore: [Int] = []
    var count = 0
    for node in nodes {
      splitsBefore.append(count)
      count += node.isLeaf ? 0 : 1
    }
    var top = GrownTree(featureCount: gains.count, keepsTops: false)
    var pending = [(node: 0, depth: 0, rightOf: Int?.none)]
    while let next = pending.popLast() {
      if let parent = next.rightOf { top.turnRight(of: parent) }
      let node = nodes[next.node]
      let before = splitsBefore[next.node]
      if node.isLeaf {
        top.appendLeaf(node.value, cover: leafCovers[next.node - before])
        continue
      }
      if next.depth == limit {
        top.appendLeaf(splits[before].mean, weight: splits[before].weight)
        continue
      }
      let index = top.nodes.count
      top.note(splits[before], on: node.feature)
      if node.isCategorical {
        top.append(
          leftLevels: levelSets[node.levelSet], feature: node.feature, missingGoesLeft: node.missingGoesLeft)
      } else {
        top.nodes.append(node)
      }
      pending.append((Int(node.right), next.depth + 1, index))
      pending.append((next.node + 1, next.depth + 1, nil))
    }
    return top
  }
}
