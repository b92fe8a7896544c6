import Foundation
import Learners
import Linalg
import Testing

@Suite struct UnitFreeTests {
  private static func numbers(_ seed: UInt64) -> [Double] {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.units"))
    return (0..<500).map { row in row % 9 == 0 ? 0 : exp(3 * random.normal()) * (row % 4 == 0 ? -1 : 1) }
  }

  /// The same to the bit in any unit.
  @Test(arguments: [1e-6, 1e-3, 7, 1e3, 1e6, 0x1p20]) func unitsLeaveNoTrace(factor: Double) {
    func rounded(_ numbers: [Double]) -> [Double] {
      let spread = UnitFree.spread(of: numbers)
      return numbers.map { UnitFree.rounded($0 / spread, fractionBits: 32) }
    }
    for seed in 0..<5 as Range<UInt64> {
      let numbers = Self.numbers(seed)
      let plain = rounded(numbers)
      #expect(rounded(numbers.map { $0 * factor }) == plain)
      let spread = UnitFree.spread(of: numbers)
      #expect(zip(plain, numbers).allSatisfy { abs($0 * spread - $1) <= max(abs($1) * 0x1p-46, spread * 0x1p-32) })
    }
  }

  /// Far from 0, and with a giant among them.
  @Test(arguments: [1e-6, 1e-3, 7, 1e3, 1e6, 0x1p20]) func positionsHaveNoUnit(factor: Double) {
    func positions(_ numbers: [Double]) -> [Double] {
      UnitFree.positions(of: numbers, unit: UnitFree.spread(of: numbers))
    }
    for seed in 0..<5 as Range<UInt64> {
      let numbers = Self.numbers(seed).map { 40 + $0 } + [1e9]
      let plain = positions(numbers)
      #expect(positions(numbers.map { $0 * factor }) == plain)
      let (spread, middle) = (UnitFree.spread(of: numbers), numbers.sorted()[250])
      #expect(
        zip(plain, numbers).allSatisfy {
          abs($0 * spread - ($1 - middle)) <= 0x1p-32 * max(spread, abs($1 - middle))
        })
    }
    #expect(UnitFree.positions(of: [], unit: 1).isEmpty)
    #expect(UnitFree.positions(of: [-1.7e308, 1.7e308], unit: 1e308).allSatisfy { $0.isFinite })
  }

  @Test func spreadsOfFewDistinctNumbers() {
    #expect(UnitFree.spread(of: [0, 0, 0]) == 1)
    #expect(UnitFree.spread(of: [3, 3, 3]) == 3)
    #expect(UnitFree.spread(of: [5, 5, 5, 9]) == 1)
    #expect(UnitFree.spread(of: [1, 2, 3, 4, 1e6]) == 1)
    // One giant: squares of the others' share of it must not overflow.
    #expect(UnitFree.spread(of: [1, 2, 3, 4, 1e300]) == 1e300 * 0x1p-60)
  }

  @Test func thresholdsLieBetweenNeighbours() {
    for (low, high) in [
      (1.0, 1.0.nextUp), (-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude), (0, Double.leastNonzeroMagnitude),
      (-1, 1), (0, 1e300),
    ] {
      let threshold = UnitFree.threshold(between: low, and: high)
      #expect(threshold >= low && threshold < high)
    }
  }

  /// A number halfway between two others of a grid is below the threshold between them in every unit.
  @Test func whatLiesHalfwayGoesLeft() {
    for factor in [1e-6, 1e-3, 1, 1e3, 1e6] {
      for step in 1...300 {
        let (low, middle, high) = (Double(step) / 10, Double(step + 1) / 10, Double(step + 2) / 10)
        #expect(middle * factor <= UnitFree.threshold(between: low * factor, and: high * factor))
      }
    }
  }
}
