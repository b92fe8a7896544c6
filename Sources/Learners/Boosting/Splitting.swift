internal import Linalg

/// What a split may and may not be.
internal struct SplitRules: Sendable {
  let minSamplesLeaf: Int
  let minSplitGain: Double
  let l2: Double
  let categorySmoothing: Double
  let categoryL2: Double
}

/// A split of a node in two.
internal struct Split: Sendable, Equatable {
  /// The loss it saves, to second order.
  var gain: Double
  /// Index among the binned features.
  var feature: Int
  /// Bins that go left, the missing one included where it does.
  var left: BinSet
  /// The last bin on the left of a numeric split.
  var lastBin: Int
  var missingGoesLeft: Bool
  var leftSum: WordSum
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
}

/// Finds the best split of a node from its histogram.
///
/// Every feature is scanned once in order of its bins, twice where the node has missing values (which then go either
/// way). Of equal splits the one of the lowest feature, then of the lowest bin is taken. Cost about 1.5 ns a bin.
internal struct SplitFinder: Sendable {
  let binning: Binning
  let layout: HistogramLayout
  let rules: SplitRules

  /// Nanoseconds a bin.
  private static let binCost = 1.5

  /// - Parameter pool: slot `slot` is the histogram of all features of the node, see `HistogramLayout`.
  /// - Parameter features: those that it may be split by.
  func best(_ pool: [UInt64], slot: Int, sum: WordSum, format: WordFormat, features: [Int]) -> Split? {
    let node = NodeNumbers(sum, format: format)
    guard node.count >= 2 * rules.minSamplesLeaf else { return nil }
    let start = slot * layout.words
    let parts = Self.binCost * Double(layout.entries) > 200_000 ? min(8, features.count) : 1
    let found = Parallel.map(parts) { part in
      unsafe pool.withUnsafeBufferPointer { pool -> Split? in
        let histogram = unsafe UnsafeBufferPointer(rebasing: pool[start..<start + layout.words])
        let share = features[part * features.count / parts..<(part + 1) * features.count / parts]
        return unsafe best(share, histogram, node)
      }
    }
    return found.reduce(nil, Self.better)
  }

  /// The better of two splits, the first being of lower features.
  private static func better(_ first: Split?, _ second: Split?) -> Split? {
    guard let first, let second else { return first ?? second }
    return second.gain > first.gain ? second : first
  }

  private func best(
    _ features: ArraySlice<Int>, _ histogram: UnsafeBufferPointer<UInt64>, _ node: NodeNumbers
  ) -> Split? {
    var scanner = NumericScanner(node: node, rules: rules, width: layout.width)
    var categorical: Split?
    for feature in features {
      let bins = binning.features[feature]
      let start = layout.offsets[feature] * layout.width
      let entries = unsafe UnsafeBufferPointer(rebasing: histogram[start..<start + (bins.count + 1) * layout.width])
      if bins.isCategorical {
        categorical = Self.better(categorical, unsafe bestCategorical(feature, entries, node))
      } else {
        unsafe scanner.scan(entries, feature: feature)
      }
    }
    guard let numeric = scanner.best(binning) else { return categorical }
    guard let categorical else { return numeric }
    return categorical.feature < numeric.feature ? Self.better(categorical, numeric) : Self.better(numeric, categorical)
  }

  /// The sum of a bin.
  @inline(__always)
  func entry(_ entries: UnsafeBufferPointer<UInt64>, _ bin: Int) -> WordSum {
    if layout.width == 1 { return WordSum(first: unsafe entries[bin]) }
    return unsafe WordSum(first: entries[2 &* bin], second: entries[2 &* bin &+ 1])
  }
}
