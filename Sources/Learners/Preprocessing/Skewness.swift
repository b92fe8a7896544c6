internal import Glibc

/// sign(x) ln(1 + |x|): compresses both tails, keeps 0 and the order.
internal func signedLog1p(_ x: Double) -> Double { x < 0 ? -log1p(-x) : log1p(x) }

/// Third standardised moment of the finite numbers among `values`; 0 where they do not vary.
internal func skewness(_ values: some Sequence<Double>) -> Double {
  let finite = values.filter(\.isFinite)
  guard !finite.isEmpty else { return 0 }
  let count = Double(finite.count)
  // Scaled first, so that squares and cubes of large numbers do not overflow.
  let largest = finite.reduce(0) { max($0, abs($1)) }
  guard largest > 0 else { return 0 }
  let mean = finite.reduce(0) { $0 + $1 / largest } / count
  var (second, third) = (0.0, 0.0)
  for value in finite {
    let deviation = value / largest - mean
    second += deviation * deviation
    third += deviation * deviation * deviation
  }
  guard second > 0 else { return 0 }
  return third / count / pow(second / count, 1.5)
}

/// True where the numbers have a long tail (|skewness| > `limit`) that the signed logarithm shortens to less than half.
///
/// Flags are left alone: their skewness is the same after the logarithm.
internal func isHeavyTailed(_ values: [Double], limit: Double = 1) -> Bool {
  let before = abs(skewness(values))
  return before > limit && abs(skewness(values.lazy.map(signedLog1p))) < before / 2
}

/// Fourth standardised moment of the finite numbers among `values`, less the 3 of the normal distribution; 0 where they do
/// not vary.
internal func excessKurtosis(_ values: some Sequence<Double>) -> Double {
  let finite = values.filter(\.isFinite)
  let largest = finite.reduce(0) { max($0, abs($1)) }
  guard largest > 0 else { return 0 }
  let count = Double(finite.count)
  let mean = finite.reduce(0) { $0 + $1 / largest } / count
  var (second, fourth) = (0.0, 0.0)
  for value in finite {
    let square = (value / largest - mean) * (value / largest - mean)
    second += square
    fourth += square * square
  }
  return second > 0 ? fourth / count / (second / count * (second / count)) - 3 : 0
}
