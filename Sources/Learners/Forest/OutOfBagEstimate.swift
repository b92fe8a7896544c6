internal import Linalg

/// The rows of a bootstrap sample, one bit each.
internal struct Bag: Sendable {
  private let words: [UInt64]

  internal init(draws: [UInt32]) {
    var words = [UInt64](repeating: 0, count: (draws.count + 63) / 64)
    for (row, times) in draws.enumerated() where times > 0 { words[row / 64] |= 1 << UInt64(row % 64) }
    self.words = words
  }

  internal func contains(_ row: Int) -> Bool { words[row / 64] >> UInt64(row % 64) & 1 == 1 }
}

/// What the trees say about rows that they have not seen.
internal struct OutOfBagEstimate {
  /// One a row of the training set; NaN where no tree can say.
  internal let predictions: [Double]
  /// 1 - Σ w (y - prediction)² / Σ w (y - ȳ)² over the rows with a prediction; nil where the denominator is 0.
  internal let score: Double?

  internal init(_ trees: AveragedTrees, bags: [Bag], rows: GrowthRows, of training: TrainingSet) {
    let x = rows.source.count == training.x.rows ? training.x : training.x.gathering(rows: rows.source)
    var sums = [Double](repeating: 0, count: rows.rowCount)
    trees.ensemble.addPredictions(of: x, into: &sums) { tree, row in !bags[tree].contains(row) }
    let counts = sums.indices.map { row in Double(bags.count { !$0.contains(row) }) }
    let means = zip(sums, counts).map { $1 > 0 ? $0 / $1 : .nan }
    var predictions = [Double](repeating: .nan, count: training.x.rows)
    for (row, source) in rows.source.enumerated() { predictions[source] = means[row] * trees.targetScale }
    self.predictions = predictions
    score = Self.score(means, rows)
  }

  private static func score(_ means: [Double], _ rows: GrowthRows) -> Double? {
    let known = means.indices.filter { !means[$0].isNaN }
    let weight = known.reduce(0) { unsafe $0 + rows.weights.pointer[$1] }
    let mean = known.reduce(0) { unsafe $0 + rows.weights.pointer[$1] * rows.targets.pointer[$1] } / weight
    var (residual, total) = (0.0, 0.0)
    for row in known {
      let (weight, target) = unsafe (rows.weights.pointer[row], rows.targets.pointer[row])
      residual += weight * (target - means[row]) * (target - means[row])
      total += weight * (target - mean) * (target - mean)
    }
    return total > 0 ? 1 - residual / total : nil
  }
}
