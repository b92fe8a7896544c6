internal import Linalg

/// Makes intervals of out-of-fold predictions.
///
/// Whether and how strongly ranges follow the rows is chosen by the interval score at 0.9 (of few rows at less) of rows in folds
/// that neither the spread nor the ranks had seen. With k parts that costs k + 1 fits of a small `Spread`.
internal struct IntervalFitting {
  /// Fewer rows tell too little of what is rare.
  static let fewestRows = 10
  /// Fewer rows tell too little of where errors are large.
  private static let fewestOfSpread = 100
  private static let mostParts = 5
  /// The first that the rows of all parts but one can tell.
  private static let levels = [0.9, 0.8, 0.5]

  private let data: FeatureColumns
  /// Rows that were predicted.
  private let rows: [Int]
  private let targets: [Double]
  /// What each of `rows` counts; nil where each counts once.
  private let weights: [Double]?
  private let predictions: [Double]
  private let transform: TargetTransform
  private let isAmount: Bool
  private let seed: UInt64
  /// Part of each of `rows`: folds, put together where there are many.
  private let parts: [Int]
  private let partCount: Int
  private let level: Double
  /// Predictions and errors on the scale of fitting.
  private let locations: [Double]
  private let errors: [Double]
  private let encoders: [NativeEncoder?]

  /// - Parameter predictions: out of fold, on the target's own scale; NaN for a row of no fold.
  /// - Returns: nil where fewer than ten rows were predicted, or an error is not finite.
  init?(_ dataset: Dataset, folds: Folds, predictions: [Double], transform: TargetTransform, seed: UInt64) {
    let rows = predictions.indices.filter { predictions[$0].isFinite && folds.assignments[$0] >= 0 }
    guard rows.count >= Self.fewestRows else { return nil }
    data = dataset.features
    self.rows = rows
    self.transform = transform
    self.seed = seed
    targets = rows.map { dataset.target[$0] }
    weights = dataset.weights(of: rows)
    self.predictions = rows.map { predictions[$0] }
    isAmount = dataset.target.allSatisfy { $0 >= 0 }
    // Folds may be left out whole, as a blend's first in time is.
    let used = Set(rows.map { folds.assignments[$0] }).sorted()
    let places = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
    partCount = min(used.count, Self.mostParts)
    let partCount = partCount
    parts = rows.map { (places[folds.assignments[$0]] ?? 0) % partCount }
    let parts = parts
    let largest = partCount == 1 ? 0 : (0..<partCount).map { part in parts.count { $0 == part } }.max() ?? 0
    let told = ErrorRanks.highestLevel(count: rows.count - largest)
    level = Self.levels.first { $0 <= told } ?? Self.levels[Self.levels.count - 1]
    locations = self.predictions.map { transform.targetScale.location(of: $0) }
    errors = zip(targets, locations).map { transform.targetScale.forward($0) - $1 }
    guard errors.allSatisfy(\.isFinite) else { return nil }
    encoders = Spread.encoders(of: dataset.features)
  }

  /// What ranges cost one thread, about, where so many rows were predicted in so many folds.
  static func nanoseconds(rows: Int, columns: Int, folds: Int) -> Double {
    guard rows >= fewestOfSpread, folds > 1 else { return 0 }
    let spread = Boosting.workload(of: Spread.parameters, rows: min(rows, Spread.mostRows), columns: columns + 1)
    return Double(min(folds, mostParts) + 1) * spread.nanoseconds + Double(rows) * 1_000
  }

  func fitted() -> Intervals {
    let held = heldOutSizes()
    let powers = held == nil ? [0.0] : [0, 0.5, 1]
    let tried = powers.map { power in heldOutScores(power, held) }
    // Ranges that follow the rows have to be better by more than chance.
    var best = 0
    for index in tried.indices.dropFirst() where isBetter(tried[index].losses, than: tried[best].losses) {
      best = index
    }
    let spread = best == 0 ? nil : try? spread(of: Array(rows.indices))
    let power = spread == nil ? 0 : powers[best]
    let ranks = ErrorRanks(of: normalised(errors, sizes(power, of: held)), weights: weights)
    return Intervals(
      spread: spread, power: power, errors: ranks, isAmount: isAmount, scores: tried[spread == nil ? 0 : best].scores)
  }

  // MARK: Sizes

  /// What a spread that has not seen a row's part expects of it; nil where there is none.
  private func heldOutSizes() -> [Double]? {
    guard rows.count >= Self.fewestOfSpread, partCount > 1 else { return nil }
    var sizes = [Double](repeating: 1, count: rows.count)
    for part in 0..<partCount {
      let places = rows.indices.filter { parts[$0] == part }
      guard let spread = try? spread(of: rows.indices.filter { parts[$0] != part }),
        let found = try? spread.predict(matrix(of: places))
      else { return nil }
      for (place, size) in zip(places, found) { sizes[place] = size }
    }
    return sizes
  }

  private func spread(of places: [Int]) throws(FitError) -> Spread {
    let count = min(places.count, Spread.mostRows)
    let chosen = (0..<count).map { places[$0 * places.count / count] }
    return try Spread(
      fitting: matrix(of: chosen), errors: chosen.map { abs(errors[$0]) }, weights: weights(of: chosen),
      encoders: encoders, seed: seed)
  }

  private func weights(of places: [Int]) -> [Double]? { weights.map { weights in places.map { weights[$0] } } }

  private func matrix(of places: [Int]) -> Matrix<Double> {
    Spread.matrix(encoders, locations: places.map { locations[$0] }) { row, feature in
      data.columns[feature][rows[places[row]]]
    }
  }

  private func sizes(_ power: Double, of held: [Double]?) -> [Double]? {
    power == 0 ? nil : power == 1 ? held : held?.map { $0.squareRoot() }
  }

  private func normalised(_ errors: [Double], _ sizes: [Double]?) -> [Double] {
    sizes.map { zip(errors, $0).map { $0 / $1 } } ?? errors
  }

  // MARK: How good they are

  /// Of ranges whose ranks are those of the other parts: the loss of each row on the scale of fitting, and the figures on the
  /// target's own.
  private func heldOutScores(_ power: Double, _ held: [Double]?) -> (losses: [Double], scores: IntervalScores) {
    let sizes = sizes(power, of: held)
    let scaled = normalised(errors, sizes)
    var losses = [Double](repeating: 0, count: rows.count)
    var ranges = [ClosedRange<Double>](repeating: 0...0, count: rows.count)
    for part in 0..<partCount {
      let others = partCount == 1 ? Array(rows.indices) : rows.indices.filter { parts[$0] != part }
      let ranks = ErrorRanks(of: others.map { scaled[$0] }, weights: weights(of: others))
      let bounds = ranks.bounds(level) ?? (ranks.kept[0], ranks.kept[ranks.kept.count - 1])
      for place in rows.indices where parts[place] == part {
        let size = sizes?[place] ?? 1
        let range = bounds.low * size...bounds.high * size
        losses[place] = IntervalScores.score(range, errors[place], level: level)
        ranges[place] = transform.range(
          from: locations[place] + range.lowerBound, to: locations[place] + range.upperBound, isAmount: isAmount)
      }
    }
    return (losses, IntervalScores(level: level, ranges: ranges, targets: targets, weights: weights))
  }

  /// Whether the mean loss is lower by more than a standard error of the difference.
  private func isBetter(_ losses: [Double], than others: [Double]) -> Bool {
    let (mean, deviation) = meanAndDeviation(zip(others, losses).map { $0 - $1 }, weights: weights)
    return mean > deviation / (weights?.reduce(0, +) ?? Double(losses.count)).squareRoot()
  }
}
