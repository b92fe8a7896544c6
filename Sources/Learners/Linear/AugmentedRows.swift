internal import Linalg

/// The rows of a training set as [x - origin, y - origin, 1], times the square root of their weight, made one block of
/// rows at a time in memory that stays in the second-level cache.
///
/// No centred or weighted copy of X ever exists. Sums of products of these rows are faster by `OuterProductSum`.
internal struct AugmentedRows: Sendable {
  let training: TrainingSet
  /// What is subtracted: one number a feature, then the target's.
  let origin: [Double]

  /// Number of columns of a block: the features, the target, and one that holds the square root of the weight.
  var width: Int { training.x.columns + 2 }
  var targetColumn: Int { training.x.columns }
  var weightColumn: Int { training.x.columns + 1 }

  /// Rows in a block: half a megabyte of them.
  private var blockRows: Int { max(64, 65_536 / width) }

  /// Parts of `rows` rows that are summed on their own and then in order. Their number depends on the shape only; a part
  /// has several times as many rows as there are columns, so that all partial moments together are smaller than X.
  static func parts(of rows: Int, width: Int) -> [Range<Int>] {
    let count = max(1, min(32, rows / max(1_024, 4 * width)))
    return (0..<count).map { rows * $0 / count..<rows * ($0 + 1) / count }
  }

  /// Calls `body` with every block, in parallel over parts of the rows, and returns each part's result, in order.
  ///
  /// - Parameter initial: what each part starts with.
  func mapParts<Result: Sendable>(
    initial: @Sendable () -> Result, _ body: @Sendable (inout Result, _ rows: Range<Int>, Matrix<Double>) -> Void
  ) -> [Result] {
    let parts = Self.parts(of: training.x.rows, width: width)
    return Parallel.map(parts.count) { part in
      var result = initial()
      forEachBlock(of: parts[part]) { body(&result, $0, $1) }
      return result
    }
  }

  /// All rows as one matrix: for the rare problem that needs an orthogonal factorisation.
  func copy() -> Matrix<Double> {
    var all = Matrix<Double>(rows: training.x.rows, columns: width)
    fill(&all, with: 0..<training.x.rows)
    return all
  }

  private func forEachBlock(of rows: Range<Int>, _ body: (Range<Int>, Matrix<Double>) -> Void) {
    var block = Matrix<Double>(rows: min(blockRows, rows.count), columns: width)
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: max(1, block.rows)) {
      let range = start..<min(start + block.rows, rows.upperBound)
      if range.count < block.rows { block = Matrix(rows: range.count, columns: width) }
      fill(&block, with: range)
      body(range, block)
    }
  }

  private func fill(_ block: inout Matrix<Double>, with rows: Range<Int>) {
    let features = training.x.columns
    training.x.withSpan { x in
      block.withMutableSpan { block in
        precondition(block.count == rows.count * width && rows.upperBound * features <= x.count)
        let origin = self.origin.span
        precondition(origin.count == features + 1)
        for (index, row) in rows.enumerated() {
          let scale = training.weights?[row].squareRoot() ?? 1
          let (from, to) = (row * features, index * width)
          // Unchecked: 40 % of the time of a fit went into the checks of this loop, which keep it from being vectorised.
          for column in 0..<features {
            unsafe block[unchecked: to &+ column] = (x[unchecked: from &+ column] - origin[unchecked: column]) * scale
          }
          block[to + features] = (training.y[row] - origin[features]) * scale
          block[to + features + 1] = scale
        }
      }
    }
  }
}
