/// One column for each level, one for all rare ones together, one for missing values, and one for what the rare ones add to
/// the target where there was no room for columns of their own.
///
/// A level that training did not see counts as rare; where training has no rare levels all its columns are 0.
public struct OneHotEncoder: Sendable {
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
  public init(fitting values: [Double], weights: [Double]? = nil, levelCount: Int, room: LevelPooling.Room) {
    let pooling = LevelPooling(of: values, weights: weights, levelCount: levelCount, room: room)
    columns = pooling.columns
    frequentCount = pooling.kept.count
    pooledLevels = pooling.pooled.count
    pooledRows = pooling.pooledRows
    let once = pooling.kept.filter { pooling.counts[$0] == 1 }
    singles = once.count > 1 || pooledLevels > 0 ? once : []
    hasRare = pooledLevels > 0 || !singles.isEmpty
    hasMissing = values.contains(where: \.isNaN)
    isCrowded = pooling.isCrowded
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
