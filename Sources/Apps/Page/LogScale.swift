internal import Glibc

/// Places counts on a line by the logarithm of 1 + count, so that 0 has a place and 10 is as far from 100 as 100 from
/// 1,000. Other numbers are counted in a unit of theirs.
package struct LogScale {
  private let low: Double
  private let high: Double
  private let unit: Double

  /// From a count to another.
  package init(from lowest: Double = 0, to highest: Double, unit: Double = 1) {
    self.unit = unit
    low = log10(1 + max(0, lowest) / unit)
    let top = log10(1 + max(0, highest) / unit)
    high = top.isFinite ? max(low + (lowest > 0 ? 0.1 : 1), top) : 308
  }

  /// 0 to 1; what is outside goes to the nearer end.
  package func position(_ count: Double) -> Double {
    guard !count.isNaN else { return 0 }
    return min(1, max(0, (log10(1 + max(0, count) / unit) - low) / (high - low)))
  }

  /// The powers of ten within, and 0 where it begins there; where those are few, 2 and 5 times as much, too.
  package var ticks: [Double] {
    // 1e-5 is a double of its own; 10 to the power of -5 need not be.
    let powers = (-12...12).map { $0 < 0 ? 1 / pow(10, Double(-$0)) : pow(10, Double($0)) }
    let within = { (tick: Double) in (low...high).contains(log10(1 + tick / unit)) }
    if low == 0 { return [0] + powers.filter { $0 > unit && within($0) } }
    let tens = powers.filter(within)
    return tens.count > 2 ? tens : powers.flatMap { [$0, 2 * $0, 5 * $0] }.filter(within)
  }
}
