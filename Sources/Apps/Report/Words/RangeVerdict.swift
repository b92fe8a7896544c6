/// Whether ranges hold as much as they promise: what a share that was seen in so many rows can tell of it.
package struct RangeVerdict {
  package let text: String
  /// Whether what they promise is within the sampling error of what they held.
  package let isFine: Bool

  /// A wider interval cannot tell whether they do.
  private static let widest = 0.06

  package init(_ level: RangeFigures.Level, _ words: Wording) {
    isFine = level.low <= level.level && level.level <= level.high
    let range = "\(words.percent(level.low)) to \(words.percent(level.high))"
    let way = level.coverage < level.level ? "less" : "more"
    text =
      !isFine
      ? "\(abs(level.coverage - level.level) < 0.02 ? "a little \(way)" : way) than promised"
      : level.high - level.low <= Self.widest
        ? "as promised" : "too few rows to tell whether that is as promised (95 %: \(range))"
  }
}
