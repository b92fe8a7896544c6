import Learners
import TestSupport
import Testing

@Suite struct FoldMeanTests {
  /// SciPy's, by Tests/Fixtures/make-report.py.
  struct Cases: Decodable {
    struct Corrected: Decodable {
      let values: [Double]
      let heldOut: Double
      let level: Double
      let mean: Double
      let low: Double
      let high: Double
      /// Of being above 0.01.
      let chance: Double
    }
    let corrected: [Corrected]
  }

  @Test func intervalsAreSciPys() throws {
    for known in try fixture("report", as: Cases.self).corrected {
      let mean = try #require(FoldMean(known.values, heldOutPerLearned: known.heldOut))
      let interval = try #require(mean.interval(known.level))
      let found = [mean.mean, interval.lowerBound, interval.upperBound, mean.chance(above: 0.01) ?? .nan]
      #expect(largestAbsoluteError(found, [known.mean, known.low, known.high, known.chance]) < 1e-12)
    }
  }

  @Test func whatIsNotDefinedIsLeftOut() throws {
    let mean = try #require(FoldMean([1, .nan, 3, .infinity], heldOutPerLearned: 0.25))
    #expect(mean.folds == 2 && mean.mean == 2)
    #expect(FoldMean([.nan], heldOutPerLearned: 0.25) == nil)
    let single = try #require(FoldMean([1], heldOutPerLearned: 0.25))
    #expect(single.interval() == nil && single.chance(above: 0) == nil)
  }

  @Test func foldsThatAgreeLeaveNoDoubt() throws {
    let mean = try #require(FoldMean([0.5, 0.5, 0.5], heldOutPerLearned: 0.5))
    #expect(mean.interval() == 0.5...0.5)
    #expect(mean.chance(above: 0.4) == 1 && mean.chance(above: 0.6) == 0 && mean.chance(above: 0.5) == 0.5)
  }

  @Test func foldsSayHowManyRowsTheyHoldOut() throws {
    #expect(abs(try Folds(shuffling: 100, into: 5, seed: 0).heldOutPerLearned - 0.25) < 1e-15)
    // Of ten moments two are learned from alone; then 2, 4, 6 and 8 of them, and two are held out each time.
    let inTime = try Folds(inOrderOf: (0..<10).map(Double.init), into: 4)
    #expect(abs(inTime.heldOutPerLearned - 8.0 / 20) < 1e-15)
  }

  /// Without the correction an interval would be narrower by far: with 5 folds by a third.
  @Test func theCorrectionWidens() throws {
    let values = [0.1, 0.2, 0.3, 0.4, 0.5]
    let error = { FoldMean(values, heldOutPerLearned: $0)?.standardError ?? .nan }
    #expect(abs(error(0.25) / error(0) - 1.5) < 1e-12)
  }
}
