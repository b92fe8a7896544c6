/// Scans the histograms of numeric features for the best cut of one node between two bins.
///
/// Three short loops instead of a long one, without a branch that depends on data: running sums over the bins that are
/// in use, then the range of cuts that leave enough rows on both sides (counts only grow), then their scores
/// u²/(a b), see `NodeNumbers`.
internal struct NumericScanner {
  private let node: NodeNumbers
  private let rules: SplitRules
  private let width: Int
  private var cut: Cut?
  private var bestScore = 0.0

  // Of the bins in use, in their order: running sums, numbers of bins, and what a cut behind them scores.
  private var firsts = [UInt64](repeating: 0, count: capacity)
  private var seconds: [UInt64]
  private var bins = [UInt8](repeating: 0, count: capacity)
  private var scores = [Double](repeating: 0, count: capacity)

  private static let capacity = 256

  private struct Cut {
    let feature: Int
    let lastBin: Int
    let missingGoesLeft: Bool
    let left: WordSum
  }

  init(node: NodeNumbers, rules: SplitRules, width: Int) {
    self.node = node
    self.rules = rules
    self.width = width
    seconds = Array(repeating: 0, count: width == 1 ? 0 : Self.capacity)
  }

  /// Takes the feature's best cut where it is better than all before.
  ///
  /// - Parameter entries: the feature's histogram, the last bin being that of missing values.
  mutating func scan(_ entries: UnsafeBufferPointer<UInt64>, feature: Int) {
    let count = entries.count / width - 1
    let missing = unsafe WordSum(first: entries[count * width], second: width == 1 ? 0 : entries[count * width + 1])
    let hasMissing = node.format.count(missing) > 0
    unsafe scan(entries, count, feature, start: WordSum(), missingGoesLeft: hasMissing ? false : nil)
    if hasMissing { unsafe scan(entries, count, feature, start: missing, missingGoesLeft: true) }
  }

  /// - Parameter missingGoesLeft: nil where the node has no missing values: they then follow the larger child.
  private mutating func scan(
    _ entries: UnsafeBufferPointer<UInt64>, _ count: Int, _ feature: Int, start: WordSum, missingGoesLeft: Bool?
  ) {
    let used = unsafe sumBins(entries, count, start: start)
    let range = allowed(used)
    guard !range.isEmpty else { return }
    let largest = score(range)
    guard largest > bestScore, let best = scores[range].firstIndex(of: largest) else { return }
    bestScore = largest
    let left = WordSum(first: firsts[best], second: width == 1 ? 0 : seconds[best])
    // Half of the empty bins between the two sides go to either.
    let next = best + 1 < used ? Int(bins[best + 1]) : Int(bins[best]) + 1
    cut = Cut(
      feature: feature, lastBin: (Int(bins[best]) + next - 1) / 2,
      missingGoesLeft: missingGoesLeft ?? (2 * node.format.count(left) >= node.count), left: left)
  }

  /// Fills `firsts`, `seconds` and `bins`; returns the number of bins in use.
  private mutating func sumBins(_ entries: UnsafeBufferPointer<UInt64>, _ count: Int, start: WordSum) -> Int {
    precondition(count < Self.capacity && entries.count >= count * width, "NumericScanner: \(count) bins")
    let counts = (1 << node.format.countBits) &- 1 as UInt64
    var used = 0
    var first = start.first
    unsafe bins.withUnsafeMutableBufferPointer { bins in
      unsafe firsts.withUnsafeMutableBufferPointer { firsts in
        guard width == 2 else {
          for bin in 0..<count {
            let entry = unsafe entries[bin]
            first &+= entry
            unsafe firsts[used] = first
            unsafe bins[used] = UInt8(truncatingIfNeeded: bin)
            used &+= entry & counts == 0 ? 0 : 1
          }
          return
        }
        var second = start.second
        unsafe seconds.withUnsafeMutableBufferPointer { seconds in
          for bin in 0..<count {
            let entry = unsafe entries[2 &* bin]
            first &+= entry
            second &+= unsafe entries[2 &* bin &+ 1]
            unsafe firsts[used] = first
            unsafe seconds[used] = second
            unsafe bins[used] = UInt8(truncatingIfNeeded: bin)
            used &+= entry & counts == 0 ? 0 : 1
          }
        }
      }
    }
    return used
  }

  /// The cuts that leave `minSamplesLeaf` rows, and some second derivative, on both sides.
  private func allowed(_ used: Int) -> Range<Int> {
    func count(_ index: Int) -> Int { Int(firsts[index] & ((1 << node.format.countBits) &- 1)) }
    var low = 0
    var high = used
    while low < high && count(low) < rules.minSamplesLeaf { low += 1 }
    while low < high && node.count - count(high - 1) < rules.minSamplesLeaf { high -= 1 }
    guard width == 2 else { return low..<high }
    let least = node.sum.second >> 40
    while low < high && seconds[low] <= least { low += 1 }
    while low < high && node.sum.second &- seconds[high - 1] <= least { high -= 1 }
    return low..<high
  }

  /// Fills `scores` in `range`, which is not empty; returns the largest.
  private mutating func score(_ range: Range<Int>) -> Double {
    let l2 = rules.l2 * node.format.hessianScale
    let both = node.hessian + 2 * l2
    let mean = node.gradient / both
    let shift = Int64(node.format.countBits)
    let mask = width == 1 ? (1 << node.format.countBits) &- 1 : .max as UInt64
    let last = range.upperBound - 1
    var best = SIMD4<Double>()
    unsafe firsts.withUnsafeBufferPointer { firsts in
      unsafe (width == 1 ? self.firsts : seconds).withUnsafeBufferPointer { hessians in
        unsafe scores.withUnsafeMutableBufferPointer { scores in
          for start in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
            let indices = SIMD4(start, min(start &+ 1, last), min(start &+ 2, last), min(start &+ 3, last))
            var gradient = SIMD4<Double>()
            var a = SIMD4<Double>()
            for lane in 0..<4 {
              gradient[lane] = unsafe Double(Int64(bitPattern: firsts[indices[lane]]) >> shift)
              a[lane] = unsafe Double(Int64(bitPattern: hessians[indices[lane]] & mask))
            }
            a += l2
            let u = gradient - mean * a
            let score = u * u / (a * (both - a))
            best = best.replacing(with: score, where: score .> best)
            for lane in 0..<4 { unsafe scores[indices[lane]] = score[lane] }
          }
        }
      }
    }
    return best.max()
  }

  /// The best cut of all features as a split, if it saves enough.
  func best(_ binning: Binning) -> Split? {
    guard let cut else { return nil }
    let gain = node.gain(score: bestScore, childL2: rules.l2, l2: rules.l2)
    guard gain > rules.minSplitGain else { return nil }
    var left = BinSet(through: cut.lastBin)
    if cut.missingGoesLeft { left.insert(binning.features[cut.feature].missingBin) }
    return Split(
      gain: gain, feature: cut.feature, left: left, lastBin: cut.lastBin, missingGoesLeft: cut.missingGoesLeft,
      leftSum: cut.left)
  }
}
