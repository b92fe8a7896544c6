import Linalg
import Testing

@Suite struct StripsTests {
  @Test(arguments: [1, 255, 511, 512, 1000, 2000, 5000, 100_000], [false, true])
  func stripsCoverTheWholeInOrder(length: Int, isTriangle: Bool) {
    let strips = Strips(of: length, flops: 1e12, isTriangle: isTriangle)
    #expect(strips.count.nonzeroBitCount == 1)
    let ranges = (0..<strips.count).map { strips[$0] }
    #expect(ranges.flatMap { Array($0) } == Array(0..<length))
    #expect(ranges.dropFirst().allSatisfy { $0.lowerBound % 16 == 0 })
    if !isTriangle { #expect(ranges.map(\.count).min()! >= min(length, 240)) }
  }

  @Test func sharesOfATriangleAreEqual() {
    let strips = Strips(of: 4000, flops: 1e12, isTriangle: true)
    #expect(strips.count == 8)
    let shares = (0..<8).map { strip in
      let (lower, upper) = (Double(strips[strip].lowerBound), Double(strips[strip].upperBound))
      return (upper * upper - lower * lower) / (4000 * 4000)
    }
    // Boundaries are rounded down to multiples of 16: at the widest rows that is 0.8 % of the area.
    #expect(shares.allSatisfy { abs($0 - 1 / 8) < 0.01 })
  }

  @Test func smallProductsAreNotCut() {
    #expect(Strips(of: 100_000, flops: 1e6).count == 1)
    #expect(Strips(of: 511, flops: 1e12).count == 1)
    #expect(Strips(of: 512, flops: 1e12).count == 2)
  }
}
