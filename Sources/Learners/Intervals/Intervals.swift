internal import Linalg

/// Around each prediction of a model, the range in which a share of rows like it has its target.
///
/// Made of what cross-validation has left over, with no fit of the model beyond it: the errors of rows that their model had not
/// seen, on the scale of fitting, each divided by a power of the size that `Spread` expects of it, and put in order
/// (`ErrorRanks`). A new row's range is its prediction with the errors of two ranks added, times the size that is expected of
/// its own. The share holds on average over rows like those of the training table; that it follows the row is what the spread is
/// for. Cross-validated models have seen fewer rows than the final one, so that ranges are rather too wide than too narrow.
/// Sources: Papadopoulos et al., "Inductive confidence machines for regression", ECML 2002 (normalised errors); Barber et al.,
/// "Predictive inference with the jackknife+", Annals of Statistics 49(1), 2021, arXiv:1905.02928 (errors out of fold).
public struct Intervals: Sendable {
  /// Nil where all rows have the same.
  internal let spread: Spread?
  /// The power of the spread that errors are divided by.
  internal let power: Double
  internal let errors: ErrorRanks
  /// Whether no target was negative: then no range goes below 0.
  internal let isAmount: Bool
  /// How good they are, for rows that neither spread nor ranks had seen.
  public let scores: IntervalScores

  internal init(spread: Spread?, power: Double, errors: ErrorRanks, isAmount: Bool, scores: IntervalScores) {
    self.spread = spread
    self.power = power
    self.errors = errors
    self.isAmount = isAmount
    self.scores = scores
  }

  /// Rows whose errors they are made of.
  public var rows: Int { errors.count }

  /// Shares above it have no range: there were too few rows to tell what is so rare.
  public var highestLevel: Double { errors.highestLevel }

  /// Whether the ranges of rows differ in width on the scale of fitting.
  public var followsRows: Bool { spread != nil }

  /// One range a row, on the target's own scale: low ≤ high.
  /// - Parameters:
  ///   - level: the share of targets in their range, above 0 and below 1.
  ///   - predictions: of the model, on the target's own scale.
  ///   - value: of a row and a feature: a number or the index of a level, NaN where missing.
  /// - Throws: `.invalidLevel`; `.levelTooHigh`.
  internal func ranges(
    _ level: Double, predictions: [Double], target: TargetTransform, value: (_ row: Int, _ feature: Int) -> Double
  ) throws(IntervalError) -> [ClosedRange<Double>] {
    guard level > 0 && level < 1 else { throw .invalidLevel(level) }
    guard let bounds = errors.bounds(level) else { throw .levelTooHigh(level, highest: highestLevel) }
    let locations = predictions.map { target.targetScale.location(of: $0) }
    let sizes = sizes(locations, value: value)
    return zip(locations, sizes).map { location, size in
      target.range(from: location + size * bounds.low, to: location + size * bounds.high, isAmount: isAmount)
    }
  }

  private func sizes(_ locations: [Double], value: (_ row: Int, _ feature: Int) -> Double) -> [Double] {
    guard let spread,
      let sizes = try? spread.predict(Spread.matrix(spread.encoders, locations: locations, value: value))
    else { return Array(repeating: 1, count: locations.count) }
    return power == 1 ? sizes : sizes.map { $0.squareRoot() }
  }
}

/// Why there is no range.
public enum IntervalError: Error, Equatable, Sendable {
  /// The model has no errors of rows that it had not seen.
  case none
  case invalidLevel(Double)
  case levelTooHigh(Double, highest: Double)
}

extension IntervalError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .none: "the model has no errors of rows that it was not fitted on"
    case .invalidLevel(let level): "\(level.shortText) is no share between 0 and 1"
    case .levelTooHigh(let level, let highest):
      "it was fitted with too few rows to tell what holds for a share of \(level.shortText): the highest is \(((highest * 1e4).rounded(.down) / 1e4).shortText)"
    }
  }
}

extension TargetTransform {
  /// From two places on the scale of fitting to the target's own, within the bounds of what is believed.
  internal func range(from low: Double, to high: Double, isAmount: Bool) -> ClosedRange<Double> {
    let ends = inverse([low, high].map { ($0 - center) / scale })
    let low = isAmount ? max(ends[0], 0) : ends[0]
    return low...max(low, ends[1])
  }
}
