import Learners
import Testing

import Report

@Suite struct RangeFiguresTests {
  /// Around a line with normal errors of 1, ranges have to hold what they promise and be as wide as the normal distribution says.
  @Test func rangesOfNormalErrorsAreThoseOfTheNormalDistribution() throws {
    let comparison = try Scene.comparison(Scene.line(rows: 3_000), [Ridge.self])
    var parts = 0
    let ranges = try #require(comparison.ranges { parts += 1 })
    #expect(parts == 5 && ranges.levels.map(\.level) == [0.5, 0.8, 0.9, 0.95])
    let widths = [1.349, 2.563, 3.290, 3.920]
    for (level, width) in zip(ranges.levels, widths) {
      #expect(level.rows == 3_000)
      // Three standard errors of a share of 3,000, and of its width.
      #expect(abs(level.coverage - level.level) < 3 * (level.level * (1 - level.level) / 3_000).squareRoot())
      #expect(abs(level.meanWidth / width - 1) < 0.06, "\(level.level): \(level.meanWidth)")
      #expect(level.low < level.coverage && level.coverage < level.high && level.medianFactor == nil)
      #expect(level.coverageByTenth?.count == 10)
    }
  }

  /// Nothing of a range may be made of the row it is tried on: with one large error among few, its own rank must not hold it.
  @Test func aRowHasNoSayInItsOwnRange() throws {
    var random = [Double](), y = [Double]()
    for row in 0..<50 {
      random.append(Double(row * 37 % 50))
      y.append(random[row] + (row == 20 ? 1_000 : Double(row % 3)))
    }
    let comparison = try Scene.comparison(Scene.dataset([("x", random), ("y", y)]), [Mean.self])
    let ranges = try #require(comparison.ranges {})
    #expect(ranges.levels.allSatisfy { $0.coverage < 1 })
  }

  @Test func fewRowsHaveNoRanges() throws {
    let comparison = try Scene.comparison(Scene.line(rows: 9), [Mean.self], folds: 3)
    #expect(comparison.ranges {} == nil)
  }

  /// As the formula's author and statsmodels' proportion_confint have it: 8 of 10.
  @Test func wilsonsInterval() {
    let (low, high) = wilsonInterval(0.8, of: 10)
    #expect(abs(low - 0.490162) < 1e-5 && abs(high - 0.943318) < 1e-5)
    #expect(wilsonInterval(1, of: 20).high == 1 && wilsonInterval(0, of: 20).low == 0)
  }
}
