/// How predictions change with one feature while the others stay as they are in the rows that have such values.
///
/// Accumulated local effects. The values of a number are cut into bins of about as many rows; in each, the mean change of the
/// prediction from the bin's lower to its upper edge is taken over its own rows, and the changes are added up. Unlike a partial
/// dependence, no row is ever asked about a value far from its own, where features that go together leave nothing to be believed.
/// For texts the changes are those between neighbours in a given order, over the rows of both.
/// Effects are centred: their mean over the rows is 0. Cost: two predictions of all rows, for texts three.
/// Source: Apley & Zhu, "Visualizing the effects of predictor variables in black box supervised learning models", JRSS B 82(4), 2020,
/// arXiv:1612.08468.
public struct AccumulatedEffect: Sendable, Hashable {
  /// Where effects are told: the edges of the bins, rising, or the levels in their order.
  public let values: [Double]
  /// One a value.
  public let effects: [Double]
  /// Of each value: rows of the bin that ends there (none at the first edge), or of the level.
  public let rows: [Int]

  /// Of a number.
  /// - Parameters:
  ///   - column: NaN where it is missing; such rows tell nothing.
  ///   - bins: at most; equal values stay together.
  ///   - weights: what each row counts in means; nil where each counts once.
  ///   - predict: predictions of all rows with this column in the place of theirs.
  /// - Returns: nil where fewer than two values differ.
  public init?(
    ofNumber column: [Double], bins: Int, weights: [Double]? = nil,
    predict: (_ column: [Double]) throws(PredictionError) -> [Double]
  ) throws(PredictionError) {
    precondition(bins >= 1, "AccumulatedEffect: \(bins) bins")
    let edges = Self.edges(of: column, bins: bins)
    guard edges.count > 1 else { return nil }
    let places = column.map { $0.isNaN ? -1 : Self.bin(of: $0, edges) }
    let upper = try predict(places.map { $0 < 0 ? .nan : edges[$0] })
    let lower = try predict(places.map { $0 < 0 ? .nan : edges[$0 - 1] })
    var (sums, masses) = ([Double](repeating: 0, count: edges.count), [Double](repeating: 0, count: edges.count))
    var counts = [Int](repeating: 0, count: edges.count)
    for row in places.indices where places[row] > 0 {
      let weight = weights?[row] ?? 1
      sums[places[row]] += weight * (upper[row] - lower[row])
      masses[places[row]] += weight
      counts[places[row]] += 1
    }
    let raw = Self.accumulated(sums, masses)
    let total = masses.reduce(0, +)
    var sum = 0.0
    for edge in 1..<edges.count { sum += masses[edge] * (raw[edge - 1] + raw[edge]) / 2 }
    let mean = sum / total
    values = edges
    effects = raw.map { $0 - mean }
    rows = counts
  }

  /// Of a text.
  /// - Parameters:
  ///   - codes: the level of each row, NaN where it is missing.
  ///   - order: the levels to tell of, neighbours alike; rows of others tell nothing.
  ///   - weights: what each row counts in means; nil where each counts once.
  ///   - predict: predictions of all rows with this column in the place of theirs.
  /// - Returns: nil where fewer than two of the levels occur.
  public init?(
    ofLevels codes: [Double], order: [Double], weights: [Double]? = nil,
    predict: (_ column: [Double]) throws(PredictionError) -> [Double]
  ) throws(PredictionError) {
    let present = Set(codes.filter { !$0.isNaN })
    let levels = order.filter(present.contains)
    guard levels.count > 1 else { return nil }
    let placeOf = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, $0) })
    let places = codes.map { placeOf[$0] ?? -1 }
    func predictions(shiftedBy step: Int) throws(PredictionError) -> [Double] {
      try predict(zip(places, codes).map { levels.indices.contains($0 + step) && $0 >= 0 ? levels[$0 + step] : $1 })
    }
    let (own, next, before) = try (
      predictions(shiftedBy: 0), predictions(shiftedBy: 1), predictions(shiftedBy: -1)
    )
    let none = [Double](repeating: 0, count: levels.count)
    var (sums, changes, masses) = (none, none, none)
    var counts = [Int](repeating: 0, count: levels.count)
    for row in places.indices where places[row] >= 0 {
      let (place, weight) = (places[row], weights?[row] ?? 1)
      counts[place] += 1
      masses[place] += weight
      if place + 1 < levels.count {
        sums[place + 1] += weight * (next[row] - own[row])
        changes[place + 1] += weight
      }
      if place > 0 {
        sums[place] += weight * (own[row] - before[row])
        changes[place] += weight
      }
    }
    let raw = Self.accumulated(sums, changes)
    let total = masses.reduce(0, +)
    let mean = zip(raw, masses).reduce(0) { $0 + $1.0 * $1.1 } / total
    values = levels
    effects = raw.map { $0 - mean }
    rows = counts
  }

  /// The least value, and the values that a whole number of bins lies up to.
  private static func edges(of column: [Double], bins: Int) -> [Double] {
    let sorted = sortedByDigits(column.filter { !$0.isNaN })
    guard let least = sorted.first else { return [] }
    var edges = [least]
    for bin in 1...bins {
      let place = (sorted.count * bin + bins - 1) / bins - 1
      if place >= 0, sorted[place] > edges[edges.count - 1] { edges.append(sorted[place]) }
    }
    return edges
  }

  /// The first edge behind the least that is not below the value.
  private static func bin(of value: Double, _ edges: [Double]) -> Int {
    var (low, high) = (1, edges.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Means of changes, added up from 0.
  private static func accumulated(_ sums: [Double], _ masses: [Double]) -> [Double] {
    var total = 0.0
    return sums.indices.map { place in
      if masses[place] > 0 { total += sums[place] / masses[place] }
      return total
    }
  }
}

extension Model {
  /// The effect of one feature on the scale of fitting, over these rows.
  /// - Parameters:
  ///   - order: of a text, the levels to tell of, see `AccumulatedEffect`; nil for a number.
  ///   - bins: of a number, at most.
  ///   - weights: what each row counts; nil where each counts once.
  public func accumulatedEffect(
    of feature: Int, in data: FeatureColumns, order: [Double]? = nil, bins: Int = 20, weights: [Double]? = nil
  ) throws(PredictionError) -> AccumulatedEffect? {
    let scale = pipeline.target.targetScale
    let predict = { (column: [Double]) throws(PredictionError) -> [Double] in
      var columns = data.columns
      columns[feature] = column
      let changed = FeatureColumns(features: data.features, columns: columns, rowCount: data.rowCount)
      return try self.predict(changed).map { scale.location(of: $0) }
    }
    guard let order else {
      return try AccumulatedEffect(ofNumber: data.columns[feature], bins: bins, weights: weights, predict: predict)
    }
    return try AccumulatedEffect(ofLevels: data.columns[feature], order: order, weights: weights, predict: predict)
  }
}
