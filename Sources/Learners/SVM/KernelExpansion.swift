internal import CKernels
internal import Linalg

/// The function Σ coefficientⱼ k(z, zⱼ) of some points.
internal struct KernelExpansion: Sendable {
  let kernel: Kernel
  let points: KernelPoints
  let coefficients: [Double]

  init(kernel: Kernel, points: KernelPoints, coefficients: [Double]) {
    precondition(
      coefficients.count == points.count, "KernelExpansion: \(coefficients.count) coefficients, \(points.count) points")
    self.kernel = kernel
    self.points = points
    self.coefficients = coefficients
  }

  /// Whether other points must come in double precision.
  var isDouble: Bool {
    if case .double = points.elements { true } else { false }
  }

  /// So many points would leave most of a panel empty.
  private static let few = 8

  /// Its values at other points. Kernel values are single, their sum is double precision, in the order of the points:
  /// the bits of a value do not depend on what else is asked for.
  func values(at others: KernelPoints) -> [Double] {
    guard points.count > 0 && others.count > 0 else { return [Double](repeating: 0, count: others.count) }
    guard others.count > Self.few else { return values(atFew: others) }
    var results = [Double](repeating: 0, count: wholePanels(others.count))
    let cost = Double(points.count * pointsInPanel) * KernelTile.nanoseconds(features: points.features)
    Parallel.fill(&results, stride: pointsInPanel, cost: cost) { panels, part in
      var tile = KernelTile()
      let memory = Scratch<Float>(count: KernelTile.rows * KernelTile.columns)
      unsafe part.withUnsafeMutableBufferPointer { sums in
        unsafe coefficients.withUnsafeBufferPointer { coefficients in
          let start = panels.lowerBound * pointsInPanel
          let end = min(others.count, panels.upperBound * pointsInPanel)
          for first in stride(from: start, to: end, by: KernelTile.columns) {
            let columns = first..<min(end, first + KernelTile.columns)
            let width = wholePanels(columns.count)
            for top in stride(from: 0, to: points.count, by: KernelTile.rows) {
              let rows = top..<min(points.count, top + KernelTile.rows)
              unsafe tile.evaluate(kernel, points, rows, others, columns, into: memory.pointer, stride: width)
              unsafe kernels_add_rows(
                memory.pointer, width, coefficients.baseAddress! + top, rows.count,
                sums.baseAddress! + (first - start), width)
            }
          }
        }
      }
    }
    results.removeLast(results.count - others.count)
    return results
  }

  /// The same bits: the few are the rows of a tile, the points of the expansion fill the panels.
  private func values(atFew others: KernelPoints) -> [Double] {
    var sums = [Double](repeating: 0, count: others.count)
    var tile = KernelTile()
    let memory = Scratch<Float>(count: Self.few * KernelTile.columns)
    for first in stride(from: 0, to: points.count, by: KernelTile.columns) {
      let columns = first..<min(points.count, first + KernelTile.columns)
      unsafe tile.evaluate(
        kernel, others, 0..<others.count, points, columns, into: memory.pointer, stride: KernelTile.columns,
        turned: true)
      unsafe coefficients.withUnsafeBufferPointer { coefficients in
        for row in sums.indices {
          unsafe kernels_add_rows(
            memory.pointer + row * KernelTile.columns, 1, coefficients.baseAddress! + first, columns.count, &sums[row],
            1)
        }
      }
    }
    return sums
  }
}
