/// The least and the largest value that each number had in the training rows: of a row that is beyond them, a model only guesses.
public struct TrainingRanges: Sendable, Hashable, Codable {
  public struct Range: Sendable, Hashable, Codable {
    public let low: Double
    public let high: Double
  }

  /// One a feature; nil for a text, and for a number that had no value.
  public let features: [Range?]

  public init(of data: FeatureColumns) {
    features = zip(data.features, data.columns).map { feature, column in
      guard feature.levels == nil else { return nil }
      let values = column.lazy.filter { !$0.isNaN }
      guard let low = values.min(), let high = values.max() else { return nil }
      return Range(low: low, high: high)
    }
  }

  /// What a feature has beyond its range, by more than a tenth of it.
  public struct Stray: Sendable, Hashable {
    public let feature: Feature
    public let range: Range
    /// Rows that are beyond it, and the first of them.
    public let rows: Int
    public let firstRow: Int
    public let firstValue: Double
  }

  /// The features of which some rows are beyond what the model has seen, in their order.
  public func strays(in data: FeatureColumns) -> [Stray] {
    precondition(data.features.count == features.count, "TrainingRanges: of other features")
    let limits = StrayLimits(self)
    return features.indices.compactMap { index in
      guard let range = features[index] else { return nil }
      let column = data.columns[index]
      let rows = column.indices.filter { limits.isStray(column[$0], feature: index) }
      guard let first = rows.first else { return nil }
      return Stray(
        feature: data.features[index], range: range, rows: rows.count, firstRow: first, firstValue: column[first])
    }
  }

  /// What is wrong with some that were decoded from a file; nil where nothing is.
  internal func flaw(for known: [Feature]) -> String? {
    guard features.count == known.count else { return "they are of \(features.count) features, not \(known.count)" }
    let isSound = zip(features, known).allSatisfy { range, feature in
      guard let range else { return true }
      return feature.levels == nil && range.low.isFinite && range.high.isFinite && range.low <= range.high
    }
    return isSound ? nil : "a range is none"
  }

  /// Those that hold both.
  internal func union(_ other: TrainingRanges) -> TrainingRanges {
    TrainingRanges(
      features: zip(features, other.features).map { own, new in
        guard let own, let new else { return own ?? new }
        return Range(low: min(own.low, new.low), high: max(own.high, new.high))
      })
  }

  private init(features: [Range?]) { self.features = features }
}
