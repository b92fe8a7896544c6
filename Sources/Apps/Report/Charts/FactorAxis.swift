internal import Glibc
internal import Page

/// Axes of differences that are differences of logarithms: shown as factors.
internal enum FactorAxis {
  /// A scale of marks whose ends are texts of factors where that is what differences are.
  static func scale(around values: [Double], isFactors: Bool) -> WhiskerScale {
    guard isFactors else { return WhiskerScale(around: values) }
    let known = values.filter(\.isFinite)
    let reach = max(known.map(abs).max() ?? 1, log(1.2))
    // Both ends as far from 1, at a factor that is round.
    let round = roundFactors.first { log($0) >= reach } ?? exp(reach)
    return WhiskerScale(
      from: -log(round), to: log(round), texts: ("÷ \(round.groupedText)", "× \(round.groupedText)"))
  }

  private static let roundFactors = [1.25, 1.5, 2, 3, 5, 10, 20, 50, 100, 1_000, 10_000, 1e6, 1e9]

  /// For a chart.
  static func chartScale(from low: Double, to high: Double) -> some ChartScale { FactorScale(low, high) }
}

/// Logarithms on a line, with round factors to read.
private struct FactorScale: ChartScale {
  private let line: LinearScale
  let ticks: [Double]

  init(_ low: Double, _ high: Double) {
    line = LinearScale(from: low, to: high)
    let position = line
    let inside = { (factors: [Double]) in
      (factors.reversed().map { -log($0) } + [0] + factors.map { log($0) }).filter { tick in
        tick >= low && tick <= high && position.position(tick) >= 0
      }
    }
    let choices = [
      [10, 100, 1_000, 10_000], [3, 10, 30, 100], [2, 4, 8, 16, 32], [1.5, 2, 3, 5], [1.2, 1.5, 2],
      [1.1, 1.2, 1.3, 1.5],
      [1.05, 1.1, 1.15, 1.2], [1.02, 1.04, 1.06, 1.08],
    ].map(inside)
    ticks = choices.first { $0.count >= 3 } ?? choices.last { $0.count > 1 } ?? [0]
  }

  func position(_ value: Double) -> Double { line.position(value) }

  func text(ofTick tick: Double) -> String {
    let factor = exp(abs(tick))
    guard factor > 1.0001 else { return "× 1" }
    return (tick < 0 ? "÷ " : "× ") + factor.groupedText
  }
}
