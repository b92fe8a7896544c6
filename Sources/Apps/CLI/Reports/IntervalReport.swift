import Learners

/// How good ranges are, in JSON: null where a figure is none.
struct IntervalReport: Encodable {
  let level: Double
  let coverage: Double?
  /// Of the rows in ten parts of about the same size, from the smallest prediction to the largest; nil where not asked for.
  let coverageByTenth: [Double]?
  let meanWidth: Double?
  let score: Double?
  /// Whether their width follows the row.
  let followsRows: Bool

  enum CodingKeys: String, CodingKey {
    case level, coverage, score
    case coverageByTenth = "coverage_by_tenth"
    case meanWidth = "mean_width"
    case followsRows = "follows_rows"
  }

  init(_ scores: IntervalScores, of intervals: Intervals, coverageByTenth: [Double]? = nil) {
    level = scores.level
    coverage = scores.coverage.finiteOrNull
    meanWidth = scores.meanWidth.finiteOrNull
    score = scores.score.finiteOrNull
    followsRows = intervals.followsRows
    self.coverageByTenth = coverageByTenth
  }

  /// Of ten parts of the rows, in the order of their predictions; nil for fewer than a hundred rows.
  static func coverageByTenth(
    _ ranges: [ClosedRange<Double>], predictions: [Double], targets: [Double], weights: [Double]?
  ) -> [Double]? {
    guard ranges.count >= 100 else { return nil }
    let order = predictions.indices.sorted { (predictions[$0], $0) < (predictions[$1], $1) }
    return (0..<10).map { part in
      let rows = order[order.count * part / 10..<order.count * (part + 1) / 10]
      func weight(of rows: some Sequence<Int>) -> Double { rows.reduce(0) { $0 + (weights?[$1] ?? 1) } }
      return weight(of: rows.lazy.filter { ranges[$0].contains(targets[$0]) }) / weight(of: rows)
    }
  }
}
