import Learners
import Testing

@Suite struct StrayLimitsTests {
  private static func limits(_ numbers: [Double]) -> StrayLimits {
    let features = [Feature(name: "size"), Feature(name: "kind", levels: ["a", "b"])]
    return StrayLimits(
      TrainingRanges(
        of: FeatureColumns(
          features: features, columns: [numbers, numbers.map { _ in 0 }], rowCount: numbers.count)))
  }

  @Test func aTenthOfTheRangeIsStillWithin() {
    let limits = Self.limits([10, 30, .nan])
    #expect([8, 20, 32].allSatisfy { !limits.isStray($0, feature: 0) })
    #expect([7.99, 32.01, -.infinity, 1e300].allSatisfy { limits.isStray($0, feature: 0) })
    let constant = Self.limits([5, 5])
    #expect(constant.isStray(5.001, feature: 0) && !constant.isStray(5, feature: 0))
  }

  @Test func whatIsMissingOrHasNoRangeIsNone() {
    #expect(!Self.limits([5, 5]).isStray(.nan, feature: 0) && !Self.limits([5, 5]).isStray(1e300, feature: 1))
    #expect(!Self.limits([.nan]).isStray(1e300, feature: 0))
  }

  @Test func rangesAsWideAsNumbersAreDoNotOverflow() {
    let widest = Self.limits([-.greatestFiniteMagnitude, .greatestFiniteMagnitude])
    #expect(!widest.isStray(.greatestFiniteMagnitude, feature: 0) && !widest.isStray(0, feature: 0))
  }
}
