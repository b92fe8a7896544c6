internal import CKernels

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
    /// Weight of the rows of a leaf.
    var cover = 0.0
    /// Nil where there are no constraints.
    var limits: NodeLimits?
  }

  var nodes: [Node]
}

/// Grows trees best first: of all leaves, the one whose split saves most is split next.
///
/// When a node is split, the histogram of its smaller child is built from the rows, and that of the larger one is what
/// remains of the parent's. Cost a tree: about rows x features x (log₂ leaves) / 2 additions, and 2 leaves x features
/// searches for cuts.
internal struct Grower {
  let rows: BinnedRows
  let finder: SplitFinder
  let maxLeaves: Int
  let maxDepth: Int
  private let pool: HistogramPool
  /// Nil where some features are categories.
  private let numericSearch: KernelSearch?

  /// Of the parts of a loop over features, for two leaves each.
  private let results = Results(count: 2 * Grower.mostParts)

  /// Parts of a loop over features.
  static let mostParts = 64

  init(_ rows: BinnedRows, rules: SplitRules, maxLeaves: Int, maxDepth: Int?, width: Int) {
    self.rows = rows
    self.maxLeaves = maxLeaves
    self.maxDepth = maxDepth ?? .max
    finder = SplitFinder(binning: rows.binning, rules: rules, width: width)
    pool = HistogramPool(rows, width: width)
    numericSearch = KernelSearch(rows.binning)
  }

  /// What one tree is grown from.
  struct Task {
    let partition: RowPartition
    /// Rows of the partition that the tree is grown on: the first so many.
    let count: Int
    let gradients: QuantizedGradients
    /// Those that the tree may use, in ascending order.
    let features: [Int]
    /// The columns of these features; nil for all.
    let columns: [UInt32]?
    /// The features that the n-th node may be split by, in ascending order.
    let offered: (_ node: Int, _ limits: NodeLimits?) -> [Int]
    let team: Team

    fileprivate var source: HistogramPool.Source {
      HistogramPool.Source(list: partition.list, words: gradients.words, columns: columns)
    }
  }

  func grow(_ task: Task) -> BoostedTree {
    guard !task.features.isEmpty else { return .init(nodes: [.init(rows: 0..<task.count, sum: WordSum(), depth: 0)]) }
    let root = pool.take()
    finish(pool.build(root, 0..<task.count, task.source, task.team), task)
    // All rows are in one bin or another of any feature.
    let sum = unsafe finder.total(of: task.features[0], pool.words(root))
    var tree = BoostedTree(nodes: [.init(rows: 0..<task.count, sum: sum, depth: 0)])
    tree.nodes[0].limits = finder.rules.constraints?.root
    var queue = LeafQueue()
    enqueue([(0, root)], nil, tree, task, &queue)
    var leaves = 1
    while leaves < maxLeaves, let leaf = queue.popBest() {
      let left = split(leaf, &tree, task)
      leaves += 1
      if leaves < maxLeaves {
        prepareChildren(left, slot: leaf.slot, tree, task, &queue)
      } else if let slot = leaf.slot {
        pool.giveBack(slot)
      }
    }
    for slot in queue.leaves.compactMap(\.slot) { pool.giveBack(slot) }
    return tree
  }

  /// Makes a leaf a node with two leaves; returns the index of the left one, which the right one follows.
  private func split(_ leaf: LeafQueue.Leaf, _ tree: inout BoostedTree, _ task: Task) -> Int {
    let split = leaf.split
    let node = tree.nodes[leaf.node]
    let middle = task.partition.split(node.rows, rows, by: split, task.team)
    let left = tree.nodes.count
    tree.nodes[leaf.node].split = split
    tree.nodes[leaf.node].left = left
    tree.nodes[leaf.node].right = left + 1
    tree.nodes.append(.init(rows: node.rows.lowerBound..<middle, sum: split.leftSum, depth: node.depth + 1))
    tree.nodes.append(.init(rows: middle..<node.rows.upperBound, sum: node.sum - split.leftSum, depth: node.depth + 1))
    if let constraints = finder.rules.constraints, let limits = node.limits {
      let children = [left, left + 1].map { NodeNumbers(tree.nodes[$0].sum, format: task.gradients.format) }
      (tree.nodes[left].limits, tree.nodes[left + 1].limits) = constraints.children(
        of: limits, by: split, left: children[0], right: children[1], l2: finder.rules.l2)
    }
    return left
  }

  private func canSplit(_ node: BoostedTree.Node) -> Bool {
    node.depth < maxDepth && node.rows.count >= 2 * finder.rules.minSamplesLeaf
  }

  /// Finds the splits of two new leaves, `left` and the one after it. `parent` holds their parent's histogram.
  private func prepareChildren(
    _ left: Int, slot parent: Int?, _ tree: BoostedTree, _ task: Task, _ queue: inout LeafQueue
  ) {
    let leftIsSmaller = tree.nodes[left].rows.count <= tree.nodes[left + 1].rows.count
    let (small, large) = leftIsSmaller ? (left, left + 1) : (left + 1, left)
    guard canSplit(tree.nodes[large]) else {
      if let parent { pool.giveBack(parent) }
      return
    }
    let largeSlot = parent ?? pool.take()
    var sums: HistogramPool.Outstanding
    if parent == nil {
      sums = pool.build(largeSlot, tree.nodes[large].rows, task.source, task.team)
    } else {
      sums = .init(slot: largeSlot, places: tree.nodes[small].rows, subtracts: true)
    }
    guard canSplit(tree.nodes[small]) else { return enqueue([(large, largeSlot)], sums, tree, task, &queue) }
    if parent == nil { finish(sums, task) }
    let smallSlot = pool.take()
    sums = pool.build(smallSlot, tree.nodes[small].rows, task.source, task.team)
    if parent != nil { sums.larger = largeSlot }
    let slots =
      leftIsSmaller ? [(left, smallSlot), (left + 1, largeSlot)] : [(left, largeSlot), (left + 1, smallSlot)]
    enqueue(slots, sums, tree, task, &queue)
  }

  /// Brings in outstanding sums for all features.
  private func finish(_ sums: HistogramPool.Outstanding, _ task: Task) {
    let (features, source) = (task.features, task.source)
    let parts = parts(sums, searched: 1, task)
    task.team.run(parts: parts) { part in
      pool.finish(sums, features[features.count * part / parts..<features.count * (part + 1) / parts], source)
    }
  }

  /// In how many parts the features are worth being shared out: sums have to be finished and so many leaves searched.
  private func parts(_ sums: HistogramPool.Outstanding?, searched leaves: Int, _ task: Task) -> Int {
    let cost = sums.map { pool.cost($0, task.source) } ?? (counting: 0, lookUp: 0)
    let search = SplitFinder.cost * Double(leaves * task.features.count)
    // Half of what a part does may be to look up rows that others look up, too.
    return task.team.parts(
      cost: cost.counting + search, worthwhile: Team.worthwhile + cost.lookUp,
      atMost: min(task.features.count, Self.mostParts))
  }

  /// Finishes the histograms of some leaves, some features at a time, looks for their best splits at the same time, and
  /// puts them into the queue.
  private func enqueue(
    _ leaves: [(node: Int, slot: Int)], _ sums: HistogramPool.Outstanding?, _ tree: BoostedTree, _ task: Task,
    _ queue: inout LeafQueue
  ) {
    let searched = leaves.map { index, slot in
      let node = tree.nodes[index]
      return SearchedLeaf(
        node: index, slot: slot, numbers: NodeNumbers(node.sum, format: task.gradients.format), limits: node.limits,
        offered: canSplit(node) ? task.offered(index, node.limits) : [])
    }
    let parts = parts(sums, searched: leaves.count, task)
    if let numericSearch, task.columns == nil, finder.rules.constraints == nil {
      let sums = unsafe sums.map { unsafe pool.kernel($0, task.source) }
      unsafe numericSearch.run(searched, after: sums, finder, pool, parts: parts, task.team)
      for (place, leaf) in searched.enumerated() {
        let cut = numericSearch.cut(place, parts: parts)
        keep(leaf, cut.flatMap { finder.split($0, leaf.numbers) }, &queue)
      }
    } else {
      search(searched, sums, task, parts: parts)
      for (place, leaf) in searched.enumerated() {
        var found = results[place]
        for part in 1..<parts { found.merge(results[part * leaves.count + place]) }
        keep(leaf, finder.split(found, leaf.numbers), &queue)
      }
    }
  }

  /// Puts a leaf into the queue that can be split, with its histogram where there is room.
  private func keep(_ leaf: SearchedLeaf, _ split: Split?, _ queue: inout LeafQueue) {
    let isKept = split != nil && pool.hasRoom
    if !isKept { pool.giveBack(leaf.slot) }
    if let split { queue.push(.init(node: leaf.node, split: split, slot: isKept ? leaf.slot : nil)) }
  }

  /// What the leaves may be split by, where some features are categories, are left out or have constraints.
  private func search(
    _ leaves: [SearchedLeaf], _ sums: HistogramPool.Outstanding?, _ task: Task, parts: Int
  ) {
    let (features, source) = (task.features, task.source)
    task.team.run(parts: parts) { part in
      let share = features[features.count * part / parts..<features.count * (part + 1) / parts]
      guard let first = share.first, let last = share.last else { return }
      if let sums { pool.finish(sums, share, source) }
      for (place, leaf) in leaves.enumerated() {
        let candidates = leaf.offered.within(first...last)
        let words = unsafe pool.words(leaf.slot)
        if let constraints = finder.rules.constraints, let limits = leaf.limits {
          let split = unsafe finder.best(candidates, words, leaf.numbers, limits, constraints)
          results[part * leaves.count + place] = FoundSplits(split: split)
        } else {
          results[part * leaves.count + place] = unsafe finder.best(candidates, words, leaf.numbers)
        }
      }
    }
  }
}

/// A leaf whose best split is looked for.
internal struct SearchedLeaf {
  /// Index in the tree.
  let node: Int
  /// Of its histogram, in the pool.
  let slot: Int
  let numbers: NodeNumbers
  /// Nil where there are no constraints.
  let limits: NodeLimits?
  /// The features that it may be split by, in ascending order.
  let offered: [Int]
}

/// What the parts of a loop have found, each at its own index.
@safe private final class Results: @unchecked Sendable {
  private let memory: UnsafeMutableBufferPointer<FoundSplits>

  init(count: Int) {
    unsafe memory = .allocate(capacity: count)
    unsafe memory.initialize(repeating: FoundSplits())
  }

  deinit {
    unsafe memory.deinitialize()
    unsafe memory.deallocate()
  }

  subscript(index: Int) -> FoundSplits {
    get {
      unsafe precondition(index >= 0 && index < memory.count, "Results: index \(index) of \(memory.count)")
      return unsafe memory[index]
    }
    set {
      unsafe precondition(index >= 0 && index < memory.count, "Results: index \(index) of \(memory.count)")
      unsafe memory[index] = newValue
    }
  }
}

extension [Int] {
  /// Of ascending numbers those in a range.
  fileprivate func within(_ range: ClosedRange<Int>) -> ArraySlice<Int> {
    let low = firstIndex { $0 >= range.lowerBound } ?? count
    let high = lastIndex { $0 <= range.upperBound } ?? -1
    return low <= high ? self[low...high] : []
  }
}

extension SplitFinder {
  /// The sum over all bins of a feature.
  fileprivate func total(of feature: Int, _ histogram: UnsafePointer<UInt64>) -> WordSum {
    let bins = binning.features[feature]
    let start = binning.columns(of: feature).lowerBound * binning.spacing
    return (0...bins.count).reduce(WordSum()) { sum, bin in
      let place = bins.place(ofBin: bin)
      return unsafe sum + entry(histogram, start + place.column * binning.spacing + place.code)
    }
  }
}
