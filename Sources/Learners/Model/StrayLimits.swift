/// From where on a number is a stray: farther out than a tenth of the range of the training rows. Less is what new rows often are.
///
/// Worked out once, since a server asks for every number of every row.
public struct StrayLimits: Sendable {
  /// Of each feature; infinite where there is no range.
  @usableFromInline package let limits: [(low: Double, high: Double)]

  public init(_ ranges: TrainingRanges) {
    limits = ranges.features.map { range in
      guard let range else { return (-.infinity, .infinity) }
      let margin = range.high / 10 - range.low / 10
      return (range.low - margin, range.high + margin)
    }
  }

  /// - Parameter value: a missing one is none.
  @inlinable
  public func isStray(_ value: Double, feature: Int) -> Bool {
    value < limits[feature].low || value > limits[feature].high
  }
}
