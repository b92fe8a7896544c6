internal import CKernels
internal import Linalg

/// Rectangles of kernel values: some points by some others.
internal struct KernelTile {
  /// A rectangle of this many rows and columns stays in the first-level cache.
  static let rows = 32
  static let columns = 256

  private var products: [Double] = []

  /// About what one kernel value of points with so many features takes.
  static func nanoseconds(features: Int) -> Double { 0.5 + 0.015 * Double(features) }

  /// Writes k of each of `left[rows]` with each of `right[columns]` to `target`, `stride` elements from row to row.
  ///
  /// `columns` begin with a panel, and whole panels are written: what stands past the last column is finite. The bits
  /// of a value depend on its two points alone, and on which of them is on the left: `turned` gives those of k of each of
  /// `right` with each of `left`.
  mutating func evaluate(
    _ kernel: Kernel, _ left: KernelPoints, _ rows: Range<Int>, _ right: KernelPoints, _ columns: Range<Int>,
    into target: UnsafeMutablePointer<Float>, stride: Int, turned: Bool = false
  ) {
    precondition(
      columns.upperBound <= right.count && rows.upperBound <= left.count,
      "KernelTile: \(rows) x \(columns) of \(left.count) x \(right.count) points")
    let width = wholePanels(columns.count)
    switch (left.elements, right.elements) {
    case (.single(let a), .single(let b)):
      unsafe a.withPointers(row: rows.lowerBound, panelsOf: b, column: columns.lowerBound) { a, norms, b, otherNorms in
        let radial = unsafe turned ? kernels_radial_turned : kernels_radial
        unsafe radial(a, norms, rows.count, b, otherNorms, width / pointsInPanel, left.features, target, stride)
      }
    case (.double(let a), .double(let b)):
      if products.count < rows.count * width { products = Array(repeating: 0, count: rows.count * width) }
      unsafe products.withUnsafeMutableBufferPointer { buffer in
        guard let products = buffer.baseAddress else { return }
        unsafe a.withPointers(row: rows.lowerBound, panelsOf: b, column: columns.lowerBound) {
          a, norms, b, otherNorms in
          unsafe kernels_products(
            a, rows.count, b, width / pointsInPanel, left.features, products, width)
          for row in 0..<rows.count {
            unsafe Self.finish(
              kernel, products + row * width, norm: norms[row], norms: otherNorms, into: target + row * stride, width,
              turned: turned)
          }
        }
      }
    default:
      preconditionFailure("KernelTile: points of different precision")
    }
  }

  /// One row of double precision products to single precision values.
  private static func finish(
    _ kernel: Kernel, _ products: UnsafePointer<Double>, norm: Double, norms: UnsafePointer<Double>,
    into target: UnsafeMutablePointer<Float>, _ width: Int, turned: Bool
  ) {
    switch kernel.shape {
    case .rbf:
      for column in 0..<width {
        let (first, second) = unsafe turned ? (norms[column], norm) : (norm, norms[column])
        unsafe target[column] = Float(min(0, 2 * products[column] - first - second))
      }
      unsafe kernels_exponential(target, width)
    case .linear:
      for column in 0..<width { unsafe target[column] = Float(products[column]) }
    case .polynomial:
      for column in 0..<width { unsafe target[column] = Float(kernel.power(products[column] + kernel.coefficient0)) }
    }
  }
}
