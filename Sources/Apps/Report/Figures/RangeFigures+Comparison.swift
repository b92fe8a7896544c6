internal import Learners

extension Comparison {
  internal static let rangeLevels = [0.5, 0.8, 0.9, 0.95]
  internal static let mostRangeParts = 5

  /// Ranges of the best model, made anew for each part of the rows from the errors of all other parts, so that nothing of them is
  /// made of the rows that they are tried on.
  ///
  /// Cost: one to five times what the ranges of a model cost.
  /// - Parameter onPart: called when a part is done.
  package func ranges(onPart: () -> Void) -> RangeFigures? {
    let entry = entries[0]
    guard let own = entry.model.intervals, entry.model.quantileLevels.isEmpty else { return nil }
    let predictions = entry.entry.validation.predictions
    let count = min(folds.count, Self.mostRangeParts)
    guard count > 1 else { return nil }
    var found = Dictionary(uniqueKeysWithValues: Self.rangeLevels.map { ($0, [RangeOfRow]()) })
    for part in 0..<count {
      let rows = predictions.indices.filter {
        folds.assignments[$0] >= 0 && folds.assignments[$0] % count == part && predictions[$0].isFinite
      }
      add(rows, entry, to: &found)
      onPart()
    }
    let levels = Self.rangeLevels.compactMap { level in found[level].flatMap { self.level(level, $0, entry) } }
    return levels.isEmpty ? nil : RangeFigures(model: entry.name, followsRows: own.followsRows, levels: levels)
  }

  private typealias RangeOfRow = (row: Int, range: ClosedRange<Double>)

  private func add(_ rows: [Int], _ entry: Entry, to found: inout [Double: [RangeOfRow]]) {
    let predictions = entry.entry.validation.predictions
    let held = Set(rows)
    // A model without ranges of its own, so that none are left where there are too few rows.
    let bare = Model(pipeline: entry.model.pipeline, learner: entry.model.learner, target: entry.model.target)
    let taught = bare.addingIntervals(
      from: dataset, folds: parts(without: held),
      predictions: predictions.enumerated().map { held.contains($0) ? .nan : $1 },
      seed: experiment.seed)
    let (data, known) = (features(rows), rows.map { predictions[$0] })
    for level in Self.rangeLevels {
      guard let ranges = try? taught.ranges(of: data, predictions: known, level: level) else {
        found[level] = nil  // one part without ranges is a level without figures
        continue
      }
      found[level]? += zip(rows, ranges).map { ($0, $1) }
    }
  }

  /// The folds, or five parts of the rows that are left where all of these are of one fold: ranges are tried on parts of their own.
  private func parts(without held: Set<Int>) -> Folds {
    guard folds.count < 3 else { return folds }
    var next = 0
    let numbers = folds.assignments.enumerated().map { row, fold -> Int in
      guard fold >= 0, !held.contains(row) else { return -1 }
      defer { next += 1 }
      return next % 5
    }
    return (try? Folds(assignments: numbers, rows: numbers.count)) ?? folds
  }

  private func level(_ level: Double, _ rows: [RangeOfRow], _ entry: Entry) -> RangeFigures.Level? {
    guard !rows.isEmpty else { return nil }
    let inside = rows.map { $0.range.contains(dataset.target[$0.row]) }
    let counted = RowCounts(weights(of: rows.map(\.row)), count: rows.count)
    let coverage = counted.share(of: inside)
    let (low, high) = wilsonInterval(coverage, of: counted.effective)
    let widths = rows.map { $0.range.upperBound - $0.range.lowerBound }
    let factors = scale.unit.map { unit in
      rows.map { ($0.range.upperBound + unit) / ($0.range.lowerBound + unit) }
    }
    return RangeFigures.Level(
      level: level, rows: rows.count, effectiveRows: counted.effective, coverage: coverage, low: low, high: high,
      meanWidth: counted.mean(of: widths), medianWidth: counted.quantile(of: widths, 0.5),
      medianFactor: factors.flatMap { counted.quantile(of: $0, 0.5).finiteOrNil },
      coverageByTenth: tenths(rows, inside, entry.entry.validation.predictions))
  }

  private func tenths(_ rows: [RangeOfRow], _ inside: [Bool], _ predictions: [Double]) -> [Double]? {
    guard rows.count >= 100 else { return nil }
    let order = rows.indices.sorted {
      (predictions[rows[$0].row], rows[$0].row) < (predictions[rows[$1].row], rows[$1].row)
    }
    return (0..<10).map { part in
      let places = order[order.count * part / 10..<order.count * (part + 1) / 10]
      let counted = RowCounts(weights(of: places.map { rows[$0].row }), count: places.count)
      return counted.share(of: places.map { inside[$0] })
    }
  }
}

/// Where a share lies with 95 % that was seen in so many trials: Wilson, JASA 22(158), 1927.
package func wilsonInterval(_ share: Double, of trials: Double) -> (low: Double, high: Double) {
  let (n, z) = (trials, 1.959963984540054)
  let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
  let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
  return (max(0, centre - half), min(1, centre + half))
}
