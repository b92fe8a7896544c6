internal import CKernels
internal import Linalg

/// The columns of a wide training set, less their means and with rows times the square roots of their weights, made one
/// block of columns at a time in memory that stays in the second-level cache.
internal struct CentredColumns: Sendable {
  let training: TrainingSet
  private let weights: [Double]
  /// Square roots of the weights.
  let roots: [Double]
  let isCentred: Bool
  /// What to subtract from each column, once it is known.
  var means: [Double]?

  init(_ training: TrainingSet, centred: Bool) {
    self.training = training
    weights = training.weights ?? Array(repeating: 1, count: training.x.rows)
    roots = weights.map { $0.squareRoot() }
    isCentred = centred
    means = centred ? nil : Array(repeating: 0, count: training.x.columns)
  }

  /// Columns in a block: about a megabyte of them.
  private var blockColumns: Int { max(64, min(512, 131_072 / training.x.rows)) }

  private var parts: [Range<Int>] {
    let columns = training.x.columns
    let count = max(1, min(32, columns / max(512, 4 * training.x.rows)))
    return (0..<count).map { columns * $0 / count..<columns * ($0 + 1) / count }
  }

  /// Calls `body` with every block (samples x columns) and what was subtracted from its columns, in parallel over parts
  /// of the columns, and returns each part's result, in order.
  func mapParts<Result: Sendable>(
    initial: @Sendable () -> Result,
    _ body: @Sendable (inout Result, _ columns: Range<Int>, _ means: [Double], _ block: Matrix<Double>) -> Void
  ) -> [Result] {
    let (rows, parts) = (training.x.rows, parts)
    return Parallel.map(parts.count) { part in
      var result = initial()
      let (first, end) = (parts[part].lowerBound, parts[part].upperBound)
      var block = Matrix<Double>(rows: rows, columns: min(blockColumns, end - first))
      for start in stride(from: first, to: end, by: blockColumns) {
        let range = start..<min(start + blockColumns, end)
        if range.count < block.columns { block = Matrix(rows: rows, columns: range.count) }
        let means = self.means.map { Array($0[range]) } ?? moments(of: range).means
        fill(&block, with: range, means: means)
        body(&result, range, means, block)
      }
      return result
    }
  }

  private func fill(_ block: inout Matrix<Double>, with columns: Range<Int>, means: [Double]) {
    let (rows, width, stride) = (training.x.rows, columns.count, training.x.columns)
    block.withMutableSpan { elements in
      training.x.withSpan { x in
        let means = means.span
        precondition(
          columns.upperBound <= stride && x.count == rows * stride && elements.count == rows * width
            && means.count == width)
        for row in 0..<rows {
          let (from, to, root) = (row * stride + columns.lowerBound, row * width, roots[row])
          // Unchecked, as in AugmentedRows: checks keep the loop from being vectorised.
          for column in 0..<width {
            unsafe elements[unchecked: to &+ column] = (x[unchecked: from &+ column] - means[unchecked: column]) * root
          }
        }
      }
    }
  }

  /// ZZᵀ over the columns of each part, lower triangle, and the moments of these columns.
  func innerProducts() -> [(kernel: Matrix<Double>, moments: ColumnMoments)] {
    let parts = parts
    return Parallel.map(parts.count) { part in
      var sum = OuterProductSum(width: training.x.rows)
      var all = ColumnMoments(means: [], squares: [])
      for start in stride(from: parts[part].lowerBound, to: parts[part].upperBound, by: sum.blockCount) {
        let block = start..<min(start + sum.blockCount, parts[part].upperBound)
        let upcoming = block.upperBound..<min(block.upperBound + sum.blockCount, parts[part].upperBound)
        let moments = moments(of: block)
        sum.add(columns: block, upcoming: upcoming, of: training.x, roots: roots, about: moments.means)
        all.means += moments.means
        all.squares += moments.squares
      }
      return (sum.lowerTriangle, all)
    }
  }

  /// Zᵀa: Σ √w a (x - x̄) for each column, in one pass over rows.
  func transposedProduct(with dual: [Double]) -> [Double] {
    let means = means ?? moments(of: 0..<training.x.columns).means
    let factors = zip(roots, dual).map { $0 * $1 }
    var products = [Double](repeating: 0, count: means.count)
    Parallel.fill(&products, cost: 0.5 * Double(factors.count)) { columns, products in
      precondition(columns.count == products.count)
      unsafe withColumns(columns) { x, rows, stride in
        unsafe products.withUnsafeMutableBufferPointer { products in
          guard let sums = products.baseAddress else { return }
          unsafe means.withUnsafeBufferPointer { means in
            guard let origin = means.baseAddress else { return }
            unsafe kernels_add_weighted_rows(
              x, rows, stride, columns.count, origin + columns.lowerBound, factors, sums)
          }
        }
      }
    }
    return products
  }

  /// Weighted means, exact for a column of equal numbers, which then becomes exactly zero, and Σ w (x - x̄)²; of data that
  /// are not centred 0 and Σ w x².
  private func moments(of columns: Range<Int>) -> ColumnMoments {
    // About the first row: a column of equal numbers sums to exactly nothing, and large means keep their digits.
    let first = columns.map { isCentred ? training.x[0, $0] : 0 }
    var (sums, squares) = ([Double](repeating: 0, count: first.count), [Double](repeating: 0, count: first.count))
    unsafe withColumns(columns) { x, rows, stride in
      unsafe kernels_column_moments(x, rows, stride, columns.count, first, weights, &sums, &squares)
    }
    guard isCentred else { return ColumnMoments(means: first, squares: squares) }
    let total = training.totalWeight
    return ColumnMoments(
      means: zip(first, sums).map { $0 + $1 / total }, squares: zip(squares, sums).map { max(0, $0 - $1 * $1 / total) })
  }

  /// Calls `body` with the first row's part of some columns, the number of rows, and how far apart rows are.
  @unsafe private func withColumns(
    _ columns: Range<Int>, _ body: (_ x: UnsafePointer<Double>, _ rows: Int, _ stride: Int) -> Void
  ) {
    let (rows, stride) = (training.x.rows, training.x.columns)
    precondition(columns.lowerBound >= 0 && columns.upperBound <= stride && roots.count == rows)
    training.x.withSpan { x in
      unsafe x.withUnsafeBufferPointer { x in
        guard let base = x.baseAddress else { return }
        unsafe body(base + columns.lowerBound, rows, stride)
      }
    }
  }
}

/// Of each of some columns.
internal struct ColumnMoments: Sendable {
  var means: [Double]
  var squares: [Double]
}
