internal import CKernels

/// What a split may and may not be.
internal struct SplitRules: Sendable {
  let minSamplesLeaf: Int
  let minSplitGain: Double
  let l2: Double
  let categorySmoothing: Double
  let categoryL2: Double
  /// Nil for most models: then nothing of them is looked at.
  let constraints: SplitConstraints?
}

/// A split of a node in two.
internal struct Split: Sendable {
  /// The loss it saves, to second order.
  var gain: Double
  /// Index among the binned features.
  var feature: Int
  /// The last bin on the left of a numeric split.
  var lastBin = 0
  var missingGoesLeft: Bool
  /// Bins that go left at a split of categories, the missing one included where it does.
  var levels: [Int] = []
  var leftSum: WordSum

  /// For every code of the feature's columns 1 where it goes left, 0 where it does not: 256 entries a column.
  func sides(_ binning: Binning) -> [UInt8] {
    let bins = binning.features[feature]
    var sides = [UInt8](repeating: 0, count: 256 * binning.columns(of: feature).count)
    if bins.isCategorical {
      for level in levels {
        let place = bins.place(ofBin: level)
        sides[256 * place.column + place.code] = 1
      }
    } else {
      for bin in 0...lastBin { sides[bins.place(ofBin: bin).code] = 1 }
      sides[bins.place(ofBin: bins.missingBin).code] = missingGoesLeft ? 1 : 0
    }
    return sides
  }
}

/// A node's sums in fixed-point units, with what all candidates share.
///
/// A split into (Gl, Hl) and (Gr, Hr) saves ½ [Gl²/(Hl+λ) + Gr²/(Hr+λ) − G²/(H+λ)]. With a = Hl+λ, b = Hr+λ and
/// u = Gl − a G/(a+b) the bracket is u² (a+b)/(a b) + G²/(a+b) − G²/(H+λ): only u²/(a b) differs between the splits
/// of a node, and it does not suffer from cancellation.
internal struct NodeNumbers: Sendable {
  let sum: WordSum
  let count: Int
  let gradient: Double
  let hessian: Double
  let format: WordFormat

  init(_ sum: WordSum, format: WordFormat) {
    self.sum = sum
    self.format = format
    count = format.count(sum)
    gradient = format.gradient(sum)
    hessian = format.hessian(sum)
  }

  /// The loss saved, from the largest u²/(a b).
  func gain(score: Double, childL2: Double, l2: Double) -> Double {
    let both = hessian + 2 * childL2 * format.hessianScale
    let own = hessian + l2 * format.hessianScale
    let bracket = score * both + gradient * (gradient / both) - gradient * (gradient / own)
    return 0.5 * bracket * format.hessianScale / format.gradientScale / format.gradientScale
  }

  /// What the kernel needs to know, where splits pay the penalty `l2`.
  func kernel(_ rules: SplitRules, l2: Double) -> KernelsNode {
    let l2 = l2 * format.hessianScale
    let both = hessian + 2 * l2
    return KernelsNode(
      mean: gradient / both, both: both, l2: l2, rows: Int64(count), least_rows: Int64(rules.minSamplesLeaf),
      hessian: hessian, least_hessian: Double(sum.second >> 40), count_bits: Int64(format.countBits))
  }
}

/// The best by some of a node's features. Cuts are compared by their scores, and only the best of all becomes a split.
internal struct FoundSplits: Sendable {
  var cut: NumericCut?
  var split: Split?

  /// Adds what was found among further features, all of them higher.
  mutating func merge(_ other: FoundSplits) {
    if let cut = other.cut, cut.score > self.cut?.score ?? 0 { self.cut = cut }
    split = SplitFinder.better(split, other.split)
  }
}

/// Finds the best split of a node from its histogram.
///
/// Every feature is searched once, twice where the node has missing values (which then go either
/// way). Of equal splits the one of the lowest feature, then of the lowest bin is taken. Cost: see `cost`.
internal struct SplitFinder: Sendable {
  let binning: Binning
  let rules: SplitRules
  let width: Int

  /// Nanoseconds a feature, with the input that another thread has to fetch for it.
  static let cost = 200.0

  /// - Parameter histogram: of the node, all columns.
  /// - Parameter features: those that it may be split by, in ascending order.
  func best(_ features: ArraySlice<Int>, _ histogram: UnsafePointer<UInt64>, _ node: NodeNumbers) -> FoundSplits {
    let kernel = node.kernel(rules, l2: rules.l2)
    var found = FoundSplits()
    for feature in features {
      if binning.features[feature].isCategorical {
        let entries = unsafe histogram + binning.columns(of: feature).lowerBound * binning.spacing * width
        found.split = Self.better(found.split, unsafe bestCategorical(feature, entries, node))
      } else if let cut = unsafe bestCut(feature, histogram, kernel), cut.score > found.cut?.score ?? 0 {
        found.cut = cut
      }
    }
    return found
  }

  /// The best of what was found among all features of a node.
  func split(_ found: FoundSplits, _ node: NodeNumbers) -> Split? {
    guard let cut = found.cut, let split = split(cut, node) else { return found.split }
    guard let categorical = found.split else { return split }
    return categorical.feature < split.feature ? Self.better(categorical, split) : Self.better(split, categorical)
  }

  /// The better of two splits, the first being of lower features.
  static func better(_ first: Split?, _ second: Split?) -> Split? {
    guard let first, let second else { return first ?? second }
    return second.gain > first.gain ? second : first
  }

  /// The sum of the rows with a code.
  @inline(__always)
  func entry(_ entries: UnsafePointer<UInt64>, _ code: Int) -> WordSum {
    if width == 1 { return WordSum(first: unsafe entries[code]) }
    return unsafe WordSum(first: entries[2 &* code], second: entries[2 &* code &+ 1])
  }
}
