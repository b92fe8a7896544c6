import Deploy
import Testing

@Suite struct PairedComparisonTests {
  @Test func theSameErrorsShowNoDifference() {
    let errors = (0..<100).map { Double($0 % 7) }
    let comparison = PairedComparison(candidate: errors, other: errors)
    #expect(comparison.loss == 0 && comparison.lower == 0 && comparison.upper == 0)
  }

  @Test func aDifferenceOfAllRowsIsSeenBehindLargeErrors() {
    let other = (0..<200).map { Double($0 * $0) + 1 }
    let comparison = PairedComparison(candidate: other.map { $0 * 1.01 }, other: other)
    #expect(abs(comparison.loss - 0.01) < 1e-9 && abs(comparison.upper - 0.01) < 1e-9)
  }

  @Test func theIntervalIsThatOfTheRatio() {
    // Errors of 0 and 2 at equal odds against 1: the loss of n rows has mean 0 and standard deviation 1/√n.
    let candidate = (0..<400).map { Double(($0 % 2) * 2) }
    let comparison = PairedComparison(candidate: candidate, other: [Double](repeating: 1, count: 400))
    #expect(comparison.loss == 0)
    #expect(abs(comparison.upper - 1.96 / 20) < 0.02 && abs(comparison.lower + 1.96 / 20) < 0.02)
  }

  @Test func anyErrorIsMoreThanNone() {
    let none = [Double](repeating: 0, count: 50)
    #expect(PairedComparison(candidate: none.map { _ in 1 }, other: none).upper == .infinity)
    #expect(PairedComparison(candidate: none, other: none).upper == 0)
  }
}
