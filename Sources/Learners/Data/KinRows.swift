/// Rows that know of each other, found where nobody has said so: those of one owner, those that follow one another in time.
///
/// Folds of shuffled rows have such rows on both sides, and scores are better than those of new rows will be.
internal struct KinRows {
  /// Ranks of the target, centred: a few giants must not decide.
  private let ranks: [Double]
  private let target: String

  private static let fewestRows = 50
  /// What two neighbours share of the spread of the target's ranks.
  private static let leastCorrelation = 0.3

  init(target: String, values: [Double]) {
    self.target = target
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
      // Equal values share the mean of their places.
      for place in start..<end { ranks[order[place]] = Double(start + end - values.count) / 2 }
      start = end
    }
    self.ranks = ranks
  }

  /// What to tell of a column; nil for most.
  func warning(of column: Column) throws(DataError) -> String? {
    guard ranks.count >= Self.fewestRows else { return nil }
    if let form = column.reading.dates {
      return followTheirTime(try column.moments(form)) ? timeWarning(column.name) : nil
    }
    guard case .categorical(let codes, let levels) = column.values else { return nil }
    return areAlike(codes, levelCount: levels.count) ? groupWarning(column.name) : nil
  }

  private func groupWarning(_ name: String) -> String {
    "rows of the same \(shortened(name)) are alike in \(shortened(target)): if new rows are of others, scores are too good: "
      + "hold whole groups out with --groups \(shellQuoted(name))"
  }

  private func timeWarning(_ name: String) -> String {
    "rows that follow one another by \(shortened(name)) are alike in \(shortened(target)): if new rows are later ones, scores "
      + "are too good: train on the past with --time \(shellQuoted(name))"
  }

  /// Whether a column of names in which most have few rows, such as owners, tells the target of rows of the same name, by the
  /// analysis of variance. Names of many rows each are categories: new rows have them too.
  func areAlike(_ codes: [Int32], levelCount: Int) -> Bool {
    var counts = [Double](repeating: 0, count: levelCount)
    var sums = counts
    for (row, code) in codes.enumerated() where code >= 0 {
      counts[Int(code)] += 1
      sums[Int(code)] += ranks[row]
    }
    let rows = counts.reduce(0, +)
    let groups = Double(counts.count { $0 > 0 })
    let related = counts.reduce(0) { $0 + ($1 > 1 ? $1 : 0) }
    guard groups >= 20 && groups >= rows / 10 && related >= rows / 3 && rows - groups >= 20 else { return false }
    let mean = sums.reduce(0, +) / rows
    let between = counts.indices.reduce(0) { total, group in
      guard counts[group] > 0 else { return total }
      let distance = sums[group] / counts[group] - mean
      return total + counts[group] * distance * distance
    }
    let all = codes.indices.reduce(0) { codes[$1] < 0 ? $0 : $0 + (ranks[$1] - mean) * (ranks[$1] - mean) }
    let (betweenMean, withinMean) = (between / (groups - 1), (all - between) / (rows - groups))
    guard withinMean > 0 else { return between > 0 }
    let size = (rows - counts.reduce(0) { $0 + $1 * $1 } / rows) / (groups - 1)
    let correlation = (betweenMean - withinMean) / (betweenMean + (size - 1) * withinMean)
    // The quotient of two mean squares without a cause lies about 1.
    let chance = (2 / (groups - 1) + 2 / (rows - groups)).squareRoot()
    return correlation > Self.leastCorrelation && betweenMean / withinMean > 1 + 4 * chance
  }

  /// Whether the target of a row is near to that of the row before it in time.
  func followTheirTime(_ times: [Double]) -> Bool {
    let order = times.indices.filter { times[$0].isFinite }.sorted { (times[$0], $0) < (times[$1], $1) }
    guard order.count >= Self.fewestRows else { return false }
    let mean = order.reduce(0) { $0 + ranks[$1] } / Double(order.count)
    let spread = order.reduce(0) { $0 + (ranks[$1] - mean) * (ranks[$1] - mean) }
    let shared = zip(order, order.dropFirst()).reduce(0) { $0 + (ranks[$1.0] - mean) * (ranks[$1.1] - mean) }
    let chance = 4 / Double(order.count).squareRoot()
    return spread > 0 && shared / spread > max(Self.leastCorrelation, chance)
  }
}
