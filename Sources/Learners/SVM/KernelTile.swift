internal import Linalg

/// A rectangle of kernel values: some points by some others, computed by one matrix product and one pass over it.
///
/// Its size keeps it in the second-level cache; the memory is asked for once and used for many tiles.
internal struct KernelTile {
  static let rows = 64
  static let columns = 1024

  /// Row-major, `columns` to a row of the last evaluation.
  private(set) var values = Matrix<Float>(rows: 0, columns: 0)
  private var products = Matrix<Double>(rows: 0, columns: 0)

  /// Computes k of each of `left[rows]` with each of `right[columns]`.
  mutating func evaluate(
    _ kernel: Kernel, _ left: KernelPoints, _ rows: Range<Int>, _ right: KernelPoints, _ columns: Range<Int>
  ) {
    if values.rows != rows.count || values.columns != columns.count {
      values = Matrix(rows: rows.count, columns: columns.count)
    }
    let factor = kernel.shape == .rbf ? 2.0 : 1.0
    switch (left.elements, right.elements) {
    case (.single(let a), .single(let b)):
      multiply(a[rows: rows], b[rows: columns], into: &values, factor: Float(factor))
    case (.double(let a), .double(let b)):
      if products.rows != rows.count || products.columns != columns.count {
        products = Matrix(rows: rows.count, columns: columns.count)
      }
      multiply(a[rows: rows], b[rows: columns], into: &products, factor: factor)
      narrow(kernel, left, rows, right, columns)
    default:
      preconditionFailure("KernelTile: points of different precision")
    }
    if kernel.shape == .rbf { finishRadial(left, rows, right, columns) }
  }

  /// product := factor · left rightᵀ; a single row is not worth the packing that a matrix product begins with.
  private func multiply<T: Scalar>(
    _ left: Matrix<T>, _ right: Matrix<T>, into product: inout Matrix<T>, factor: T
  ) {
    if left.rows == 1 {
      var row = [T](repeating: 0, count: right.rows)
      BLAS.gemv(right, Array(left.row(0)), into: &row, alpha: factor)
      product = Matrix(rows: 1, columns: right.rows, elements: row)
    } else {
      BLAS.gemm(left, right, transposingSecond: true, into: &product, alpha: factor, beta: 0)
    }
  }

  /// Double precision products to single precision values, or to exponents that are finished as if the norms were 0.
  private mutating func narrow(
    _ kernel: Kernel, _ left: KernelPoints, _ rows: Range<Int>, _ right: KernelPoints, _ columns: Range<Int>
  ) {
    let width = columns.count
    products.withSpan { products in
      values.withMutableSpan { values in
        for row in 0..<rows.count {
          let norm = left.squaredNorms[rows.lowerBound + row]
          for column in 0..<width {
            let product = products[row * width + column]
            values[row * width + column] =
              switch kernel.shape {
              case .rbf: Float(product - norm - right.squaredNorms[columns.lowerBound + column])
              case .linear: Float(product)
              case .polynomial: Float(kernel.power(product + kernel.coefficient0))
              }
          }
        }
      }
    }
  }

  private mutating func finishRadial(
    _ left: KernelPoints, _ rows: Range<Int>, _ right: KernelPoints, _ columns: Range<Int>
  ) {
    let width = columns.count
    var isSingle = false
    if case .single = left.elements { isSingle = true }
    let columnNorms = columns.map { isSingle ? Float(right.squaredNorms[$0]) : 0 }
    values.withMutableSpan { values in
      for row in 0..<rows.count {
        let norm = isSingle ? Float(left.squaredNorms[rows.lowerBound + row]) : 0
        exponentiateDistances(&values, row * width, rowNorm: norm, columnNorms: columnNorms.span)
      }
    }
  }
}

/// values[start…] := exp(min(0, values[start…] - rowNorm - columnNorms)): from 2 zᵀz' to one row of the rbf kernel.
private func exponentiateDistances(
  _ values: inout MutableSpan<Float>, _ start: Int, rowNorm: Float, columnNorms: Span<Float>
) {
  let count = columnNorms.count
  precondition(start + count <= values.count, "KernelTile: \(count) norms from \(start) of \(values.count) values")
  let zero = SIMD8<Float>()
  unsafe values.withUnsafeMutableBufferPointer { values in
    unsafe columnNorms.withUnsafeBufferPointer { norms in
      guard let values = values.baseAddress, let norms = norms.baseAddress else { return }
      let row = unsafe values + start
      let whole = count & ~7
      for first in stride(from: 0, to: whole, by: 8) {
        let exponent = unsafe load8(row + first) - rowNorm - load8(norms + first)
        unsafe store(exponential(exponent.replacing(with: zero, where: exponent .> zero)), at: row + first)
      }
      var rest = zero
      for index in whole..<count { unsafe rest[index - whole] = min(0, row[index] - rowNorm - norms[index]) }
      rest = exponential(rest)
      for index in whole..<count { unsafe row[index] = rest[index - whole] }
    }
  }
}
