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

  /// - Parameters: one range, one target and, where rows do not count once each, one weight a row.
  public init(level: Double, ranges: [ClosedRange<Double>], targets: [Double], weights: [Double]? = nil) {
    precondition(ranges.count == targets.count, "IntervalScores: \(ranges.count) ranges, \(targets.count) targets")
    let count = weights?.reduce(0, +) ?? Double(ranges.count)
    func mean(_ term: (Int) -> Double) -> Double {
      ranges.indices.reduce(0) { $0 + (weights?[$1] ?? 1) * term($1) / count }
    }
    self.level = level
    rows = ranges.count
    coverage = ranges.indices.reduce(0) { $0 + (ranges[$1].contains(targets[$1]) ? weights?[$1] ?? 1 : 0) } / count
    meanWidth = mean { ranges[$0].upperBound - ranges[$0].lowerBound }
    score = mean { Self.score(ranges[$0], targets[$0], level: level) }
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
