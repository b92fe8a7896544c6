internal import CKernels

/// Sums over the rows of a node with one code of a feature.
internal struct GroupSums: BitwiseCopyable {
  /// Σ w (y - node mean).
  internal var residual = 0.0
  internal var weight = 0.0
  internal var code: UInt32 = 0
  internal var count: UInt32 = 0

  @inline(__always)
  internal mutating func add(_ target: GrowthTarget) {
    residual += target.value
    weight += target.weight
    count += 1
  }

  @inline(__always)
  internal mutating func add(_ other: GroupSums) {
    residual += other.residual
    weight += other.weight
    count += other.count
  }
}

/// The best cut of an ordered list of sums: `left` groups and perhaps the missing ones against the rest.
internal struct GroupCut {
  internal var gain = -1.0
  /// Groups 0 ..< left go left.
  internal var left = 0
  internal var missingGoesLeft = false
}

extension GroupCut {
  /// Tries all cuts between neighbours, each with the missing rows on either side, and the cut between all groups and
  /// the missing rows. nil where the limits allow none.
  ///
  /// With Σ residual = 0 over a node of weight W, a cut with sums r, w on the left takes r² / (w (W - w)) from the
  /// node's variance, Σ w (y - mean)² / W: there is no difference of large numbers in it.
  /// - Parameter total: count and weight of the node.
  @unsafe internal static func best(
    of groups: UnsafeBufferPointer<GroupSums>, missing: GroupSums, count: Int, weight: Double, minSamplesLeaf: Int
  ) -> GroupCut? {
    var best = GroupCut()
    var left = GroupSums()
    var bestLeftWeight = 0.0
    let hasMissing = missing.count > 0
    for index in groups.indices {
      unsafe left.add(groups[index])
      let isLast = index == groups.count - 1
      if isLast && !hasMissing { break }
      let gain = left.gain(nodeWeight: weight)
      if gain > best.gain && left.leaves(minSamplesLeaf, of: count) {
        best = GroupCut(gain: gain, left: index + 1, missingGoesLeft: false)
        bestLeftWeight = left.weight
      }
      if !hasMissing || isLast { continue }
      var joined = left
      joined.add(missing)
      let joinedGain = joined.gain(nodeWeight: weight)
      if joinedGain > best.gain && joined.leaves(minSamplesLeaf, of: count) {
        best = GroupCut(gain: joinedGain, left: index + 1, missingGoesLeft: true)
      }
    }
    guard best.left > 0 else { return nil }
    if !hasMissing { best.missingGoesLeft = bestLeftWeight >= weight - bestLeftWeight }
    return best
  }
}

extension GroupSums {
  /// By mean target, equal ones by code.
  @unsafe internal static func sortByMean(_ groups: UnsafeMutableBufferPointer<GroupSums>) {
    var groups = unsafe groups
    unsafe groups.sort { left, right in
      let (a, b) = (left.residual / left.weight, right.residual / right.weight)
      return a < b || (a == b && left.code < right.code)
    }
  }

  @inline(__always)
  internal func gain(nodeWeight: Double) -> Double {
    residual * residual / (weight * (nodeWeight - weight))
  }

  @inline(__always)
  internal func leaves(_ minSamplesLeaf: Int, of nodeCount: Int) -> Bool {
    Int(count) >= minSamplesLeaf && nodeCount - Int(count) >= minSamplesLeaf
  }
}

/// Which levels go left at a split, 64 a word; what the node has not seen goes the way of the missing.
internal enum LevelSet {
  /// Sets of levels cost memory at every split. Where a feature has more than 1,024 levels, nodes with few rows cut its
  /// levels in order of code instead, which costs none.
  internal static func isWorthwhile(levels: Int, rows: Int) -> Bool {
    levels <= 1024 || rows >= levels / 16
  }

  @unsafe internal static func left(
    _ cut: GroupCut, of groups: UnsafeBufferPointer<GroupSums>, levels: Int
  ) -> [UInt64] {
    var words = [UInt64](repeating: cut.missingGoesLeft ? .max : 0, count: (levels + 63) / 64)
    for index in groups.indices {
      let code = unsafe Int(groups[index].code)
      let bit: UInt64 = 1 << UInt64(code % 64)
      if index < cut.left { words[code / 64] |= bit } else { words[code / 64] &= ~bit }
    }
    return words
  }
}
