internal import Linalg

/// The solutions of one fold for all penalties.
internal struct FoldFits: Sendable {
  /// alphas x features.
  let coefficients: Matrix<Double>
  /// Whether some penalties were fitted from rows.
  let isRefitted: Bool
  let distinctFits: Int
  /// What predictions are counted from: the training means, or zeros without intercept.
  private let centre: [Double]
  /// The prediction at the centre, one a penalty.
  private let levels: [Double]

  init(
    _ training: TrainingSet, rows: [Int], moments: Gram?, alphas: [Double], fitsIntercept: Bool,
    scaling: RidgeCrossValidation.Scaling, fold: Int
  ) throws(FitError) {
    let features = training.x.columns
    guard let moments else {
      let refit = try FoldRows(training, rows: rows, fitsIntercept: fitsIntercept, scaling: scaling, fold: fold)
      (coefficients, levels) = try refit.solve(alphas: alphas)
      (centre, isRefitted, distinctFits) = (refit.centre, true, 1)
      return
    }
    let (gram, product) = moments.normalEquations(centred: fitsIntercept)
    let means = fitsIntercept ? moments.means : Array(repeating: 0, count: features + 1)
    let factors = scaling.factors(fold: fold, squares: (0..<features).map { gram[$0, $0] }, weight: moments.weight)
    let scaled = Matrix(rows: features, columns: features) { factors[$0] * gram[$0, $1] * factors[$1] }
    let solutions: [[Double]?]
    do throws(LinalgError) {
      solutions = try Spectrum(of: scaled, squares: (0..<features).map { scaled[$0, $0] })
        .solutions(for: zip(factors, product).map { $0 * $1 }, alphas: alphas)
    } catch {
      throw .linalg(error)
    }
    var coefficients = Matrix(rows: alphas.count, columns: features) { (solutions[$0]?[$1] ?? 0) * factors[$1] }
    var levels = Array(repeating: means[features], count: alphas.count)
    var centre = Array(means.dropLast())
    let doubtful = alphas.indices.filter { solutions[$0] == nil }
    if !doubtful.isEmpty {
      let refit = try FoldRows(training, rows: rows, fitsIntercept: fitsIntercept, scaling: scaling, fold: fold)
      let solved = try refit.solve(alphas: doubtful.map { alphas[$0] })
      coefficients.setRows(doubtful, to: solved.coefficients)
      // Both centres are the training means, up to rounding.
      for (index, level) in zip(doubtful, solved.levels) { levels[index] = level }
      centre = refit.centre
    }
    self.coefficients = coefficients
    self.levels = levels
    self.centre = centre
    isRefitted = !doubtful.isEmpty
    distinctFits = isRefitted ? 2 : 1
  }

  var intercepts: [Double] {
    zip(levels, coefficients.times(centre)).map { $0 - $1 }
  }

  /// rows x alphas, by products of blocks of rows that stay in cache.
  func predictions(for rows: [Int], of x: Matrix<Double>) -> Matrix<Double> {
    let blocks = (rows.count + Self.blockRows - 1) / Self.blockRows
    let parts = Parallel.map(blocks) { index in
      let block = rows[index * Self.blockRows..<min((index + 1) * Self.blockRows, rows.count)]
      var centred = Matrix<Double>(rows: block.count, columns: x.columns)
      centred.gather(block, of: x, less: centre)
      var predictions = Matrix(rows: block.count, columns: levels.count) { levels[$1] }
      BLAS.gemm(centred, coefficients, transposingSecond: true, into: &predictions, beta: 1)
      return predictions
    }
    return Matrix(rows: rows.count, columns: levels.count, elements: parts.flatMap { $0.elements })
  }

  private static let blockRows = 256
}

extension Matrix<Double> {
  /// Replaces rows by those of another matrix, in its order.
  internal mutating func setRows(_ indices: [Int], to rows: Matrix) {
    let width = columns
    withMutableSpan { elements in
      rows.withSpan { source in
        for (index, row) in indices.enumerated() {
          for column in 0..<width { elements[row * width + column] = source[index * width + column] }
        }
      }
    }
  }

  /// Fills all rows with those of x that have the given indices, less `centre`.
  fileprivate mutating func gather(_ rows: ArraySlice<Int>, of x: Matrix, less centre: [Double]) {
    let width = columns
    withMutableSpan { elements in
      x.withSpan { x in
        let centre = centre.span
        precondition(centre.count == width && elements.count == rows.count * width)
        for (index, row) in rows.enumerated() {
          precondition(row >= 0 && (row + 1) * width <= x.count)
          // Unchecked, as in AugmentedRows: checks keep the loop from being vectorised.
          for column in 0..<width {
            unsafe elements[unchecked: index &* width &+ column] =
              x[unchecked: row &* width &+ column] - centre[unchecked: column]
          }
        }
      }
    }
  }
}
