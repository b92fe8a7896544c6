/// Numbers that are the same to the bit whatever unit they came in.
///
/// Targets of another unit are the same numbers but for their last bits. Those decide wherever two cuts of a tree save the
/// same, and every tree after that is another one. Trees are therefore grown on targets that are counted in a unit of their own
/// and rounded: boosting on `rounded`, forests on `positions`.
package enum UnitFree {
  /// Of large numbers so many leading bits: a last bit of a double in another unit must not reach them.
  private static let leadingBits = 46

  /// Numbers below are not divided by: the reciprocal of this one has a double.
  package static let least = 0x1p-1000

  /// To so many bits behind the point.
  package static func rounded(_ number: Double, fractionBits: Int) -> Double {
    guard number != 0 else { return 0 }
    let exponent = max(-fractionBits, Int(number.exponent) - leadingBits)
    let grid = Double(sign: .plus, exponent: exponent, significand: 1)
    return (number / grid).rounded() * grid
  }

  /// The median distance from the median; where most numbers are equal the mean distance, and where all are, their size.
  /// So large that squares of numbers divided by it are finite; 1 where all are 0.
  package static func spread(of numbers: [Double]) -> Double {
    guard let largest = numbers.lazy.map({ abs($0) }).max(), largest > 0 else { return 1 }
    let middle = lowerMedian(numbers)
    let distances = numbers.map { abs($0 / 2 - middle / 2) }
    var spread = 2 * lowerMedian(distances)
    if spread == 0 { spread = distances.reduce(0) { $0 + $1 / Double(numbers.count) } * 2 }
    if spread == 0 { spread = largest }
    return min(max(spread, largest * 0x1p-60, least), 0x1p1000)
  }

  /// Numbers as distances from their median in a unit, their `spread`, rounded to 2⁻³² of the larger of a unit and themselves.
  ///
  /// A unit moves a number by some 2⁻⁵² of itself, so that one in a million is rounded otherwise than in another unit; what rounding takes
  /// away is 10⁻¹⁹ of the variance. Cost: O(numbers), a sort by digits.
  package static func positions(of numbers: [Double], unit: Double) -> [Double] {
    guard !numbers.isEmpty else { return [] }
    let middle = lowerMedian(numbers)
    return numbers.map { number in
      // Halves: a difference of two numbers may have no double.
      let position = (number / 2 - middle / 2) / unit * 2
      let grid = Double(sign: .plus, exponent: Int(max(abs(position), 1).exponent) - 32, significand: 1)
      return (position / grid).rounded() * grid
    }
  }

  private static func lowerMedian(_ numbers: [Double]) -> Double { sortedByDigits(numbers)[(numbers.count - 1) / 2] }

  /// A number t with low ≤ t < high, as good as halfway. What lies exactly halfway, as on a grid it often does, is below t
  /// whatever unit it comes in: t is a little more than halfway.
  package static func threshold(between low: Double, and high: Double) -> Double {
    let middle = low / 2 + high / 2
    let leaning = middle + (high / 2 - low / 2) * 0x1p-30
    if leaning >= low && leaning < high { return leaning }
    return middle >= low && middle < high ? middle : low
  }
}
