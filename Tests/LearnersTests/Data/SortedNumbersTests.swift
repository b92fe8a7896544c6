import Learners
import Testing

@Suite struct SortedNumbersTests {
  private static let numbers = [5.0, 1, .nan, 3, 3, 8, -2, 0]
  private static let counts = [1, 2, 4, 1, 3, 2, 1, 5]

  /// What a number counts and how often it is there are the same.
  @Test func aWeightIsSoManyCopies() {
    let weighted = SortedNumbers(Self.numbers, weights: Self.counts.map(Double.init))
    let copies = SortedNumbers(
      zip(Self.numbers, Self.counts).flatMap { number, count in Array(repeating: number, count: count) })
    #expect(weighted.total == copies.total && weighted.total == 15)
    #expect(weighted.median == copies.median)
    for share in stride(from: 0.0, through: 1, by: 0.05) {
      #expect(weighted.quantile(share) == copies.quantile(share), "\(share)")
    }
    for count in 0..<15 { #expect(weighted.number(behind: Double(count)) == copies.number(behind: Double(count))) }
  }

  @Test func theUnitOfWeightsDoesNotMoveTheMiddle() {
    let weights = Self.counts.map { Double($0) * 0.001 }
    #expect(SortedNumbers(Self.numbers, weights: weights).median == 1)
  }

  @Test func nothingHasNoMiddle() {
    #expect(SortedNumbers([.nan]).median == nil && SortedNumbers([.nan], weights: [1]).quantile(0.5) == nil)
  }
}
