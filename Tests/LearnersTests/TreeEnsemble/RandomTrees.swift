import Learners
import Linalg

/// Trees without a meaning: random splits on the features of `kinds`, for tests of what walks and stores them.
enum RandomTrees {
  /// - Parameter grid: thresholds are multiples of its inverse; nil for any number.
  static func ensemble(
    trees: Int, kinds: [FeatureKind], depth: Int, seed: UInt64, grid: Double? = nil
  ) -> TreeEnsemble {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.random-trees"))
    var ensemble = TreeEnsemble()
    for _ in 0..<trees {
      let root = subtree(kinds: kinds, depth: depth, grid: grid, &random)
      var nodes: [TreeNode] = []
      var sets: [UInt64] = []
      root.write(to: &nodes, &sets)
      ensemble.append(nodes: nodes, levelSets: sets)
    }
    return ensemble
  }

  /// Elements on [-1, 1) or codes, one in eight missing; codes go beyond the levels, as unknown ones do.
  static func rows(_ count: Int, kinds: [FeatureKind], seed: UInt64) -> Matrix<Double> {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.random-rows"))
    return Matrix(rows: count, columns: kinds.count) { _, column in
      guard random.uniform(below: 8) > 0 else { return .nan }
      guard case .categorical(let levels) = kinds[column] else { return 2 * random.uniform() - 1 }
      return Double(random.uniform(below: levels + 70))
    }
  }

  private static func subtree(
    kinds: [FeatureKind], depth: Int, grid: Double?, _ random: inout RandomStream
  ) -> Node {
    guard depth > 0 && random.uniform(below: 6) > 0 else { return .leaf(random.normal()) }
    let feature = random.uniform(below: kinds.count)
    let missingGoesLeft = random.uniform(below: 2) == 0
    var levels: [UInt64] = []
    if case .categorical(let count) = kinds[feature] {
      levels = (0..<(count + 63) / 64).map { _ in random.next() }
    }
    let drawn = 2 * random.uniform() - 1
    return .split(
      feature: feature, threshold: grid.map { ($0 * drawn).rounded() / $0 } ?? drawn, levels: levels,
      missingGoesLeft: missingGoesLeft, left: subtree(kinds: kinds, depth: depth - 1, grid: grid, &random),
      right: subtree(kinds: kinds, depth: depth - 1, grid: grid, &random))
  }

  /// Rows with all that a number can be: multiples of 1 / grid, both zeros, infinities, missing, the ends of the range.
  static func oddRows(_ count: Int, columns: Int, grid: Double, seed: UInt64) -> Matrix<Double> {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.random-odd-rows"))
    let odd: [Double] = [
      .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -0.5, 2.5, 1e18,
    ]
    return Matrix(rows: count, columns: columns) { _, _ in
      guard random.uniform(below: 3) > 0 else { return odd[random.uniform(below: odd.count)] }
      return ((2 * random.uniform() - 1) * grid).rounded() / grid
    }
  }

  private indirect enum Node {
    case leaf(Double)
    case split(
      feature: Int, threshold: Double, levels: [UInt64], missingGoesLeft: Bool, left: Node, right: Node)

    func write(to nodes: inout [TreeNode], _ sets: inout [UInt64]) {
      switch self {
      case .leaf(let value): nodes.append(.leaf(value))
      case .split(let feature, let threshold, let levels, let missingGoesLeft, let left, let right):
        let index = nodes.count
        if levels.isEmpty {
          nodes.append(.numeric(feature: feature, threshold: threshold, missingGoesLeft: missingGoesLeft))
        } else {
          let words = sets.count..<sets.count + levels.count
          nodes.append(.categorical(feature: feature, words: words, missingGoesLeft: missingGoesLeft))
          sets += levels
        }
        left.write(to: &nodes, &sets)
        nodes[index].right = UInt32(nodes.count)
        right.write(to: &nodes, &sets)
      }
    }
  }
}
