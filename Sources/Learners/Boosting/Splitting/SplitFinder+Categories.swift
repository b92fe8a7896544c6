internal import CKernels

extension SplitFinder {
  /// The best split of a categorical feature's levels into two sets.
  ///
  /// Levels, missing being one of them, are sorted by their mean gradient; an optimal split is then a cut of that order
  /// (Fisher, JASA 53, 1958, doi:10.1080/01621459.1958.10501479). The best of many sets is a lucky one, hence three
  /// cautions: levels with fewer rows in the node than `categorySmoothing`, and than a hundredth of the node's, stay together; means are pulled to the node's
  /// mean as if so many rows more had it; and both sides pay `categoryL2` unless there are only two levels.
  /// Cost: about 10 ns a level.
  ///
  /// - Parameter entries: the feature's histogram, all its columns.
  /// - Parameter limits: of the node's steps, if it has any.
  internal func bestCategorical(
    _ feature: Int, _ entries: UnsafePointer<UInt64>, _ node: NodeNumbers, limits: NodeLimits? = nil
  ) -> Split? {
    let bins = binning.features[feature]
    let levels = unsafe LevelOrder(
      bins: bins.count, entries, node, spacing: binning.spacing, width: width, smoothing: rules.categorySmoothing)
    guard levels.count >= 2 else { return nil }
    let l2 = rules.l2 + (levels.count > 2 ? rules.categoryL2 : 0)
    let found: (last: Int, leftSum: WordSum, gain: Double)?
    if let limits {
      found = boundedScan(
        levels.count, start: WordSum(), node, limits, direction: 0, childL2: l2, sum: levels.sum)
    } else {
      var kernel = node.kernel(rules, l2: l2)
      let cut = unsafe kernels_best_cut(levels.sums, levels.count, width, &kernel)
      found =
        cut.score > 0
        ? (
          Int(cut.last), WordSum(first: cut.left.0, second: cut.left.1),
          node.gain(score: cut.score, childL2: l2, l2: rules.l2)
        ) : nil
    }
    guard let (last, leftSum, gain) = found, gain > rules.minSplitGain else { return nil }
    let isLarger = 2 * node.format.count(leftSum) >= node.count
    let left = levels.bins(through: last, missingBin: bins.missingBin, isLarger: isLarger)
    return Split(
      gain: gain, feature: feature, missingGoesLeft: left.contains(bins.missingBin), levels: left, leftSum: leftSum)
  }
}

/// The levels of a categorical feature in a node, in the order of their means.
internal struct LevelOrder {
  /// Levels, all rare ones together being one.
  let count: Int
  /// One word or two a level, in the order that the kernel takes.
  private(set) var sums: [UInt64]
  /// For each level its bin in the lower half; `rareBin` for the rare ones.
  private var keys: [UInt64] = []
  private var rare: [Int] = []
  private var absent: [Int] = []
  private let rareBin: Int
  private let width: Int

  /// - Parameter bins: of the feature, that of missing values not counted.
  /// - Parameter entries: the feature's histogram, all its columns, `spacing` entries apart.
  init(
    bins: Int, _ entries: UnsafePointer<UInt64>, _ node: NodeNumbers, spacing: Int, width: Int, smoothing least: Double
  ) {
    self.width = width
    rareBin = bins + 1
    let format = node.format
    let smoothing = least * format.hessianScale
    let pull = smoothing * node.gradient / node.hessian
    let unit = format.hessianScale / format.gradientScale
    func key(_ sum: WordSum, _ bin: Int) -> UInt64 {
      let mean = (format.gradient(sum) + pull) / (format.hessian(sum) + smoothing)
      return UInt64(Self.ordered(Float(mean * unit))) << 32 | UInt64(bin)
    }
    // A hundredth: where a few dozen levels share few rows, all of them would be rare.
    let rareRows = min(least, Double(node.count) / 100)
    var rareSum = WordSum()
    var sumOfBin = [WordSum](repeating: WordSum(), count: bins + 2)
    for bin in 0...bins {
      let place = FeatureBins.place(ofLevelBin: bin, of: bins)
      let entry = (place.column &* spacing &+ place.code) &* width
      let sum = WordSum(first: unsafe entries[entry], second: width == 1 ? 0 : unsafe entries[entry &+ 1])
      let rows = format.count(sum)
      if rows == 0 {
        absent.append(bin)
      } else if Double(rows) < rareRows && bin < bins {
        rare.append(bin)
        rareSum = rareSum + sum
      } else {
        sumOfBin[bin] = sum
        keys.append(key(sum, bin))
      }
    }
    if !rare.isEmpty {
      sumOfBin[rareBin] = rareSum
      keys.append(key(rareSum, rareBin))
    }
    count = keys.count
    sums = Array(repeating: 0, count: (count / 8 + 1) * 8 * width)
    var spare = keys
    unsafe kernels_sort_by_upper_half(&keys, &spare, count)
    for (place, key) in keys.enumerated() {
      let sum = sumOfBin[Int(key & 0xFFFF_FFFF)]
      let entry = kernels_place_of_bin(place, count) * width
      sums[entry] = sum.first
      if width == 2 { sums[entry + 1] = sum.second }
    }
  }

  func sum(_ place: Int) -> WordSum {
    let entry = kernels_place_of_bin(place, count) * width
    return WordSum(first: sums[entry], second: width == 1 ? 0 : sums[entry + 1])
  }

  /// The bins of the levels up to a place. Those that the node does not have go with the rare ones; missing values,
  /// where it has none, with the larger child.
  func bins(through last: Int, missingBin: Int, isLarger: Bool) -> [Int] {
    var bins = keys[...last].map { Int($0 & 0xFFFF_FFFF) }
    if let place = bins.firstIndex(of: rareBin) {
      bins.remove(at: place)
      bins += rare
      bins += absent.filter { $0 != missingBin }
    }
    if isLarger && absent.last == missingBin { bins.append(missingBin) }
    return bins
  }

  /// Integers in the order of the numbers.
  private static func ordered(_ number: Float) -> UInt32 {
    let bits = number.bitPattern
    return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
  }
}
