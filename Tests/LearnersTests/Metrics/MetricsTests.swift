import Learners
import TestSupport
import Testing

/// Scores of scikit-learn and SciPy, made by Tests/Fixtures/make-metrics.py.
private struct MetricsFixture: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let targets: [Double]
    let predictions: [Double]
    let weights: [Double]?
    let r2: Double
    let rootMeanSquaredError: Double
    let meanAbsoluteError: Double
    let medianAbsoluteError: Double
    let meanPinballLoss: Double
    let bias: Double
    let spearman: Double?
    var testDescription: String { name }
  }
  let cases: [Case]

  static let cases: [Case] = (try? fixture("metrics", as: MetricsFixture.self).cases) ?? []
}

struct MetricsTests {
  /// Sums of a few dozen rounded terms, of which ours are compensated and theirs are pairwise.
  private let tolerance = 1e-12

  @Test func fixtureIsThere() { #expect(MetricsFixture.cases.count == 13) }

  @Test(arguments: MetricsFixture.cases)
  fileprivate func agreesWithScikitLearn(_ known: MetricsFixture.Case) {
    let (p, t, w) = (known.predictions, known.targets, known.weights)
    let found = [
      Metrics.r2(predictions: p, targets: t, weights: w),
      Metrics.rootMeanSquaredError(predictions: p, targets: t, weights: w),
      Metrics.meanAbsoluteError(predictions: p, targets: t, weights: w),
      Metrics.medianAbsoluteError(predictions: p, targets: t, weights: w),
      Metrics.meanPinballLoss(predictions: p, targets: t, quantile: 0.9, weights: w),
    ]
    let expected = [
      known.r2, known.rootMeanSquaredError, known.meanAbsoluteError, known.medianAbsoluteError, known.meanPinballLoss,
    ]
    #expect(largestRelativeError(found, expected, floor: 1e-3) <= tolerance)
    // A difference of sums: relative to the size of the errors, not of their mean.
    let bias = Metrics.bias(predictions: p, targets: t, weights: w)
    #expect(abs(bias - known.bias) <= tolerance * max(known.meanAbsoluteError, 1e-3))
    if let spearman = known.spearman {
      #expect(abs(Metrics.spearman(predictions: p, targets: t) - spearman) <= tolerance)
    }
  }

  @Test func weightsCountRows() {
    let t = [1.0, 2, 4, 8, 3], p = [1.5, 2, 3, 9, 1]
    let weights = [2.0, 1, 0, 3, 1]
    let copies = [0, 0, 1, 3, 3, 3, 4]
    let (tt, pp) = (copies.map { t[$0] }, copies.map { p[$0] })
    let scores: [([Double], [Double], [Double]?) -> Double] = [
      { Metrics.r2(predictions: $0, targets: $1, weights: $2) },
      { Metrics.rootMeanSquaredError(predictions: $0, targets: $1, weights: $2) },
      { Metrics.meanAbsoluteError(predictions: $0, targets: $1, weights: $2) },
      { Metrics.medianAbsoluteError(predictions: $0, targets: $1, weights: $2) },
      { Metrics.bias(predictions: $0, targets: $1, weights: $2) },
      { Metrics.meanPinballLoss(predictions: $0, targets: $1, quantile: 0.25, weights: $2) },
      { Metrics.spearman(predictions: $0, targets: $1, weights: $2) },
      { Metrics.coverage(predictions: $0, targets: $1, weights: $2) },
      { Metrics.meanDeviance(predictions: $0, targets: $1, power: 1.5, weights: $2) },
    ]
    for score in scores { #expect(abs(score(p, t, weights) - score(pp, tt, nil)) < 1e-14) }
  }

  @Test func offsetsCostNoDigits() {
    let t = (0..<1_000).map { Double($0 % 17) }
    let p = (0..<1_000).map { Double(($0 * 7) % 13) }
    let plain = Metrics.r2(predictions: p, targets: t)
    let far = Metrics.r2(predictions: p.map { $0 + 0x1p45 }, targets: t.map { $0 + 0x1p45 })
    #expect(abs(plain - far) < 1e-14)
  }

  @Test func degenerateTargets() {
    #expect(Metrics.r2(predictions: [3], targets: [3]) == 1)
    #expect(Metrics.r2(predictions: [4], targets: [3]) == 0)
    #expect(Metrics.r2(predictions: [0.1, 0.1, 0.1], targets: [0.1, 0.1, 0.1]) == 1)
    #expect(Metrics.r2(predictions: [1, 2, 9], targets: [5, 5, 7], weights: [1, 1, 0]) == 0)
    #expect(Metrics.spearman(predictions: [1, 1, 1], targets: [1, 2, 3]).isNaN)
    #expect(Metrics.spearman(predictions: [1, 2, 3], targets: [1, 1, 1]).isNaN)
    #expect(Metrics.spearman(predictions: [1], targets: [1]).isNaN)
    #expect(Metrics.spearman(predictions: [-0.0, 0.0, 1], targets: [1, 1, 2]) == 1)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func aNumberThatIsNotFiniteIsSeen(_ value: Double) {
    for (p, t) in [([1, value, 3], [1, 2, 3]), ([1, 2, 3], [1, value, 3])] as [([Double], [Double])] {
      #expect(Metrics.r2(predictions: p, targets: t).isNaN)
      #expect(Metrics.rootMeanSquaredError(predictions: p, targets: t).isNaN)
      #expect(Metrics.meanAbsoluteError(predictions: p, targets: t).isNaN)
      #expect(Metrics.medianAbsoluteError(predictions: p, targets: t).isNaN)
      #expect(Metrics.bias(predictions: p, targets: t).isNaN)
      #expect(Metrics.spearman(predictions: p, targets: t).isNaN)
      // A row that does not count does not matter.
      #expect(Metrics.medianAbsoluteError(predictions: p, targets: t, weights: [1, 0, 1]) == 0)
      #expect(Metrics.r2(predictions: p, targets: t, weights: [1, 0, 1]) == 1)
    }
  }

  @Test func mismatchedCountsTrap() async {
    await #expect(processExitsWith: .failure) { _ = Metrics.r2(predictions: [1, 2], targets: [1]) }
    await #expect(processExitsWith: .failure) { _ = Metrics.spearman(predictions: [], targets: []) }
    await #expect(processExitsWith: .failure) {
      _ = Metrics.bias(predictions: [1, 2], targets: [1, 2], weights: [1, -1])
    }
  }
}
