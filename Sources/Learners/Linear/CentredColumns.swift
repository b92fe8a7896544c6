internal import Linalg

/// The columns of a wide training set, less their means and with rows times the square roots of their weights, made one
/// block of columns at a time in memory that stays in the second-level cache.
internal struct CentredColumns: Sendable {
  let training: TrainingSet
  /// Square roots of the weights.
  let roots: [Double]
  let isCentred: Bool
  /// What to subtract from each column, once it is known.
  var means: [Double]?

  init(_ training: TrainingSet, centred: Bool) {
    self.training = training
    roots = training.weights?.map { $0.squareRoot() } ?? Array(repeating: 1, count: training.x.rows)
    isCentred = centred
    means = centred ? nil : Array(repeating: 0, count: training.x.columns)
  }

  /// Columns in a block: about a megabyte of them.
  private var blockColumns: Int { max(64, min(512, 131_072 / training.x.rows)) }

  private var partCount: Int { max(1, min(32, training.x.columns / max(512, 4 * training.x.rows))) }

  /// Calls `body` with every block (samples x columns) and what was subtracted from its columns, in parallel over parts
  /// of the columns, and returns each part's result, in order.
  func mapParts<Result: Sendable>(
    initial: @Sendable () -> Result,
    _ body: @Sendable (inout Result, _ columns: Range<Int>, _ means: [Double], _ block: Matrix<Double>) -> Void
  ) -> [Result] {
    let (rows, columns, parts) = (training.x.rows, training.x.columns, partCount)
    return Parallel.map(parts) { part in
      var result = initial()
      let (first, end) = (columns * part / parts, columns * (part + 1) / parts)
      var block = Matrix<Double>(rows: rows, columns: min(blockColumns, end - first))
      for start in stride(from: first, to: end, by: blockColumns) {
        let range = start..<min(start + blockColumns, end)
        if range.count < block.columns { block = Matrix(rows: rows, columns: range.count) }
        let means = self.means.map { Array($0[range]) } ?? means(of: range)
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

  /// Weighted means, exact for a column of equal numbers, which then becomes exactly zero.
  private func means(of columns: Range<Int>) -> [Double] {
    let (rows, width, stride) = (training.x.rows, columns.count, training.x.columns)
    // About the first row: a column of equal numbers sums to exactly nothing, and large means keep their digits.
    let first = columns.map { training.x[0, $0] }
    var sums = [Double](repeating: 0, count: width)
    var sum = sums.mutableSpan
    training.x.withSpan { x in
      let first = first.span
      precondition(columns.upperBound <= stride && x.count == rows * stride && sum.count == width)
      for row in 0..<rows {
        let (from, weight) = (row * stride + columns.lowerBound, training.weights?[row] ?? 1)
        for column in 0..<width {
          unsafe sum[unchecked: column] += weight * (x[unchecked: from &+ column] - first[unchecked: column])
        }
      }
    }
    let total = training.totalWeight
    return zip(first, sums).map { $0 + $1 / total }
  }
}
