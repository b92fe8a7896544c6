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
  ///   - predict: predictions of all rows with this column in the place of theirs.
  /// - Returns: nil where fewer than two values differ.
  public init?(
    ofNumber column: [Double], bins: Int, predict: (_ column: [Double]) throws(PredictionError) -> [Double]
  ) throws(PredictionError) {
    precondition(bins >= 1, "AccumulatedEffect: \(bins) bins")
    let edges = Self.edges(of: column, bins: bins)
    guard edges.count > 1 else { return nil }
    let places = column.map { $0.isNaN ? -1 : Self.bin(of: $0, edges) }
    let upper = try predict(places.map { $0 < 0 ? .nan : edges[$0] })
    let lower = try predict(places.map { $0 < 0 ? .nan : edges[$0 - 1] })
    var (sums, counts) = ([Double](repeating: 0, count: edges.count), [Int](repeating: 0, count: edges.count))
    for row in places.indices where places[row] > 0 {
      sums[places[row]] += upper[row] - lower[row]
      counts[places[row]] += 1
    }
    let raw = Self.accumulated(sums, counts)
    let total = Double(counts.reduce(0, +))
    let mean = (1..<edges.count).reduce(0) { $0 + Double(counts[$1]) * (raw[$1 - 1] + raw[$1]) / 2 } / total
    values = edges
    effects = raw.map { $0 - mean }
    rows = counts
  }

  /// Of a text.
  /// - Parameters:
  ///   - codes: the level of each row, NaN where it is missing.
  ///   - order: the levels to tell of, neighbours alike; rows of others tell nothing.
  ///   - predict: predictions of all rows with this column in the place of theirs.
  /// - Returns: nil where fewer than two of the levels occur.
  public init?(
    ofLevels codes: [Double], order: [Double], predict: (_ column: [Double]) throws(PredictionError) -> [Double]
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
    var (sums, changes) = ([Double](repeating: 0, count: levels.count), [Int](repeating: 0, count: levels.count))
    var counts = changes
    for row in places.indices where places[row] >= 0 {
      let place = places[row]
      counts[place] += 1
      if place + 1 < levels.count {
        sums[place + 1] += next[row] - own[row]
        changes[place + 1] += 1
      }
      if place > 0 {
        sums[place] += own[row] - before[row]
        changes[place] += 1
      }
    }
    let raw = Self.accumulated(sums, changes)
    let total = Double(counts.reduce(0, +))
    let mean = zip(raw, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / total
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
  private static func accumulated(_ sums: [Double], _ counts: [Int]) -> [Double] {
    var total = 0.0
    return sums.indices.map { place in
      if counts[place] > 0 { total += sums[place] / Double(counts[place]) }
      return total
    }
  }
}

extension Model {
  /// The effect of one feature on the scale of fitting, over these rows.
  /// - Parameters:
  ///   - order: of a text, the levels to tell of, see `AccumulatedEffect`; nil for a number.
  ///   - bins: of a number, at most.
  public func accumulatedEffect(
    of feature: Int, in data: FeatureColumns, order: [Double]? = nil, bins: Int = 20
  ) throws(PredictionError) -> AccumulatedEffect? {
    let scale = pipeline.target.targetScale
    let predict = { (column: [Double]) throws(PredictionError) -> [Double] in
      var columns = data.columns
      columns[feature] = column
      let changed = FeatureColumns(features: data.features, columns: columns, rowCount: data.rowCount)
      return try self.predict(changed).map { scale.location(of: $0) }
    }
    guard let order else {
      return try AccumulatedEffect(ofNumber: data.columns[feature], bins: bins, predict: predict)
    }
    return try AccumulatedEffect(ofLevels: data.columns[feature], order: order, predict: predict)
  }
}
