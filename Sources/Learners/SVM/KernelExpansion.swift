internal import Linalg

/// The function Σ coefficientⱼ k(z, zⱼ) of a few points.
internal struct KernelExpansion: Sendable {
  let kernel: Kernel
  let points: KernelPoints
  private let coefficientTiles: [[Float]]

  init(kernel: Kernel, points: KernelPoints, coefficients: [Double]) {
    precondition(
      coefficients.count == points.count, "KernelExpansion: \(coefficients.count) coefficients, \(points.count) points")
    self.kernel = kernel
    self.points = points
    coefficientTiles = stride(from: 0, to: coefficients.count, by: KernelTile.columns).map { first in
      coefficients[first..<min(coefficients.count, first + KernelTile.columns)].map(Float.init)
    }
  }

  /// Whether other points must come in double precision.
  var isDouble: Bool {
    if case .double = points.elements { true } else { false }
  }

  /// Rows that are evaluated together, the last ones filled up with copies: all products have one shape whatever the
  /// number of points, so that the bits of a value do not depend on what else is asked for.
  private static let blockRows = 16

  /// Its values at other points. Kernel values and the sums of up to 1024 terms are single, their sum double precision.
  func values(at others: KernelPoints) -> [Double] {
    guard points.count > 0 && others.count > 0 else { return [Double](repeating: 0, count: others.count) }
    let whole = others.padded(toMultipleOf: Self.blockRows)
    var results = [Double](repeating: 0, count: whole.count)
    let nanosecondsPerValue = 1.5
    let cost = Double(points.count * Self.blockRows) * nanosecondsPerValue
    Parallel.fill(&results, stride: Self.blockRows, cost: cost) { blocks, part in
      var tile = KernelTile()
      var sums = [Float](repeating: 0, count: Self.blockRows)
      for block in blocks {
        let rows = block * Self.blockRows..<(block + 1) * Self.blockRows
        let place = (block - blocks.lowerBound) * Self.blockRows
        for (index, coefficients) in coefficientTiles.enumerated() {
          let start = index * KernelTile.columns
          tile.evaluate(kernel, whole, rows, points, start..<start + coefficients.count)
          BLAS.gemv(tile.values, coefficients, into: &sums)
          for row in 0..<Self.blockRows { part[place + row] += Double(sums[row]) }
        }
      }
    }
    return Array(results.prefix(others.count))
  }
}
