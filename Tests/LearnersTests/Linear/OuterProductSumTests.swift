import Learners
import Linalg
import TestSupport
import Testing

struct OuterProductSumTests {
  /// Widths on both sides of whole, half and single panels; rows on both sides of a block.
  @Test(arguments: [1, 2, 5, 6, 7, 13, 14, 22, 29, 30, 46], [true, false])
  func agreesWithThePlainSum(_ features: Int, _ hasWideRegisters: Bool) {
    let rows = 300
    var random = RandomStream(seed: 1, purpose: RandomPurpose("test.outer-products"))
    let x = Matrix<Double>(rows: rows, columns: features) { _, _ in random.normal() }
    let y = (0..<rows).map { _ in random.normal() }
    let roots = (0..<rows).map { _ in random.uniform() }
    let origin = (0...features).map { _ in random.normal() }
    let chosen = (0..<rows).filter { $0 % 7 != 3 }
    var sum = OuterProductSum(width: features + 2, hasWideRegisters: hasWideRegisters)
    sum.add(chosen[0..<100], of: x, y, roots: roots, about: origin)
    sum.add(chosen[100...], of: x, y, roots: roots, about: origin)
    let found = sum.lowerTriangle
    for row in 0..<features + 2 {
      for column in 0...row {
        let expected = chosen.reduce(0.0) { sum, index in
          func element(_ place: Int) -> Double {
            let value = place < features ? x[index, place] : y[index]
            return (place == features + 1 ? 1 : value - origin[place]) * roots[index]
          }
          return sum + element(row) * element(column)
        }
        // Sums of some hundred products of numbers near 1.
        #expect(abs(found[row, column] - expected) < 1e-11, "(\(row), \(column))")
      }
    }
  }

  @Test(arguments: [1, 3, 4, 5, 8, 12, 29], [true, false])
  func columnsAgreeWithThePlainSum(_ rows: Int, _ hasWideRegisters: Bool) {
    var random = RandomStream(seed: 2, purpose: RandomPurpose("test.outer-products"))
    let x = Matrix<Double>(rows: rows, columns: 200) { _, _ in random.normal() }
    let roots = (0..<rows).map { _ in random.uniform() }
    let origin = (0..<200).map { _ in random.normal() }
    var sum = OuterProductSum(width: rows, hasWideRegisters: hasWideRegisters)
    for range in [0..<100, 100..<190] {
      sum.add(
        columns: range, upcoming: range.upperBound..<min(range.upperBound + range.count, x.columns), of: x,
        roots: roots, about: Array(origin[range]))
    }
    let found = sum.lowerTriangle
    for row in 0..<rows {
      for column in 0...row {
        let expected = (0..<190).reduce(0.0) {
          $0 + (x[row, $1] - origin[$1]) * (x[column, $1] - origin[$1]) * roots[row] * roots[column]
        }
        #expect(abs(found[row, column] - expected) < 1e-11, "(\(row), \(column))")
      }
    }
  }
}
