/// How good ranges are that should hold a share of the targets.
public struct IntervalScores: Sendable, Hashable, Codable {
  /// The share that should be inside.
  public let level: Double
  public let rows: Int
  /// The share that is inside; NaN for no rows.
  public let coverage: Double
  public let meanWidth: Double
  /// Mean of width + 2 / (1 - level) times how far the target is outside: the least for the true quantiles.
  /// Source: Gneiting & Raftery, "Strictly proper scoring rules", JASA 102(477), 2007.
  public let score: Double

  private enum CodingKeys: String, CodingKey {
    case level, rows, coverage, score
    case meanWidth = "mean_width"
  }

  /// - Parameters: one range and one target a row.
  public init(level: Double, ranges: [ClosedRange<Double>], targets: [Double]) {
    precondition(ranges.count == targets.count, "IntervalScores: \(ranges.count) ranges, \(targets.count) targets")
    let count = Double(ranges.count)
    self.level = level
    rows = ranges.count
    coverage = Double(zip(ranges, targets).count { $0.contains($1) }) / count
    meanWidth = ranges.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) / count }
    score = zip(ranges, targets).reduce(0) { $0 + Self.score($1.0, $1.1, level: level) / count }
  }

  /// Whether figures that were read from a file can be such.
  internal var isSound: Bool {
    level > 0 && level < 1 && rows > 0 && coverage >= 0 && coverage <= 1 && meanWidth >= 0 && score >= 0
  }

  /// That of one row.
  internal static func score(_ range: ClosedRange<Double>, _ target: Double, level: Double) -> Double {
    let outside = max(range.lowerBound - target, target - range.upperBound, 0)
    return range.upperBound - range.lowerBound + 2 / (1 - level) * outside
  }
}
