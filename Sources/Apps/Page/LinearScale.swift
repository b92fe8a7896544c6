internal import Glibc

/// Where numbers stand on an axis.
package protocol ChartScale {
  /// 0 to 1; what is outside goes to the nearer end.
  func position(_ value: Double) -> Double
  var ticks: [Double] { get }
  func text(ofTick tick: Double) -> String
}

extension LogScale: ChartScale {
  package func text(ofTick tick: Double) -> String {
    guard tick > 0, tick < 1 else { return tick.axisText }
    let exponent = Int((log10(tick) + 1e-9).rounded(.down))
    guard exponent < -3 else { return TargetNumbers.text(tick, place: exponent) }
    // There is no room for as many noughts.
    return "\(Int((tick * pow(10, Double(-exponent))).rounded()))e\(exponent)"
  }
}

/// Places numbers on a line by their value.
package struct LinearScale: ChartScale {
  private let low: Double
  private let high: Double
  /// Between ticks.
  private let step: Double

  /// From the lowest number to the highest, with some room at both ends.
  package init(from lowest: Double, to highest: Double) {
    let room = max((highest - lowest) * 0.04, highest.magnitude * 1e-9, 1e-300)
    low = lowest - room
    high = highest + room
    let rough = (high - low) / 5
    let power = pow(10, log10(rough).rounded(.down))
    step = power * ([1.0, 2, 5, 10].first { $0 * power >= rough } ?? 10)
  }

  package func position(_ value: Double) -> Double {
    guard !value.isNaN else { return 0 }
    return min(1, max(0, (value - low) / (high - low)))
  }

  package var ticks: [Double] {
    guard step.isFinite, step > 0 else { return [] }
    let first = (low / step).rounded(.up)
    return (0..<20).map { (first + Double($0)) * step }.filter { $0 <= high }
  }

  package func text(ofTick tick: Double) -> String {
    let place = Int(log10(step).rounded(.down))
    guard tick.magnitude >= 10_000, place >= 2 else { return TargetNumbers.text(tick, place: place) }
    return (tick < 0 ? "−" : "") + tick.magnitude.axisText
  }
}
