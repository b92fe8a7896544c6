internal import CKernels

/// The trees of an ensemble in terms of codes, as the kernels want them.
internal struct SplitLayout {
  /// Leaves that every tree has room for: 32, 64 or 128.
  let leavesPerTree: Int
  let columns: ThresholdCodes
  private(set) var splits: [KernelsCodedSplit] = []
  private(set) var starts: [UInt32] = [0]
  private(set) var values: [Double]
  private(set) var tests: [KernelsLevelTest] = []
  private(set) var placedTests: [KernelsPlacedTest] = []
  private(set) var testStarts: [UInt32] = [0]
  /// The way from the root to each leaf: bits of the splits above it, and those of them where it is on the right. The highest bit
  /// is of no split: no row has the bits of a leaf that is not there. Empty where trees have more than 64 leaves.
  private(set) var relevant: [UInt64]
  private(set) var expected: [UInt64]

  /// A part of the tree that is still to come.
  private struct Branch {
    var slot = 0
    var relevant: UInt64 = 0
    var expected: UInt64 = 0
    /// The split whose right side it is.
    var rightOf: Int?
  }

  /// nil where trees have too many leaves, or so few use so many columns that coding a row takes longer than walking.
  init?(_ ensemble: TreeEnsemble) {
    let sizes = (0..<ensemble.treeCount).map { ensemble.starts[$0 + 1] - ensemble.starts[$0] }
    guard let nodes = sizes.max(), (nodes + 1) / 2 <= Int(KERNELS_CODED_LEAVES) else { return nil }
    leavesPerTree = (nodes + 1) / 2 <= 32 ? 32 : (nodes + 1) / 2 <= 64 ? 64 : Int(KERNELS_CODED_LEAVES)
    columns = ThresholdCodes(coding: ensemble.nodes)
    guard columns.columns.count <= 3 * ensemble.treeCount else { return nil }
    let leaves = ensemble.treeCount * leavesPerTree
    values = Array(repeating: 0, count: leaves)
    let bits: UInt64 = leavesPerTree > 64 ? 0 : 1 << UInt64(leavesPerTree - 1)
    relevant = Array(repeating: bits, count: bits == 0 ? 0 : leaves)
    expected = relevant
    splits.reserveCapacity(ensemble.nodes.count / 2)
    for tree in 0..<ensemble.treeCount { append(tree, of: ensemble) }
  }

  private mutating func append(_ tree: Int, of ensemble: TreeEnsemble) {
    let first = splits.count
    var leaf = 0
    var branch = Branch()
    var pending: [Branch] = []
    for index in ensemble.starts[tree]..<ensemble.starts[tree + 1] {
      let node = ensemble.nodes[index]
      guard node.isLeaf else {
        let bit: UInt64 = relevant.isEmpty ? 0 : 1 << UInt64(splits.count - first)
        let relevant = branch.relevant | bit
        pending.append(
          Branch(slot: branch.slot, relevant: relevant, expected: branch.expected | bit, rightOf: splits.count))
        append(node, at: columns.places[index], slot: branch.slot, of: first)
        branch = Branch(slot: branch.slot + 1, relevant: relevant, expected: branch.expected)
        continue
      }
      set(tree * leavesPerTree + leaf, node.value, branch)
      leaf += 1
      guard let next = pending.popLast() else { break }
      if let split = next.rightOf { splits[split].leaf = UInt8(leaf) }
      branch = next
    }
    starts.append(UInt32(splits.count))
    testStarts.append(UInt32(placedTests.count))
  }

  private mutating func append(_ node: TreeNode, at place: ThresholdCodes.Place, slot: Int, of first: Int) {
    let source = node.isCategorical ? UInt32(tests.count) : place.column
    if node.isCategorical {
      placedTests.append(KernelsPlacedTest(test: source, split: UInt32(splits.count - first)))
      tests.append(
        KernelsLevelTest(
          feature: UInt32(node.feature), first_word: UInt32(node.levelSet.lowerBound),
          words: UInt32(node.levelSet.count), others_go_right: node.missingGoesLeft ? 0 : 1))
    }
    splits.append(
      KernelsCodedSplit(
        source: source, threshold: place.code, slot: UInt8(slot), leaf: 0, is_categorical: node.isCategorical ? 1 : 0))
  }

  private mutating func set(_ leaf: Int, _ value: Double, _ branch: Branch) {
    values[leaf] = value
    guard !relevant.isEmpty else { return }
    relevant[leaf] = branch.relevant
    expected[leaf] = branch.expected
  }
}
