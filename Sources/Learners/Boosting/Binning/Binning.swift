internal import Linalg

/// The bins of all features of a training set that have more than one bin in use: the others cannot split anything.
package struct Binning: Sendable, Equatable {
  package let features: [FeatureBins]
  /// The first column of each feature, and one more: that behind the last.
  private let firstColumns: [Int]
  /// A power of two, at least 8, that no column has more codes than.
  package let spacing: Int

  /// Levels of a category that have bins of their own: eight columns.
  package static let mostLevels = 8 * FeatureBins.elsewhere - 1
  /// Rows that the cuts are learned from where there are more: quantiles of 2¹⁶ random rows are off by 0.2 % of them.
  private static let sampleSize = 1 << 16

  /// - Parameter rows: the rows to learn from, in ascending order.
  /// - Parameter maxBins: 2 ... 255; at 255 categories have up to `mostLevels` of them.
  package init(learningFrom training: TrainingSet, rows: [UInt32], maxBins: Int, seed: UInt64) {
    precondition((2...255).contains(maxBins), "Binning: \(maxBins) bins")
    let sample = Self.sample(rows, seed: seed)
    let columns = training.x.columns
    // Sorting costs about 30 ns a value: one part a column, or one part in all where that is not worth a thread.
    let parts = Double(sample.count * columns) * 30 > 200_000 ? columns : 1
    let learned = Parallel.map(parts) { part in
      (part * columns / parts..<(part + 1) * columns / parts).map { column in
        Self.learn(column, of: training, sample: sample, rows: rows, maxBins: maxBins)
      }
    }
    features = learned.joined().compactMap { $0 }
    firstColumns = features.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.columnCount) }
    let codes = features.map { $0.columnCount == 1 ? $0.count + 1 : 256 }.max() ?? 1
    spacing = max(8, 1 << (Int.bitWidth - (codes - 1).leadingZeroBitCount))
  }

  package var columnCount: Int { firstColumns[features.count] }

  @inline(__always)
  package func columns(of feature: Int) -> Range<Int> { firstColumns[feature]..<firstColumns[feature + 1] }

  private static func sample(_ rows: [UInt32], seed: UInt64) -> [UInt32] {
    guard rows.count > sampleSize else { return rows }
    var random = RandomStream(seed: seed, purpose: RandomPurpose("binning.sample"))
    var needed = sampleSize
    var sample: [UInt32] = []
    sample.reserveCapacity(needed)
    for (index, row) in rows.enumerated() where random.uniform(below: rows.count - index) < needed {
      sample.append(row)
      needed -= 1
    }
    return sample
  }

  /// The bins of one feature; nil where all rows are in one bin.
  private static func learn(
    _ column: Int, of training: TrainingSet, sample: [UInt32], rows: [UInt32], maxBins: Int
  ) -> FeatureBins? {
    let bins: FeatureBins
    let hasMissing: Bool
    switch training.kinds[column] {
    case .numeric:
      let elements = elements(column, of: training.x, rows: sample)
      let present = elements.indices.filter { !elements[$0].isNaN }
      hasMissing = present.count < sample.count
      bins = numeric(
        column, values: hasMissing ? present.map { elements[$0] } : elements,
        weights: training.weights.map { weights in present.map { weights[Int(sample[$0])] } }, maxBins: maxBins)
    case .categorical(let levels):
      var masses = [Double](repeating: 0, count: levels)
      var missing = 0
      for row in rows {
        let element = training.x[Int(row), column]
        if element.isNaN { missing += 1 } else { masses[Int(element)] += training.weights?[Int(row)] ?? 1 }
      }
      hasMissing = missing > 0
      bins = FeatureBins(column: column, levelMasses: masses, maxBins: maxBins < 255 ? maxBins : mostLevels)
    }
    return bins.count + (hasMissing ? 1 : 0) >= 2 ? bins : nil
  }

  /// Each element is far from the one before in memory: they are read once.
  private static func elements(_ column: Int, of x: Matrix<Double>, rows: [UInt32]) -> [Double] {
    x.withSpan { span in rows.map { span[Int($0) * x.columns + column] } }
  }

  private static func numeric(_ column: Int, values: [Double], weights: [Double]?, maxBins: Int) -> FeatureBins {
    guard let weights else {
      return FeatureBins(column: column, sortedValues: sortedByDigits(values), weights: nil, maxBins: maxBins)
    }
    let order = values.indices.sorted { values[$0] < values[$1] }
    return FeatureBins(
      column: column, sortedValues: order.map { values[$0] }, weights: order.map { weights[$0] }, maxBins: maxBins)
  }
}
