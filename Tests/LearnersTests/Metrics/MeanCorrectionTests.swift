import Glibc
import Learners
import Linalg
import Testing

struct MeanCorrectionTests {
  /// Medians exp(z) and targets that are lognormal about them: their mean is exp(σ² / 2) times the median.
  private static func lognormal(
    rows: Int, seed: UInt64, deviation: (Double) -> Double
  ) -> (medians: [Double], targets: [Double]) {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.mean-correction"))
    var (medians, targets): ([Double], [Double]) = ([], [])
    for _ in 0..<rows {
      let z = 3 + 1.2 * random.normal()
      medians.append(exp(z) - 1)
      targets.append(exp(z + deviation(z) * random.normal()) - 1)
    }
    return (medians, targets)
  }

  @Test func oneSpreadHasOneFactor() throws {
    let (medians, targets) = Self.lognormal(rows: 20_000, seed: 1) { _ in 0.8 }
    let correction = try #require(MeanCorrection(predictions: medians, targets: targets, offset: 1))
    #expect(correction.form == .factor && correction.flaw == nil && correction.rows == 20_000)
    let expected = exp(0.32)
    for (value, error) in zip(correction.values, correction.errors) {
      #expect(abs(value - expected) < 4 * error, "\(value) is not within four standard errors of \(expected)")
    }
    let total = correction.means(of: medians).reduce(0, +) / targets.reduce(0, +)
    #expect(abs(total - 1) < 0.01)
  }

  /// Residuals that grow with the size: one factor is right for the total and wrong for the small and the large.
  @Test func aSpreadThatGrowsHasAFactorThatGrows() throws {
    let spread: (Double) -> Double = { min(max(0.1 + 0.2 * $0, 0), 1.2) }
    let (medians, targets) = Self.lognormal(rows: 20_000, seed: 2, deviation: spread)
    let correction = try #require(MeanCorrection(predictions: medians, targets: targets, offset: 1))
    #expect(correction.sizes.count > 1)
    let means = correction.means(of: medians)
    for range in [0.0..<2.0, 2..<3, 3..<4, 4..<5] {
      let rows = medians.indices.filter { range.contains(log(medians[$0] + 1)) }
      let ratio = rows.reduce(0) { $0 + means[$1] } / rows.reduce(0) { $0 + targets[$1] }
      // One factor for all would be off by a half and more.
      #expect(abs(ratio - 1) < 0.08, "\(range): \(ratio)")
    }
  }

  @Test func withoutALogarithmItIsAShift() throws {
    var random = RandomStream(seed: 3, purpose: RandomPurpose("test.mean-correction"))
    let medians = (0..<500).map { _ in 10 * random.normal() }
    // Exponential noise about its median: its mean is 1 - ln 2 above that.
    let targets = medians.map { $0 - log(1 - random.uniform()) - log(2) }
    let correction = try #require(MeanCorrection(predictions: medians, targets: targets, offset: nil))
    #expect(correction.form == .shift)
    for (value, error) in zip(correction.values, correction.errors) { #expect(abs(value - (1 - log(2))) < 4 * error) }
    let means = correction.means(of: medians)
    #expect(abs(means.reduce(0, +) - targets.reduce(0, +)) < 1e-6)
  }

  @Test func unitsChangeNothing() throws {
    let (medians, targets) = Self.lognormal(rows: 400, seed: 4) { _ in 1 }
    let one = try #require(MeanCorrection(predictions: medians, targets: targets, offset: 1))
    let scaled = try #require(
      MeanCorrection(predictions: medians.map { 1024 * $0 }, targets: targets.map { 1024 * $0 }, offset: 1024))
    #expect(one.values.count == scaled.values.count)
    for (a, b) in zip(one.means(of: medians), scaled.means(of: medians.map { 1024 * $0 })) {
      #expect(abs(1024 * a - b) < 1e-9 * abs(b))
    }
  }

  @Test func edges() {
    #expect(MeanCorrection(predictions: [1, 2], targets: [1, 2], offset: 1) == nil, "two rows tell too little")
    let nan = [Double](repeating: .nan, count: 20)
    #expect(MeanCorrection(predictions: nan, targets: nan.map { _ in 1 }, offset: 1) == nil)
    // Predictions that are all equal are one group; amounts stay amounts.
    let few = MeanCorrection(
      predictions: (0..<200).map { _ in 0 }, targets: (0..<200).map { $0 == 7 ? 4 : 0 }, offset: 1)
    #expect(few?.values.count == 1)
    #expect((few?.means(of: [0]) ?? []).allSatisfy { abs($0 - 0.02) < 1e-12 })
    let low = MeanCorrection(predictions: (0..<20).map { _ in 9 }, targets: (0..<20).map { _ in 0 }, offset: 1)
    #expect(low?.means(of: [0, 1e308]).allSatisfy { $0 >= 0 && $0.isFinite } == true)
  }
}
