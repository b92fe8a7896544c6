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

  /// Its values at other points. Kernel values and the sums of up to 1024 terms are single, their sum double precision.
  func values(at others: KernelPoints) -> [Double] {
    var results = [Double](repeating: 0, count: others.count)
    guard points.count > 0 else { return results }
    let nanosecondsPerValue = 1.5
    Parallel.fill(&results, cost: Double(points.count) * nanosecondsPerValue) { range, part in
      var tile = KernelTile()
      for first in stride(from: range.lowerBound, to: range.upperBound, by: KernelTile.rows) {
        let rows = first..<min(range.upperBound, first + KernelTile.rows)
        var sums = [Float](repeating: 0, count: rows.count)
        for (index, coefficients) in coefficientTiles.enumerated() {
          let start = index * KernelTile.columns
          tile.evaluate(kernel, others, rows, points, start..<start + coefficients.count)
          BLAS.gemv(tile.values, coefficients, into: &sums)
          for row in rows { part[row - range.lowerBound] += Double(sums[row - first]) }
        }
      }
    }
    return results
  }
}
