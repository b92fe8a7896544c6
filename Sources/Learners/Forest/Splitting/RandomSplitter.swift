internal import CKernels
internal import Linalg

/// The best of one random split a feature: a threshold uniform, on the scale of the feature, between the smallest and the
/// largest value that the node has, or a random cut of its levels.
///
/// Every row of a node is read twice, all its features together: once for the extremes, once for the sums on the left
/// of all thresholds; four times where none of the drawn features parts the node. Missing rows are tried on both sides.
internal struct RandomSplitter: NodeSplitter, ~Copyable {
  /// So many steps between the extremes are enough to draw from; fewer only where each has one value.
  private static var enoughSteps: Int { 16 }

  private let stepped: StepCodes
  private let minSamplesLeaf: Int
  private let draw: FeatureDraw
  private let purpose: RandomPurpose
  private let seed: UInt64
  /// By feature, with as many places as a coded row.
  private let words: Scratch<UInt32>
  private let enough: Scratch<UInt16>
  private let limits: Scratch<UInt16>
  private let weights: Scratch<Double>
  private let gains: Scratch<Double>
  /// The features of the node in the order in which they are compared.
  private let candidates: Scratch<UInt32>
  private let grouper: RowGrouping
  internal private(set) var leftLevels: [UInt64] = []

  internal init(
    _ stepped: StepCodes, state: borrowing GrowthState, minSamplesLeaf: Int, maxFeatures: Double,
    purpose: RandomPurpose, seed: UInt64
  ) {
    self.stepped = stepped
    self.minSamplesLeaf = minSamplesLeaf
    self.purpose = purpose
    self.seed = seed
    draw = FeatureDraw(featureCount: state.data.featureCount, fraction: maxFeatures)
    let width = stepped.rows.stride
    words = Scratch(count: width, repeating: 0)
    enough = Scratch(count: width, repeating: 0)
    limits = Scratch(count: width)
    weights = Scratch(count: width)
    gains = Scratch(count: width)
    candidates = Scratch(count: state.data.featureCount)
    for (feature, kind) in state.data.kinds.enumerated() {
      if case .categorical = kind {
        enough[feature] = .max
      } else if !stepped.columns[feature].hasOneValueAStep {
        enough[feature] = UInt16(Self.enoughSteps)
      }
    }
    let widest = state.data.kinds.reduce(0) { if case .categorical(let levels) = $1 { max($0, levels) } else { $0 } }
    grouper = RowGrouping(rowCount: widest > 0 ? state.rows.count : 0, levels: widest)
  }

  internal mutating func split(_ node: GrowingNode, of state: borrowing GrowthState) -> NodeSplit? {
    if node.rows.count == 2, let split = splitPair(node, of: state) { return split }
    var random = RandomStream(seed: seed, purpose: purpose, index: node.key)
    draw.begin(&random)
    cut(0..<draw.count, node, of: state, &random)
    if let split = best(of: 0..<draw.count, node, of: state) { return split }
    guard draw.count < draw.featureCount else { return nil }
    cut(draw.count..<draw.featureCount, node, of: state, &random)
    for place in draw.count..<draw.featureCount {
      if let split = best(of: place..<place + 1, node, of: state) { return split }
    }
    return nil
  }

  /// Cuts the features in these places of the order at random.
  private func cut(
    _ places: Range<Int>, _ node: GrowingNode, of state: borrowing GrowthState, _ random: inout RandomStream
  ) {
    for place in places {
      let feature = draw.feature(at: place, &random)
      unsafe candidates.pointer[place] = UInt32(feature)
      unsafe words.pointer[feature] = random.nextWord()
    }
    unsafe state.withRows(of: node, least: minSamplesLeaf) { rows in
      let cuts = unsafe KernelsRandomCuts(
        words: words.pointer, enough: enough.pointer, limits: limits.pointer, weights: weights.pointer,
        gains: gains.pointer)
      unsafe withUnsafePointer(to: cuts) {
        unsafe kernels_cut_at_random($0, stepped.rows.view, rows, stepped.rows.stride)
      }
    }
  }

  /// The best of the cuts that the kernel found and of those that it left.
  private mutating func best(of places: Range<Int>, _ node: GrowingNode, of state: borrowing GrowthState) -> NodeSplit?
  {
    var gain = -1.0
    var chosen: Int?
    var other: NodeSplit?
    for place in places {
      let feature = unsafe Int(candidates.pointer[place])
      let found = unsafe gains.pointer[feature]
      if found == kernels_cut_by_values {
        guard let split = cutByValues(feature, node, of: state, above: gain) else { continue }
        (gain, other) = (split.gain, split)
      } else if found > gain, unsafe hasRoom(feature, limits.pointer[feature], node, of: state) {
        (gain, chosen, other) = (found, feature, nil)
      }
    }
    guard other == nil, let chosen else { return other }
    let (limit, weight) = unsafe (limits.pointer[chosen], weights.pointer[chosen])
    return unsafe NodeSplit(
      feature: chosen, gain: gain, threshold: stepped.columns.pointer[chosen].threshold(upTo: limit),
      rule: .codes(last: UInt32(limit)), missingGoesLeft: weight >= node.weight - weight)
  }

  private mutating func cutByValues(
    _ feature: Int, _ node: GrowingNode, of state: borrowing GrowthState, above bar: Double
  ) -> NodeSplit? {
    let word = unsafe words.pointer[feature]
    if case .categorical(let levels) = state.data.kinds[feature] {
      return cutLevels(feature, levels, word, node, of: state, above: bar)
    }
    return cutValues(feature, word, node, of: state, above: bar)
  }

  /// A code from low up to, but without, high.
  private static func draw(_ low: UInt16, _ high: UInt16, _ word: UInt32) -> UInt16 {
    low + UInt16(truncatingIfNeeded: (UInt64(word) * UInt64(high - low)) >> 32)
  }

  /// Two rows can only be parted, by whichever feature first tells them apart: all gain the same. nil where that is
  /// left to the general search.
  private func splitPair(_ node: GrowingNode, of state: borrowing GrowthState) -> NodeSplit? {
    var random = RandomStream(seed: seed, purpose: purpose, index: node.key)
    draw.begin(&random)
    let codes = stepped.rows
    let (first, second) = unsafe (
      codes.codes.pointer + Int(state.rows.pointer[node.rows.lowerBound]) * codes.stride,
      codes.codes.pointer + Int(state.rows.pointer[node.rows.lowerBound + 1]) * codes.stride
    )
    for place in 0..<draw.featureCount {
      let feature = draw.feature(at: place, &random)
      let (one, other) = unsafe (first[feature], second[feature])
      let (low, high) = (min(one, other), max(one, other))
      let column = unsafe stepped.columns.pointer[feature]
      if UInt32(high) == RowCodes.missing || (Int(high - low) < Self.enoughSteps && !column.hasOneValueAStep) {
        return nil
      }
      if low == high { continue }
      if case .categorical = state.data.kinds[feature] { return nil }
      let left = unsafe state.centred.pointer[node.rows.lowerBound + (one < other ? 0 : 1)]
      let rest = node.weight - left.weight
      let limit = Self.draw(low, high, random.nextWord())
      return NodeSplit(
        feature: feature, gain: left.value * left.value / (left.weight * rest),
        threshold: column.threshold(upTo: limit),
        rule: .codes(last: UInt32(limit)), missingGoesLeft: left.weight >= rest)
    }
    return nil
  }

  /// Whether both sides keep `minSamplesLeaf` rows.
  private func hasRoom(_ feature: Int, _ limit: UInt16, _ node: GrowingNode, of state: borrowing GrowthState) -> Bool {
    guard minSamplesLeaf > 1 else { return true }
    let column = unsafe stepped.rows.codes.pointer + feature
    let rows = unsafe state.rows.pointer
    let left = node.rows.count { unsafe column[Int(rows[$0]) * stepped.rows.stride] <= limit }
    return left >= minSamplesLeaf && node.rows.count - left >= minSamplesLeaf
  }
}

// Features that are not cut by their steps: where values are missing, where the steps are too wide for the node, categories.
extension RandomSplitter {
  /// A random threshold between the extremes of the values themselves, with the missing rows on the better side; where
  /// the present values are all the same, they against the missing ones.
  private func cutValues(
    _ feature: Int, _ word: UInt32, _ node: GrowingNode, of state: borrowing GrowthState, above bar: Double
  ) -> NodeSplit? {
    let column = unsafe state.data.x.pointer + feature
    let stride = state.data.featureCount
    let rows = unsafe state.rows.pointer
    var (low, high) = (Double.infinity, -Double.infinity)
    for index in node.rows {
      let element = unsafe column[Int(rows[index]) * stride]
      low = element < low ? element : low
      high = element > high ? element : high
    }
    let share = Double(word) * 0x1p-32
    let threshold =
      low < high
      ? unsafe stepped.columns.pointer[feature].scale.between(low, high, share: share) : .greatestFiniteMagnitude
    var (left, right, missing) = (GroupSums(), GroupSums(), GroupSums())
    for index in node.rows {
      let element = unsafe column[Int(rows[index]) * stride]
      let target = unsafe state.centred.pointer[index]
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
    return NodeSplit(
      feature: feature, gain: cut.gain, threshold: threshold, rule: .values, missingGoesLeft: cut.missingGoesLeft)
  }

  /// The given cut with the missing rows on the side that gains more; nil where neither leaves room.
  private func bestSide(
    left: GroupSums, right: GroupSums, missing: GroupSums, _ node: GrowingNode
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
    _ feature: Int, _ levels: Int, _ word: UInt32, _ node: GrowingNode, of state: borrowing GrowthState,
    above bar: Double
  ) -> NodeSplit? {
    let column = unsafe state.data.x.pointer + feature
    let stride = state.data.featureCount
    let rows = unsafe UnsafeBufferPointer(start: state.rows.pointer + node.rows.lowerBound, count: node.rows.count)
    let (groupCount, missing) = unsafe grouper.group(
      rows, state.centred.pointer + node.rows.lowerBound, levels: levels
    ) { row in
      let element = unsafe column[row * stride]
      return element.isNaN ? UInt32(levels) : UInt32(element)
    }
    guard groupCount > (missing.count > 0 ? 0 : 1) else { return nil }
    let buffer = unsafe UnsafeMutableBufferPointer(start: grouper.groups.pointer, count: groupCount)
    let takesSets = LevelSet.isWorthwhile(levels: levels, rows: node.rows.count)
    if takesSets { unsafe GroupSums.sortByMean(buffer) }
    let cut = groupCount > 1 ? 1 + Int((UInt64(word) * UInt64(groupCount - 1)) >> 32) : 1
    var (left, right) = (GroupSums(), GroupSums())
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
      feature: feature, gain: side.gain, threshold: takesSets ? 0 : last, rule: takesSets ? .levels : .values,
      missingGoesLeft: side.missingGoesLeft)
  }
}
