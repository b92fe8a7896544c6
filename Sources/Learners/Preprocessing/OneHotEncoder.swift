/// One column for each level, one for all rare ones together, one for missing values, and one for what the rare ones add to
/// the target where there was no room for columns of their own.
///
/// A level that training did not see counts as rare; where training has no rare levels all its columns are 0.
public struct OneHotEncoder: Sendable {
  /// How many levels may have columns of their own.
  public struct Room: Sendable, Hashable {
    /// A level needs this many training rows.
    public let leastRows: Int
    /// At most this many levels, the most frequent ones.
    public let columns: Int

    public init(leastRows: Int = 1, columns: Int) {
      self.leastRows = leastRows
      self.columns = columns
    }
  }

  /// Column of each level of the schema; -1 for the rare, which have none of their own.
  public let columns: [Int]
  public let frequentCount: Int
  public let hasRare: Bool
  public let hasMissing: Bool
  /// Levels, ascending, that count as rare beside having a column: those of a single training row, where there are several.
  /// So what training did not see is taken for what it has seen once.
  public let singles: [Int]
  /// Levels that training saw and that have no column of their own, and their training rows.
  public let pooledLevels: Int
  public let pooledRows: Int
  /// For each level of the schema, 0 for those with a column: see `LevelEffects`. Empty for no such column.
  public let effects: [Double]
  /// Whether some levels have no column only because there was no room.
  internal let isCrowded: Bool

  /// - Parameter weights: one a training row; nil where each counts once.
  public init(fitting values: [Double], weights: [Double]? = nil, levelCount: Int, room: Room) {
    let counts = Self.counts(values, weights, levelCount: levelCount)
    let ranked = (0..<levelCount).filter { counts[$0] >= max(1, room.leastRows) }.sorted {
      (-counts[$0], $0) < (-counts[$1], $1)
    }
    let kept = ranked.prefix(room.columns).sorted()
    var columns = [Int](repeating: -1, count: levelCount)
    for (column, level) in kept.enumerated() { columns[level] = column }
    self.columns = columns
    frequentCount = kept.count
    let pooled = counts.indices.filter { counts[$0] > 0 && ($0 == levelCount || columns[$0] < 0) }
    pooledLevels = pooled.count
    pooledRows = pooled.reduce(0) { $0 + counts[$1] }
    let once = kept.filter { counts[$0] == 1 }
    singles = once.count > 1 || !pooled.isEmpty ? once : []
    hasRare = !pooled.isEmpty || !singles.isEmpty
    hasMissing = values.contains(where: \.isNaN)
    isCrowded = ranked.count > room.columns
    effects = []
  }

  /// The same with another column.
  private init(_ other: OneHotEncoder, effects: [Double]) {
    columns = other.columns
    frequentCount = other.frequentCount
    hasRare = other.hasRare
    hasMissing = other.hasMissing
    singles = other.singles
    pooledLevels = other.pooledLevels
    pooledRows = other.pooledRows
    isCrowded = other.isCrowded
    self.effects = effects
  }

  /// With what the levels without column add to the target.
  /// - Parameters:
  ///   - values: of the training rows that this encoder was fitted to.
  ///   - weights: theirs; nil where each counts once.
  ///   - residuals: what other features leave of their targets.
  internal func adding(effectsOf values: [Double], weights: [Double]?, residuals: [Double]) -> OneHotEncoder {
    let effects = levelEffects(values, weights, residuals)
    let deviation = meanAndDeviation(effects.crossFitted, weights: weights).deviation
    return deviation > 0 ? OneHotEncoder(self, effects: effects.values.map { $0 / deviation }) : self
  }

  /// What the last column is for the training rows, which must not find their own targets in it.
  internal func trainingEffects(_ values: [Double], weights: [Double]?, residuals: [Double]) -> [Double] {
    let effects = levelEffects(values, weights, residuals).crossFitted
    let deviation = meanAndDeviation(effects, weights: weights).deviation
    return effects.map { deviation > 0 ? $0 / deviation : 0 }
  }

  private func levelEffects(_ values: [Double], _ weights: [Double]?, _ residuals: [Double]) -> LevelEffects {
    let codes = values.map { value in
      value < Double(columns.count) && columns[Int(value)] < 0 ? Int(value) : -1
    }
    return LevelEffects(codes: codes, weights: weights, residuals: residuals, levelCount: columns.count)
  }

  /// Levels that training saw often enough for a column.
  internal static func qualifying(
    _ values: [Double], weights: [Double]?, levelCount: Int, leastRows: Int
  ) -> Int {
    counts(values, weights, levelCount: levelCount).dropLast().count { $0 >= max(1, leastRows) }
  }

  /// Rows of each level, and last of what the schema does not know. A row of weight k is k rows; one of less is one, for it was
  /// seen.
  private static func counts(_ values: [Double], _ weights: [Double]?, levelCount: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: levelCount + 1)
    var sums = [Double](repeating: 0, count: levelCount + 1)
    for (row, value) in values.enumerated() where !value.isNaN {
      let level = min(Int(value), levelCount)
      counts[level] += 1
      if let weights { sums[level] += weights[row] }
    }
    return zip(counts, sums).map { max($0, Int(min($1, 1e15).rounded())) }
  }

  public var width: Int { frequentCount + (hasRare ? 1 : 0) + (hasMissing ? 1 : 0) + (effects.isEmpty ? 0 : 1) }

  internal func encode(_ value: Double, into row: inout MutableSpan<Double>, at start: Int) {
    for column in start..<start + width { row[column] = 0 }
    guard !value.isNaN else {
      if hasMissing { row[start + frequentCount + (hasRare ? 1 : 0)] = 1 }
      return
    }
    let level = value < Double(columns.count) ? Int(value) : columns.count
    let column = level < columns.count ? columns[level] : -1
    if column >= 0 { row[start + column] = 1 }
    if level < effects.count { row[start + width - 1] = effects[level] }
    if hasRare && (column < 0 || isSingle(level)) { row[start + frequentCount] = 1 }
  }

  private func isSingle(_ level: Int) -> Bool {
    var (low, high) = (0, singles.count)
    while low < high {
      let middle = (low + high) / 2
      if singles[middle] < level { low = middle + 1 } else { high = middle }
    }
    return low < singles.count && singles[low] == level
  }
}

extension OneHotEncoder: Codable {
  private enum Key: String, CodingKey {
    case columns, frequentCount, hasRare, hasMissing, singles, pooledLevels, pooledRows, effects
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    columns = try container.decode([Int].self, forKey: .columns)
    frequentCount = try container.decode(Int.self, forKey: .frequentCount)
    hasRare = try container.decode(Bool.self, forKey: .hasRare)
    hasMissing = try container.decode(Bool.self, forKey: .hasMissing)
    // Version 2 of the model file told nothing of these.
    singles = try container.decodeIfPresent([Int].self, forKey: .singles) ?? []
    pooledLevels = try container.decodeIfPresent(Int.self, forKey: .pooledLevels) ?? 0
    pooledRows = try container.decodeIfPresent(Int.self, forKey: .pooledRows) ?? 0
    effects = try container.decodeIfPresent([Double].self, forKey: .effects) ?? []
    isCrowded = false
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(columns, forKey: .columns)
    try container.encode(frequentCount, forKey: .frequentCount)
    try container.encode(hasRare, forKey: .hasRare)
    try container.encode(hasMissing, forKey: .hasMissing)
    try container.encode(singles, forKey: .singles)
    try container.encode(pooledLevels, forKey: .pooledLevels)
    try container.encode(pooledRows, forKey: .pooledRows)
    if !effects.isEmpty { try container.encode(effects, forKey: .effects) }
  }
}

extension OneHotEncoder {
  /// What is wrong with one that was decoded from a file; nil where nothing is.
  internal var flaw: String? {
    let given = columns.filter { $0 != -1 }
    guard given.sorted() == Array(0..<given.count), frequentCount == given.count else {
      return "its columns are not 0, 1, …"
    }
    let areSound =
      zip(singles, singles.dropFirst()).allSatisfy { $0 < $1 }
      && singles.allSatisfy { columns.indices.contains($0) && columns[$0] >= 0 } && (hasRare || singles.isEmpty)
    guard areSound else { return "levels that count as rare are out of range" }
    guard effects.isEmpty || (effects.count == columns.count && effects.allSatisfy(\.isFinite)) else {
      return "effects of levels are out of range"
    }
    return pooledLevels >= 0 && pooledRows >= pooledLevels ? nil : "numbers of pooled levels are out of range"
  }
}

extension OneHotEncoder: Hashable {
  // What matters is what is encoded, not why.
  public static func == (left: OneHotEncoder, right: OneHotEncoder) -> Bool { left.parts == right.parts }

  public func hash(into hasher: inout Hasher) { hasher.combine(parts) }

  private struct Parts: Hashable {
    let columns: [Int]
    let flags: [Bool]
    let singles: [Int]
    let pooled: [Int]
    let effects: [Double]
  }

  private var parts: Parts {
    Parts(
      columns: columns, flags: [hasRare, hasMissing], singles: singles, pooled: [pooledLevels, pooledRows],
      effects: effects)
  }
}
