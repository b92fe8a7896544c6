internal import Linalg

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

/// w (y - mean) and w of a row.
internal struct CentredTarget: BitwiseCopyable {
  internal var residual: Double
  internal var weight: Double
}

/// The rows of one tree while it grows, in the order of its nodes.
internal struct GrowthState: ~Copyable {
  internal let data: GrowthRows
  /// The rows in the bag; those of a node lie together, in ascending order.
  internal let rows: Scratch<UInt32>
  /// By row of `data`.
  internal let centred: Scratch<CentredTarget>
  internal let goesLeft: Scratch<UInt8>
  internal let spare: Scratch<UInt32>

  /// - Parameter draws: how often each row is in the bag; nil: once.
  internal init(_ data: GrowthRows, draws: [UInt32]?) {
    self.data = data
    let inBag = (0..<UInt32(data.rowCount)).filter { (draws?[Int($0)] ?? 1) > 0 }
    rows = Scratch(inBag)
    centred = Scratch(count: data.rowCount, repeating: CentredTarget(residual: 0, weight: 0))
    goesLeft = Scratch(count: data.rowCount, repeating: 0)
    spare = Scratch(count: inBag.count, repeating: 0)
    for row in inBag {
      let row = Int(row)
      unsafe centred.pointer[row].weight = data.weights.pointer[row] * Double(draws?[row] ?? 1)
    }
  }

  /// Weight and mean target of the rows, and whether all targets are the same; centres their targets on the mean.
  internal func centre(_ range: Range<Int>) -> (weight: Double, mean: Double, isPure: Bool) {
    unsafe centre(range, rows.pointer, centred.pointer, data.targets.pointer)
  }

  @unsafe private func centre(
    _ range: Range<Int>, _ rows: UnsafePointer<UInt32>, _ centred: UnsafeMutablePointer<CentredTarget>,
    _ targets: UnsafePointer<Double>
  ) -> (weight: Double, mean: Double, isPure: Bool) {
    let first = unsafe targets[Int(rows[range.lowerBound])]
    var (lowest, highest, weight, sum) = (first, first, 0.0, 0.0)
    for index in range {
      let row = unsafe Int(rows[index])
      let target = unsafe targets[row]
      lowest = min(lowest, target)
      highest = max(highest, target)
      weight += unsafe centred[row].weight
      sum += unsafe centred[row].weight * target
    }
    guard lowest < highest else { return (weight, first, true) }
    let mean = min(max(sum / weight, lowest), highest)
    for index in range {
      let row = unsafe Int(rows[index])
      unsafe centred[row].residual = unsafe centred[row].weight * (targets[row] - mean)
    }
    return (weight, mean, false)
  }

  /// Sets `goesLeft` of the rows by the words of a tree's node, then moves those that go left to the front.
  /// Returns how many they are.
  internal func divide(_ range: Range<Int>, by split: NodeSplit, leftLevels: [UInt64]) -> Int {
    unsafe leftLevels.withUnsafeBufferPointer { levels in
      unsafe mark(range, split, rows.pointer, data.x.pointer + split.feature, levels)
    }
    return partition(rows, range)
  }

  @unsafe private func mark(
    _ range: Range<Int>, _ split: NodeSplit, _ rows: UnsafePointer<UInt32>, _ column: UnsafePointer<Double>,
    _ levels: UnsafeBufferPointer<UInt64>
  ) {
    let side = unsafe goesLeft.pointer
    let threshold = split.threshold ?? 0
    let isNumeric = split.threshold != nil
    for index in range {
      let row = unsafe Int(rows[index])
      let element = unsafe column[row * data.featureCount]
      let left: Bool
      if element.isNaN {
        left = split.missingGoesLeft
      } else if isNumeric {
        left = element <= threshold
      } else {
        let level = Int(element)
        left = unsafe levels[level / 64] >> UInt64(level % 64) & 1 == 1
      }
      unsafe side[row] = left ? 1 : 0
    }
  }

  /// Moves the rows of `range` in `list` that go left before those that do not, each in their order.
  @discardableResult
  internal func partition(_ list: borrowing Scratch<UInt32>, offset: Int = 0, _ range: Range<Int>) -> Int {
    let items = unsafe list.pointer + offset
    let side = unsafe goesLeft.pointer
    let right = unsafe spare.pointer
    var left = range.lowerBound
    var rightCount = 0
    for index in range {
      let row = unsafe items[index]
      let goes = unsafe Int(side[Int(row)])
      unsafe items[left] = row
      unsafe right[rightCount] = row
      left += goes
      rightCount += 1 - goes
    }
    unsafe (items + left).update(from: right, count: rightCount)
    return left - range.lowerBound
  }
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
