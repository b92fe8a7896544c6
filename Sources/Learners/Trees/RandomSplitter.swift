internal import Linalg

/// The best of one random split a feature: a threshold uniform, on the scale of the feature, between the smallest and the
/// largest value that the node has, or a random cut of its levels.
///
/// Every row of a node is read twice, all its features together: once for the extremes, once for the sums on the left
/// of all thresholds. Missing rows are tried on both sides.
internal struct RandomSplitter: NodeSplitter, ~Copyable {
  private let minSamplesLeaf: Int
  private var draw: FeatureDraw
  private let purpose: RandomPurpose
  private let seed: UInt64
  private let scales: Scratch<ThresholdScale>
  private let lowest: Scratch<Double>
  private let highest: Scratch<Double>
  private let thresholds: Scratch<Double>
  private let residuals: Scratch<Double>
  private let weights: Scratch<Double>
  private let grouper: CodeGrouper
  /// The features of the node in the order in which they are compared.
  private var candidates: [Int] = []
  internal private(set) var leftLevels: [UInt64] = []

  internal init(
    state: borrowing GrowthState, scales: [ThresholdScale], minSamplesLeaf: Int, maxFeatures: Double,
    purpose: RandomPurpose, seed: UInt64
  ) {
    let featureCount = state.data.featureCount
    self.minSamplesLeaf = minSamplesLeaf
    self.purpose = purpose
    self.seed = seed
    draw = FeatureDraw(featureCount: featureCount, fraction: maxFeatures)
    self.scales = Scratch(scales)
    lowest = Scratch(count: featureCount, repeating: 0)
    highest = Scratch(count: featureCount, repeating: 0)
    thresholds = Scratch(count: featureCount, repeating: 0)
    residuals = Scratch(count: featureCount, repeating: 0)
    weights = Scratch(count: featureCount, repeating: 0)
    let widest = state.data.kinds.reduce(0) { if case .categorical(let levels) = $1 { max($0, levels) } else { $0 } }
    grouper = CodeGrouper(rowCount: widest > 0 ? state.rows.count : 0, codeCount: widest)
  }

  internal mutating func divide(_ node: GrowingNode, leftCount: Int, of state: borrowing GrowthState) {}

  internal mutating func split(_ node: GrowingNode, of state: borrowing GrowthState) -> NodeSplit? {
    var random = RandomStream(seed: seed, purpose: purpose, index: node.key)
    draw.begin(&random)
    unsafe findExtremes(node, of: state)
    candidates.removeAll(keepingCapacity: true)
    unsafe thresholds.pointer.update(repeating: -.infinity, count: thresholds.count)
    for place in 0..<draw.count {
      let feature = draw.feature(at: place, &random)
      candidates.append(feature)
      unsafe thresholds.pointer[feature] = drawThreshold(feature, &random)
    }
    unsafe sumLeft(node, of: state)
    var best: NodeSplit?
    for feature in candidates { consider(feature, node, of: state, &random, &best) }
    for place in draw.count..<draw.featureCount where best == nil {
      let feature = draw.feature(at: place, &random)
      unsafe thresholds.pointer[feature] = drawThreshold(feature, &random)
      unsafe sumLeft(node, of: state)
      consider(feature, node, of: state, &random, &best)
    }
    return best
  }

  /// Random on [lowest, highest); -∞ for a feature that is constant in the node.
  private func drawThreshold(_ feature: Int, _ random: inout RandomStream) -> Double {
    let (low, high) = unsafe (lowest.pointer[feature], highest.pointer[feature])
    guard low < high else { return -.infinity }
    return unsafe scales.pointer[feature].between(low, high, share: Double(random.nextWord()) * 0x1p-32)
  }

  private mutating func consider(
    _ feature: Int, _ node: GrowingNode, of state: borrowing GrowthState, _ random: inout RandomStream,
    _ best: inout NodeSplit?
  ) {
    let bar = best?.gain ?? -1
    if case .categorical(let levels) = state.data.kinds[feature] {
      if let found = cutLevels(feature, levels, node, of: state, &random, above: bar) { best = found }
    } else if state.data.hasMissing[feature] {
      if let found = cutWithMissing(feature, node, of: state, above: bar) { best = found }
    } else {
      let threshold = unsafe thresholds.pointer[feature]
      guard threshold > -.infinity else { return }
      let (residual, weight) = unsafe (residuals.pointer[feature], weights.pointer[feature])
      let gain = residual * residual / (weight * (node.weight - weight))
      guard gain > bar, hasRoom(feature, threshold, node, of: state) else { return }
      best = NodeSplit(
        feature: feature, gain: gain, threshold: threshold, missingGoesLeft: weight >= node.weight - weight)
    }
  }
}

// The passes over the rows of a node.
extension RandomSplitter {
  /// The smallest and the largest present value of every feature: what is NaN never compares.
  @unsafe private func findExtremes(_ node: GrowingNode, of state: borrowing GrowthState) {
    let featureCount = state.data.featureCount
    let (lowest, highest) = unsafe (lowest.pointer, highest.pointer)
    unsafe lowest.update(repeating: .infinity, count: featureCount)
    unsafe highest.update(repeating: -.infinity, count: featureCount)
    for index in node.rows {
      let elements = unsafe state.data.x.pointer + Int(state.rows.pointer[index]) * featureCount
      for feature in 0..<featureCount {
        let element = unsafe elements[feature]
        unsafe lowest[feature] = element < lowest[feature] ? element : lowest[feature]
        unsafe highest[feature] = element > highest[feature] ? element : highest[feature]
      }
    }
  }

  /// For every feature, the sums over the rows that are not above its threshold.
  @unsafe private func sumLeft(_ node: GrowingNode, of state: borrowing GrowthState) {
    let featureCount = state.data.featureCount
    let (residuals, weights, thresholds) = unsafe (residuals.pointer, weights.pointer, thresholds.pointer)
    unsafe residuals.update(repeating: 0, count: featureCount)
    unsafe weights.update(repeating: 0, count: featureCount)
    for index in node.rows {
      let row = unsafe Int(state.rows.pointer[index])
      let elements = unsafe state.data.x.pointer + row * featureCount
      let target = unsafe state.centred.pointer[row]
      for feature in 0..<featureCount {
        let isLeft = unsafe elements[feature] <= thresholds[feature]
        unsafe residuals[feature] += isLeft ? target.residual : 0
        unsafe weights[feature] += isLeft ? target.weight : 0
      }
    }
  }

  /// Whether both sides keep `minSamplesLeaf` rows.
  private func hasRoom(
    _ feature: Int, _ threshold: Double, _ node: GrowingNode, of state: borrowing GrowthState
  ) -> Bool {
    guard minSamplesLeaf > 1 else { return true }
    let column = unsafe state.data.x.pointer + feature
    let rows = unsafe state.rows.pointer
    let left = node.rows.count { unsafe column[Int(rows[$0]) * state.data.featureCount] <= threshold }
    return left >= minSamplesLeaf && node.rows.count - left >= minSamplesLeaf
  }

  /// The random threshold with the missing rows on the better side; where the present values are all the same, they
  /// against the missing ones.
  private func cutWithMissing(
    _ feature: Int, _ node: GrowingNode, of state: borrowing GrowthState, above bar: Double
  ) -> NodeSplit? {
    let drawn = unsafe thresholds.pointer[feature]
    let threshold = drawn > -.infinity ? drawn : .greatestFiniteMagnitude
    var (left, right, missing) = (LevelSums(), LevelSums(), LevelSums())
    for index in node.rows {
      let row = unsafe Int(state.rows.pointer[index])
      let element = unsafe state.data.x.pointer[row * state.data.featureCount + feature]
      let target = unsafe state.centred.pointer[row]
      if element.isNaN {
        missing.add(target)
      } else if element <= threshold {
        left.add(target)
      } else {
        right.add(target)
      }
    }
    guard left.count > 0, right.count + missing.count > 0 else { return nil }
    guard let cut = bestSide(left: left, right: right, missing: missing, node), cut.gain > bar else { return nil }
    return NodeSplit(feature: feature, gain: cut.gain, threshold: threshold, missingGoesLeft: cut.missingGoesLeft)
  }

  /// The given cut with the missing rows on the side that gains more; nil where neither leaves room.
  private func bestSide(
    left: LevelSums, right: LevelSums, missing: LevelSums, _ node: GrowingNode
  ) -> (gain: Double, missingGoesLeft: Bool)? {
    let count = node.rows.count
    var best: (gain: Double, missingGoesLeft: Bool)?
    if left.leaves(minSamplesLeaf, of: count) {
      best = (left.gain(nodeWeight: node.weight), missing.count == 0 && left.weight >= node.weight - left.weight)
    }
    guard missing.count > 0, right.count > 0 else { return best }
    var joined = left
    joined.add(missing)
    let gain = joined.gain(nodeWeight: node.weight)
    if joined.leaves(minSamplesLeaf, of: count), gain > best?.gain ?? -1 { best = (gain, true) }
    return best
  }

  /// A random cut of the levels in order of their mean target.
  private mutating func cutLevels(
    _ feature: Int, _ levels: Int, _ node: GrowingNode, of state: borrowing GrowthState, _ random: inout RandomStream,
    above bar: Double
  ) -> NodeSplit? {
    let column = unsafe state.data.x.pointer + feature
    let stride = state.data.featureCount
    let rows = unsafe UnsafeBufferPointer(
      start: state.rows.pointer + node.rows.lowerBound, count: node.rows.count)
    let (groupCount, missing) = unsafe grouper.group(
      rows, codeCount: levels, hasTable: true, targets: state.centred.pointer
    ) { row in
      let element = unsafe column[row * stride]
      return element.isNaN ? UInt32(levels) : UInt32(element)
    }
    guard groupCount > (missing.count > 0 ? 0 : 1) else { return nil }
    let buffer = unsafe UnsafeMutableBufferPointer(start: grouper.groups.pointer, count: groupCount)
    let takesSets = LevelSet.isWorthwhile(levels: levels, rows: node.rows.count)
    if takesSets { unsafe LevelSums.sortByMean(buffer) }
    let cut = groupCount > 1 ? 1 + random.uniform(below: groupCount - 1) : 1
    var (left, right) = (LevelSums(), LevelSums())
    for index in 0..<groupCount {
      if index < cut { unsafe left.add(buffer[index]) } else { unsafe right.add(buffer[index]) }
    }
    guard let side = bestSide(left: left, right: right, missing: missing, node), side.gain > bar else { return nil }
    let last = unsafe Double(buffer[cut - 1].code)
    if takesSets {
      let chosen = GroupCut(gain: side.gain, left: cut, missingGoesLeft: side.missingGoesLeft)
      unsafe leftLevels = LevelSet.left(chosen, of: UnsafeBufferPointer(buffer), levels: levels)
    }
    return NodeSplit(
      feature: feature, gain: side.gain, threshold: takesSets ? nil : last, missingGoesLeft: side.missingGoesLeft)
  }
}
