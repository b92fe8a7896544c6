/// A dimension of a matrix product, cut into ranges of equal work that threads compute on their own.
///
/// The cut depends on the shape only. Strips number a power of two, so that 2, 4, … threads get equal shares, and are
/// long, because OpenBLAS packs the other operand anew for each: at 200 indices this costs 7 %, at 500 nothing that
/// can be measured.
package struct Strips {
  package let count: Int
  private let length: Int
  private let isTriangle: Bool

  /// - Parameters:
  ///   - flops: floating-point operations of the whole product.
  ///   - isTriangle: the work of an index grows with it, as that of a row of a lower triangle does.
  package init(of length: Int, flops: Double, isTriangle: Bool = false) {
    self.length = length
    self.isTriangle = isTriangle
    // The last strip of a triangle is about half as long as the others would be without it.
    let shortest = isTriangle ? 384 : 256
    let cost = flops * Self.nanosecondsPerFlop / Double(length)
    let most = Parallel.partCount(length, cost: cost, minimum: shortest)
    count = 1 << (Int.bitWidth - 1 - most.leadingZeroBitCount)
  }

  package subscript(index: Int) -> Range<Int> {
    boundary(index)..<boundary(index + 1)
  }

  /// A multiple of 16, which the kernels' register blocks divide.
  private func boundary(_ index: Int) -> Int {
    guard index < count else { return length }
    let share = Double(index) / Double(count)
    return Int(Double(length) * (isTriangle ? share.squareRoot() : share)) / 16 * 16
  }

  /// About what one core needs; it only decides from which size on a second thread is worth waking.
  private static let nanosecondsPerFlop = 0.02
}
