internal import CKernels
internal import Foundation
internal import Linalg
internal import Testing

/// The loops of CKernels beside their plain twins.
@Suite struct SupportVectorKernelsTests {
  private struct Numbers {
    var random: RandomStream

    init(_ index: UInt64) {
      random = RandomStream(seed: 7, purpose: RandomPurpose("test.support-vectors"), index: index)
    }

    mutating func normals(_ count: Int) -> [Double] { (0..<count).map { _ in random.normal() } }
    mutating func floats(_ count: Int) -> [Float] { normals(count).map { Float($0) } }
  }

  /// One addition or product is rounded at a time, here and there: the same bits.
  @Test(arguments: [16, 32, 160]) func advancingIsOneStepOfTheGradient(count: Int) {
    var numbers = Numbers(UInt64(count))
    var (up, down) = (numbers.floats(count), numbers.floats(count))
    for index in stride(from: 0, to: count, by: 5) { (up[index], down[index]) = (-.infinity, .infinity) }
    let (rowI, rowJ) = (numbers.floats(count), numbers.floats(count))
    let step: Float = 0.37
    let changes = zip(rowI, rowJ).map { ($0 - $1) * step }
    let (expectedUp, expectedDown) = (zip(up, changes).map { $0 - $1 }, zip(down, changes).map { $0 - $1 })
    let extremes = unsafe kernels_advance(&up, &down, rowI, rowJ, step, count)
    #expect(up == expectedUp && down == expectedDown)
    #expect(extremes.up == expectedUp.max() && extremes.down == expectedDown.min())
    #expect(extremes.riser == expectedUp.firstIndex(of: extremes.up))
  }

  @Test func theFirstOfEqualRisersIsTaken() {
    var (up, down) = ([Float](repeating: 1, count: 48), [Float](repeating: 1, count: 48))
    up[3] = 0
    for place in [40, 21, 37] { up[place] = 2 }
    let zeros = [Float](repeating: 0, count: 48)
    let extremes = unsafe kernels_advance(&up, &down, zeros, zeros, 1, 48)
    #expect(extremes.riser == 21)
  }

  /// Quotients are compared by products, which may confuse those that differ in the last digits.
  @Test(arguments: [32, 64, 320]) func thePartnerPromisesMost(count: Int) {
    let tolerance: Float = 1e-5
    for sample in 0..<50 {
      var numbers = Numbers(UInt64(1_000 * count + sample))
      let down = numbers.floats(count)
      let diagonal = numbers.floats(count).map { abs($0) + 0.1 }
      let row = numbers.floats(count).map { $0 / 2 }
      let (up, own, smallest) = (Float(0.5), Float(1.2), Float(1e-3))
      let gains = (0..<count).map { index in
        let slope = max(up - down[index], 0)
        return slope * slope / max(own + diagonal[index] - 2 * row[index], smallest)
      }
      let found = unsafe kernels_partner(down, diagonal, row, up, own, smallest, count)
      #expect(gains[found] >= gains.max()! * (1 - tolerance), "sample \(sample)")
    }
  }

  @Test func withoutAGainThereIsNoPartner() {
    let ones = [Float](repeating: 1, count: 64)
    func partner(_ down: [Float]) -> Int { unsafe kernels_partner(down, ones, ones, 2, 1, 1e-12, 64) }
    #expect(partner([Float](repeating: 2, count: 64)) == 64)
    #expect(partner([Float](repeating: .infinity, count: 64)) == 64)
    var one = [Float](repeating: 2, count: 64)
    one[37] = 1
    #expect(partner(one) == 37)
  }

  /// Points of `features` features as rows and as panels.
  private func points(_ count: Int, _ features: Int, _ numbers: inout Numbers) -> (rows: [Double], panels: [Double]) {
    let rows = numbers.normals(count * features).map { $0 / Double(features).squareRoot() }
    var panels = [Double](repeating: 0, count: (count + 31) / 32 * 32 * features)
    for point in 0..<count {
      for feature in 0..<features {
        panels[point / 32 * 32 * features + feature * 32 + point % 32] = rows[point * features + feature]
      }
    }
    return (rows, panels)
  }

  @Test(arguments: [(1, 1), (7, 3), (8, 20), (19, 5)]) func gaussianKernelsAreExponentialsOfDistances(
    rows: Int, features: Int
  ) {
    var numbers = Numbers(UInt64(100 * rows + features))
    let left = points(rows, features, &numbers)
    let right = points(64, features, &numbers)
    func norms(_ rows: [Double], _ count: Int) -> [Float] {
      (0..<count).map { row in Float(rows[row * features..<(row + 1) * features].reduce(0.0) { $0 + $1 * $1 }) }
    }
    let (leftRows, panels) = (left.rows.map { Float($0) }, right.panels.map { Float($0) })
    let (leftNorms, rightNorms) = (norms(left.rows, rows), norms(right.rows, 64))
    var values = [Float](repeating: -1, count: rows * 70)
    unsafe kernels_radial(leftRows, leftNorms, rows, panels, rightNorms, 2, features, &values, 70)
    // Roundings of numbers up to about 16 in the exponent.
    let tolerance = 4e-6
    for row in 0..<rows {
      for column in 0..<64 {
        let distance = (0..<features).reduce(0.0) { sum, feature in
          let difference = left.rows[row * features + feature] - right.rows[column * features + feature]
          return sum + difference * difference
        }
        #expect(abs(Double(values[row * 70 + column]) - exp(-distance)) < tolerance)
      }
      #expect(values[row * 70 + 64..<row * 70 + 70].allSatisfy { $0 == -1 }, "beyond the panels")
      // The bits do not depend on what is computed together.
      var alone = [Float](repeating: 0, count: 64)
      let own = Array(leftRows[row * features..<(row + 1) * features])
      unsafe kernels_radial(own, [leftNorms[row]], 1, panels, rightNorms, 2, features, &alone, 64)
      #expect(alone == Array(values[row * 70..<row * 70 + 64]))
    }
    // Turned round, the bits of the same points on the other sides.
    let turned = points(32, features, &numbers)
    var (one, other) = ([Float](repeating: 0, count: 32 * 64), [Float](repeating: 0, count: 64 * 32))
    let (turnedRows, turnedPanels) = (turned.rows.map { Float($0) }, turned.panels.map { Float($0) })
    let turnedNorms = norms(turned.rows, 32)
    unsafe kernels_radial(turnedRows, turnedNorms, 32, panels, rightNorms, 2, features, &one, 64)
    unsafe kernels_radial_turned(
      right.rows.map { Float($0) }, rightNorms, 64, turnedPanels, turnedNorms, 1, features, &other, 32)
    for row in 0..<32 { #expect((0..<64).allSatisfy { one[row * 64 + $0] == other[$0 * 32 + row] }) }
  }

  /// Sums of up to 20 products of numbers of order 1.
  static let doubleTolerance = 1e-13

  @Test(arguments: [(1, 1), (3, 7), (4, 20), (9, 5)]) func productsAreThoseOfAllPairs(rows: Int, features: Int) {
    var numbers = Numbers(UInt64(10_000 + 100 * rows + features))
    let left = points(rows, features, &numbers)
    let right = points(32, features, &numbers)
    var products = [Double](repeating: 0, count: rows * 32)
    unsafe kernels_products(left.rows, rows, right.panels, 1, features, &products, 32)
    for row in 0..<rows {
      for column in 0..<32 {
        let exact = (0..<features).reduce(0.0) {
          $0 + left.rows[row * features + $1] * right.rows[column * features + $1]
        }
        #expect(abs(products[row * 32 + column] - exact) < Self.doubleTolerance)
      }
    }
  }

  @Test(arguments: [0, 1, 3, 4, 11]) func rowsAreAddedWithTheirCoefficients(rows: Int) {
    var numbers = Numbers(UInt64(20_000 + rows))
    let (values, coefficients) = (numbers.floats(rows * 40), numbers.normals(rows))
    let before = numbers.normals(33)
    var sums = before
    unsafe kernels_add_rows(values, 40, coefficients, rows, &sums, 33)
    for column in 0..<33 {
      let exact = (0..<rows).reduce(before[column]) { $0 + coefficients[$1] * Double(values[$1 * 40 + column]) }
      #expect(abs(sums[column] - exact) < Self.doubleTolerance)
    }
  }
}
