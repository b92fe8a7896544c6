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
