internal import Glibc

// Moments of numbers that count as often as their weights say; without weights, once each.

/// Mean and population standard deviation.
internal func meanAndDeviation(_ values: [Double], weights: [Double]? = nil) -> (mean: Double, deviation: Double) {
  let (mean, deviation) = scaledMeanAndDeviation(values, weights)
  guard deviation < smallSpread * abs(mean) else { return (mean, deviation) }
  // They lie close together, far from 0: their differences are exact.
  let heaviest = weights.flatMap { weights in weights.indices.max { weights[$0] < weights[$1] } } ?? 0
  let origin = values[heaviest]
  let (shift, spread) = scaledMeanAndDeviation(values.map { $0 - origin }, weights)
  // A spread that is only rounding noise is none; whole numbers have no such noise.
  let largest = values.reduce(0) { max($0, abs($1)) }
  let isNoise = spread < 4 * largest.ulp && !values.allSatisfy { $0 == $0.rounded() }
  return (origin + shift, isNoise ? 0 : spread)
}

/// Below this part of the mean, a deviation is not worked out from squares beside it.
private let smallSpread = 1e-9

/// In two passes over numbers scaled so that squares cannot overflow.
private func scaledMeanAndDeviation(
  _ values: [Double], _ weights: [Double]?
) -> (mean: Double, deviation: Double) {
  let largest = values.reduce(0) { max($0, abs($1)) }
  guard largest > 0 else { return (0, 0) }
  let count = weights?.reduce(0, +) ?? Double(values.count)
  let mean = values.indices.reduce(0) { $0 + (weights?[$1] ?? 1) * (values[$1] / largest) } / count
  let variance =
    values.indices.reduce(0) { sum, index in
      let deviation = values[index] / largest - mean
      return sum + (weights?[index] ?? 1) * (deviation * deviation)
    } / count
  return (mean * largest, variance.squareRoot() * largest)
}

/// Third standardised moment of the finite numbers among `values`; 0 where they do not vary.
internal func skewness(_ values: some Sequence<Double>, weights: [Double]? = nil) -> Double {
  guard let moments = StandardisedMoments(values, weights, power: 3) else { return 0 }
  return moments.high / moments.count / pow(moments.second / moments.count, 1.5)
}

/// Fourth standardised moment of the finite numbers among `values`, less the 3 of the normal distribution; 0 where they do
/// not vary.
internal func excessKurtosis(_ values: some Sequence<Double>, weights: [Double]? = nil) -> Double {
  guard let moments = StandardisedMoments(values, weights, power: 4) else { return 0 }
  return moments.high / moments.count / (moments.second / moments.count * (moments.second / moments.count)) - 3
}

/// Sums of powers of deviations from the mean, in units of the largest number so that they do not overflow.
private struct StandardisedMoments {
  let count: Double
  let second: Double
  let high: Double

  /// Nil where the finite numbers do not vary, or there are none.
  /// - Parameter power: of `high`, 3 or 4.
  init?(_ values: some Sequence<Double>, _ weights: [Double]?, power: Int) {
    var (finite, counts) = ([Double](), [Double]())
    for (index, value) in values.enumerated() where value.isFinite {
      finite.append(value)
      if let weights { counts.append(weights[index]) }
    }
    let largest = finite.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return nil }
    func weight(_ index: Int) -> Double { weights == nil ? 1 : counts[index] }
    let count = weights == nil ? Double(finite.count) : counts.reduce(0, +)
    let mean = finite.indices.reduce(0) { $0 + weight($1) * (finite[$1] / largest) } / count
    var (second, high) = (0.0, 0.0)
    for index in finite.indices {
      let deviation = finite[index] / largest - mean
      let square = deviation * deviation
      second += weight(index) * square
      high += weight(index) * (square * (power == 3 ? deviation : square))
    }
    guard second > 0 else { return nil }
    (self.count, self.second, self.high) = (count, second, high)
  }
}
