internal import CKernels
internal import Linalg

/// How the values of one feature are cut into bins, and one more for what is missing.
///
/// Bins `0 ..< count` hold values; bin `count` holds missing ones. Cuts are real numbers, so a tree grown on bins
/// is a tree on the values themselves. Up to 256 bins have one column of bytes; of categories there may be more, in several
/// columns of which one holds the row's bin.
package struct FeatureBins: Sendable, Equatable {
  package enum Cuts: Sendable, Equatable {
    /// Bin b holds edges[b - 1] < x ≤ edges[b]; the last bin has no upper edge.
    case numeric(edges: [Double])
    /// The bin of each level. Rare levels may share the last one; levels that were not seen are in the missing bin.
    case categorical(binOfLevel: [UInt16])
  }

  /// The feature's column in the training set.
  package let column: Int
  package let cuts: Cuts
  /// Bins that hold values.
  package let count: Int

  package var missingBin: Int { count }
  package var isCategorical: Bool { if case .categorical = cuts { true } else { false } }

  /// In a column of several, the code of rows whose bin is in another one.
  package static let elsewhere = 255
  package var columnCount: Int { count < 256 ? 1 : (count + Self.elsewhere) / Self.elsewhere }

  /// Where a bin is found: which of the feature's columns, and what is written there.
  @inline(__always)
  package func place(ofBin bin: Int) -> (column: Int, code: Int) {
    isCategorical ? Self.place(ofLevelBin: bin, of: count) : (0, Self.code(ofNumberBin: bin, of: count))
  }

  /// What is written for a bin of a number: not its index, for the sake of the search for cuts.
  /// - Parameter count: bins that hold values.
  @inline(__always)
  package static func code(ofNumberBin bin: Int, of count: Int) -> Int { kernels_place_of_bin(bin, count) }

  /// Where a bin of a category is found.
  @inline(__always)
  package static func place(ofLevelBin bin: Int, of count: Int) -> (column: Int, code: Int) {
    count < 256 ? (0, bin) : (bin / elsewhere, bin % elsewhere)
  }

  /// The bin of an element; NaN is missing.
  package func bin(of element: Double) -> Int {
    if element.isNaN { return missingBin }
    switch cuts {
    case .numeric(let edges):
      guard count > 0 else { return missingBin }
      var (low, high) = (0, edges.count)
      while low < high {
        let middle = (low + high) / 2
        if edges[middle] < element { low = middle + 1 } else { high = middle }
      }
      return low
    case .categorical(let binOfLevel):
      return Int(binOfLevel[Int(element)])
    }
  }
}

extension FeatureBins {
  /// Cuts a numeric feature at weighted quantiles of its distinct values: halfway between neighbours, so that the
  /// bins are exact where the distinct values are no more than `maxBins`.
  ///
  /// A value that alone weighs as much as an average bin gets a bin of its own; the rest is shared out evenly.
  /// - Parameter values: in ascending order, none missing.
  /// - Parameter weights: one a value; nil means that all weigh 1.
  package init(column: Int, sortedValues values: [Double], weights: [Double]?, maxBins: Int) {
    let (distinct, masses) = Self.distinct(values, weights: weights)
    let edges = Self.lastOfBins(masses, maxBins: maxBins).map {
      UnitFree.threshold(between: distinct[$0], and: distinct[$0 + 1])
    }
    self.column = column
    cuts = .numeric(edges: edges)
    count = distinct.isEmpty ? 0 : edges.count + 1
  }

  /// Gives each level that occurs a bin, or where there are too many the heaviest ones, and the rest one in common.
  /// - Parameter masses: total weight of each level.
  /// - Parameter maxBins: no more than 65,535.
  package init(column: Int, levelMasses masses: [Double], maxBins: Int) {
    let present = masses.indices.filter { masses[$0] > 0 }
    let heaviest = present.sorted { (masses[$1], $0) < (masses[$0], $1) }
    let own = present.count <= maxBins ? present : heaviest.prefix(maxBins - 1).sorted()
    count = own.count + (own.count < present.count ? 1 : 0)
    var binOfLevel = [UInt16](repeating: UInt16(count), count: masses.count)
    for level in present { binOfLevel[level] = UInt16(own.count) }
    for (bin, level) in own.enumerated() { binOfLevel[level] = UInt16(bin) }
    self.column = column
    cuts = .categorical(binOfLevel: binOfLevel)
  }

  private static func distinct(_ values: [Double], weights: [Double]?) -> (values: [Double], masses: [Double]) {
    var distinct: [Double] = []
    var masses: [Double] = []
    for (index, value) in values.enumerated() {
      let weight = weights?[index] ?? 1
      if distinct.last == value {
        masses[masses.count - 1] += weight
      } else {
        distinct.append(value)
        masses.append(weight)
      }
    }
    return (distinct, masses)
  }

  /// The index of the last distinct value of each bin but the last bin.
  private static func lastOfBins(_ masses: [Double], maxBins: Int) -> [Int] {
    guard masses.count > maxBins else { return Array(masses.indices.dropLast()) }
    var left = masses.reduce(0, +)
    var bins = maxBins
    let heavy = left / Double(maxBins)
    var mass = 0.0
    var cuts: [Int] = []
    for index in 0..<masses.count - 1 where bins > 1 {
      mass += masses[index]
      let target = left / Double(bins)
      let next = masses[index + 1]
      // Close the bin where stopping here misses the target by less than going on, and before a heavy value.
      guard mass + next / 2 >= target || next >= heavy || masses[index] >= heavy else { continue }
      cuts.append(index)
      left -= mass
      bins -= 1
      mass = 0
    }
    return cuts
  }
}
