/// Where a model expects the true number, from its lowest quantile to its highest.
public struct PredictedInterval: Sendable {
  public var low: Double
  public var high: Double
  /// Of rows like this one, 0 to 1, that it expects between them.
  public var share: Double

  public init(low: Double, high: Double, share: Double) {
    self.low = low
    self.high = high
    self.share = share
  }

  internal var range: ClosedRange<Double> { low...max(low, high) }

  internal func html(_ numbers: TargetNumbers) -> HTML {
    "\((share * 100).decimals(0)) % are expected between \(numbers.text(low)) and \(numbers.text(high))"
  }
}
