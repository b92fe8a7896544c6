/// Median imputation with an indicator, signed log1p for a heavy tail, mean 0 and standard deviation 1.
public struct NumericEncoder: Sendable, Hashable, Codable {
  /// Takes the place of a missing value, before the logarithm.
  public let median: Double
  /// Whether a second column says 1 where the value is missing: where any training value was.
  public let hasIndicator: Bool
  public let isLogarithmic: Bool
  /// After imputation and logarithm.
  public let mean: Double
  /// 0 where the training values do not vary: the feature then has no column of its own.
  public let deviation: Double

  public init(fitting values: [Double]) {
    let present = values.filter { !$0.isNaN }
    let imputed = lowerMedian(present) ?? 0
    let logarithmic = isHeavyTailed(present)
    let scaled = values.map { value in
      let value = value.isNaN ? imputed : value
      return logarithmic ? signedLog1p(value) : value
    }
    median = imputed
    hasIndicator = present.count < values.count && !present.isEmpty
    isLogarithmic = logarithmic
    (mean, deviation) = meanAndDeviation(scaled)
  }

  private init(_ centred: NumericEncoder, mean: Double, deviation: Double) {
    median = centred.median
    hasIndicator = centred.hasIndicator
    isLogarithmic = centred.isLogarithmic
    self.mean = mean
    self.deviation = deviation
  }

  /// The same without a shift, so that 0 stays 0: scaled by the root of the mean square. A column of equal numbers that are not
  /// 0 then tells something.
  internal var fromZero: NumericEncoder {
    let largest = max(abs(mean), deviation)
    guard largest > 0 else { return self }
    let squares = (mean / largest) * (mean / largest) + (deviation / largest) * (deviation / largest)
    return NumericEncoder(self, mean: 0, deviation: largest * squares.squareRoot())
  }

  public var width: Int { (deviation > 0 ? 1 : 0) + (hasIndicator ? 1 : 0) }

  /// More deviations from the mean than any training value has; a row further out would otherwise overflow.
  private static let farthest = 1e100

  internal func encode(_ value: Double, into row: inout MutableSpan<Double>, at start: Int) {
    let isMissing = value.isNaN
    var next = start
    if deviation > 0 {
      let value = isMissing ? median : value
      let scaled = ((isLogarithmic ? signedLog1p(value) : value) - mean) / deviation
      row[next] = min(max(scaled, -Self.farthest), Self.farthest)
      next += 1
    }
    if hasIndicator { row[next] = isMissing ? 1 : 0 }
  }
}

/// The lower of the middle two; nil for none.
private func lowerMedian(_ values: [Double]) -> Double? {
  values.isEmpty ? nil : values.sorted()[(values.count - 1) / 2]
}
