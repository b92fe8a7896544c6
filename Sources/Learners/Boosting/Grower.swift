internal import Linalg

/// A tree on binned rows, in the order in which it grew: node 0 is the root.
internal struct BoostedTree: Sendable {
  struct Node: Sendable {
    /// Nil at a leaf.
    var split: Split?
    var left = 0
    var right = 0
    /// The node's rows in the partition that the tree was grown on.
    let rows: Range<Int>
    let sum: WordSum
    let depth: Int
    /// What a leaf adds to the score.
    var value = 0.0
  }

  var nodes: [Node]
}

/// Grows trees best first: of all leaves, the one whose split saves most is split next.
///
/// When a node is split, the histogram of its smaller child is built from the rows, and that of the larger one is what
/// remains of the parent's. Cost a tree: about rows x features x (log₂ leaves) / 2 additions, and 2 leaves x bins x
/// features steps of the search for splits.
internal struct Grower: Sendable {
  let rows: BinnedRows
  let finder: SplitFinder
  let maxLeaves: Int
  let maxDepth: Int
  private let layout: HistogramLayout
  private var builder: HistogramBuilder
  /// Histograms of leaves that may yet be split.
  private var pool: [UInt64] = []
  private var freeSlots: [Int] = []
  private var slotCount = 0
  private let mostSlots: Int

  /// Bytes of histograms that are kept; beyond that they are built again when they are needed.
  private static let poolBytes = 1 << 28

  init(_ rows: BinnedRows, rules: SplitRules, maxLeaves: Int, maxDepth: Int?, width: Int) {
    self.rows = rows
    self.maxLeaves = maxLeaves
    self.maxDepth = maxDepth ?? .max
    layout = HistogramLayout(rows.binning, width: width)
    finder = SplitFinder(binning: rows.binning, layout: layout, rules: rules)
    builder = HistogramBuilder(rows, layout: layout)
    mostSlots = max(3, Self.poolBytes / max(1, layout.words * 8))
  }

  /// - Parameter offered: the features that the n-th node may be split by.
  mutating func grow(
    _ partition: inout RowPartition, gradients: QuantizedGradients, features: [Int],
    offered: (_ node: Int) -> [Int]
  ) -> BoostedTree {
    let all = partition.list.indices
    var tree = BoostedTree(nodes: [.init(rows: all, sum: gradients.sum(partition.list), depth: 0)])
    var queue = LeafQueue()
    let context = Context(words: gradients.words, format: gradients.format, features: features)
    if canSplit(tree.nodes[0], context) {
      let slot = takeSlot()
      builder.build(partition.list, all, features: features, words: context.words, into: &pool, slot: slot)
      enqueue(0, slot: slot, tree, context, offered(0), &queue)
    }
    var leaves = 1
    while leaves < maxLeaves, let leaf = queue.popBest() {
      let split = leaf.split
      let node = tree.nodes[leaf.node]
      let middle = partition.split(node.rows, bins: rows.bins(ofFeature: split.feature), by: split.left)
      let left = tree.nodes.count
      tree.nodes[leaf.node].split = split
      tree.nodes[leaf.node].left = left
      tree.nodes[leaf.node].right = left + 1
      tree.nodes.append(.init(rows: node.rows.lowerBound..<middle, sum: split.leftSum, depth: node.depth + 1))
      tree.nodes.append(
        .init(rows: middle..<node.rows.upperBound, sum: node.sum - split.leftSum, depth: node.depth + 1))
      leaves += 1
      if leaves < maxLeaves {
        prepareChildren(left, slot: leaf.slot, tree, partition, context, offered, &queue)
      } else if let slot = leaf.slot {
        freeSlots.append(slot)
      }
    }
    freeSlots += queue.leaves.compactMap(\.slot)
    return tree
  }

  private struct Context {
    let words: [UInt64]
    let format: WordFormat
    let features: [Int]
  }

  private func canSplit(_ node: BoostedTree.Node, _ context: Context) -> Bool {
    node.depth < maxDepth && context.format.count(node.sum) >= 2 * finder.rules.minSamplesLeaf
      && !context.features.isEmpty
  }

  /// Finds the splits of two new leaves, `left` and the one after it. `slot` holds their parent's histogram.
  private mutating func prepareChildren(
    _ left: Int, slot parent: Int?, _ tree: BoostedTree, _ partition: RowPartition, _ context: Context,
    _ offered: (_ node: Int) -> [Int], _ queue: inout LeafQueue
  ) {
    let leftIsSmaller = tree.nodes[left].rows.count <= tree.nodes[left + 1].rows.count
    let (small, large) = leftIsSmaller ? (left, left + 1) : (left + 1, left)
    guard canSplit(tree.nodes[large], context) else {
      if let parent { freeSlots.append(parent) }
      return
    }
    let smallSlot = takeSlot()
    build(small, smallSlot, tree, partition, context)
    let largeSlot = parent ?? takeSlot()
    if parent == nil {
      build(large, largeSlot, tree, partition, context)
    } else {
      builder.subtract(smallSlot, from: largeSlot, in: &pool)
    }
    for (node, slot) in [
      (left, leftIsSmaller ? smallSlot : largeSlot), (left + 1, leftIsSmaller ? largeSlot : smallSlot),
    ] {
      if canSplit(tree.nodes[node], context) {
        enqueue(node, slot: slot, tree, context, offered(node), &queue)
      } else {
        freeSlots.append(slot)
      }
    }
  }

  private mutating func build(
    _ node: Int, _ slot: Int, _ tree: BoostedTree, _ partition: RowPartition, _ context: Context
  ) {
    builder.build(
      partition.list, tree.nodes[node].rows, features: context.features, words: context.words, into: &pool, slot: slot)
  }

  private mutating func enqueue(
    _ node: Int, slot: Int, _ tree: BoostedTree, _ context: Context, _ features: [Int], _ queue: inout LeafQueue
  ) {
    let split = finder.best(
      pool, slot: slot, sum: tree.nodes[node].sum, format: context.format, features: features)
    let isKept = split != nil && slotCount - freeSlots.count <= mostSlots - 2
    if !isKept { freeSlots.append(slot) }
    if let split { queue.push(.init(node: node, split: split, slot: isKept ? slot : nil)) }
  }

  private mutating func takeSlot() -> Int {
    if let slot = freeSlots.popLast() { return slot }
    pool.append(contentsOf: repeatElement(0, count: layout.words))
    slotCount += 1
    return slotCount - 1
  }
}

/// Leaves that can be split, the best on top: a binary heap. Of equal gains the older leaf is first.
internal struct LeafQueue {
  struct Leaf {
    let node: Int
    let split: Split
    let slot: Int?

    fileprivate func isBetter(than other: Leaf) -> Bool { (split.gain, other.node) > (other.split.gain, node) }
  }

  private(set) var leaves: [Leaf] = []

  mutating func push(_ leaf: Leaf) {
    leaves.append(leaf)
    var child = leaves.count - 1
    while child > 0, leaves[child].isBetter(than: leaves[(child - 1) / 2]) {
      leaves.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popBest() -> Leaf? {
    guard let best = leaves.first else { return nil }
    let last = leaves.removeLast()
    guard !leaves.isEmpty else { return best }
    leaves[0] = last
    var parent = 0
    while true {
      var top = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < leaves.count {
        if leaves[child].isBetter(than: leaves[top]) { top = child }
      }
      guard top != parent else { return best }
      leaves.swapAt(parent, top)
      parent = top
    }
  }
}
