internal import Linalg

/// How well ridge regression on some columns predicts rows that it has not seen: the mean squared leave-one-out error, the
/// least over a path of penalties, exact and without refitting.
///
/// With ZZᵀ = V diag(λ) Vᵀ of the columns Z (features x rows, standardised) the leverage of a row is
/// h = 1/n + Σⱼ (vⱼᵀz)² / (λⱼ + α), its error e / (1 - h). With fewer rows than columns the same from ZᵀZ, see
/// `DualRidge`. A row of weight w counts as w copies that are left out together. Cost 2 n p² + 4 p³ flops, or 2 n² p + 4 n³. It is a small twin of the learner `ridge`, for it prepares what
/// that one is given.
package struct LeaveOneOutProbe: Sendable {
  private let target: [Double]
  /// Nil where each row counts once.
  private let weights: [Double]?

  /// - Parameter target: one a row.
  package init(target: [Double], weights: [Double]? = nil) {
    let (mean, deviation) = meanAndDeviation(target, weights: weights)
    self.weights = weights
    // In deviations, so that no square overflows; the error is a share of the variance.
    self.target = target.map { deviation > 0 ? ($0 - mean) / deviation : 0 }
  }

  private func weight(_ row: Int) -> Double { weights?[row] ?? 1 }

  private var total: Double { weights?.reduce(0, +) ?? Double(target.count) }

  /// The mean of `squaredErrors`; infinite where they cannot be computed.
  package func error(_ columns: [[Double]]) -> Double {
    guard let errors = squaredErrors(columns) else { return .infinity }
    return errors.indices.reduce(0) { $0 + weight($1) * errors[$1] } / max(1, total)
  }

  /// One a row, in units of the variance of the target, at the penalty with the least mean; nil where they cannot be computed.
  /// - Parameter columns: each with one number a row, of weighted mean 0.
  package func squaredErrors(_ columns: [[Double]]) -> [Double]? {
    // Without columns every row is predicted by the mean of all.
    guard !columns.isEmpty else { return target.map { $0 * $0 } }
    let z = Matrix(rows: columns.count, columns: target.count, elements: columns.flatMap { $0 })
    guard let errors = try? columns.count <= target.count ? primalErrors(z) : dualErrors(z) else { return nil }
    let sums = (0..<errors.columns).map { alpha in
      (0..<errors.rows).reduce(0) { $0 + weight($1) * (errors[$1, alpha] * errors[$1, alpha]) }
    }
    guard let least = sums.filter(\.isFinite).min(), let best = sums.firstIndex(of: least) else { return nil }
    return errors.column(best).map { $0 * $0 }
  }

  /// 10⁴ to 10⁻⁸ of the mean eigenvalue, one a decade.
  private func penalties(meanEigenvalue: Double) -> [Double] {
    (0...12).map { decade in
      (0..<decade).reduce(1e4 * (meanEigenvalue > 0 ? meanEigenvalue : 1)) { alpha, _ in alpha / 10 }
    }
  }

  /// Rows x penalties.
  private func primalErrors(_ z: Matrix<Double>) throws(LinalgError) -> Matrix<Double> {
    var gram = Matrix<Double>(rows: z.rows, columns: z.rows)
    let counted = weights.map { weights in Matrix(rows: z.rows, columns: z.columns) { weights[$1] * z[$0, $1] } } ?? z
    BLAS.gemm(counted, z, transposingSecond: true, into: &gram)
    let mean = (0..<z.rows).reduce(0) { $0 + gram[$1, $1] } / Double(z.rows)
    let eigen = try SymmetricEigen(decomposing: gram)
    var components = eigen.vectors.times(z)
    let alphas = penalties(meanEigenvalue: mean)
    let shrinkage = Matrix(rows: z.rows, columns: alphas.count) { 1 / (max(0, eigen.values[$0]) + alphas[$1]) }
    let rotated = components.times(target.indices.map { weight($0) * target[$0] })
    let coefficients = Matrix(rows: z.rows, columns: alphas.count) { rotated[$0] * shrinkage[$0, $1] }
    var fits = Matrix<Double>(rows: z.columns, columns: alphas.count)
    BLAS.gemm(components, transposingFirst: true, coefficients, into: &fits)
    components.squareElements()
    var leverages = Matrix<Double>(rows: z.columns, columns: alphas.count)
    BLAS.gemm(components, transposingFirst: true, shrinkage, into: &leverages)
    let total = total
    return Matrix(rows: z.columns, columns: alphas.count) { row, alpha in
      let remainder = 1 - weight(row) * (1 / total + leverages[row, alpha])
      return remainder > 1e-14 ? (target[row] - fits[row, alpha]) / remainder : .infinity
    }
  }

  /// Rows x penalties. Columns and target are those of the rows times the roots of their weights.
  private func dualErrors(_ z: Matrix<Double>) throws(LinalgError) -> Matrix<Double> {
    let rows = z.columns
    let roots = (0..<rows).map { weight($0).squareRoot() }
    let z = weights == nil ? z : Matrix(rows: z.rows, columns: rows) { roots[$1] * z[$0, $1] }
    var kernel = Matrix<Double>(rows: rows, columns: rows)
    BLAS.gemm(z, transposingFirst: true, z, into: &kernel)
    let trace = (0..<rows).reduce(0) { $0 + kernel[$1, $1] }
    // Centred columns have the direction of the roots with eigenvalue 0: shifted above all others it is the last.
    let shift = 2 * (trace > 0 ? trace : 1) / total
    let eigen = try SymmetricEigen(
      decomposing: Matrix(rows: rows, columns: rows) { kernel[$0, $1] + shift * (roots[$0] * roots[$1]) })
    var vectors = eigen.vectors[rows: 0..<rows - 1]
    let alphas = penalties(meanEigenvalue: trace / Double(max(1, rows - 1)))
    let damping = Matrix(rows: rows - 1, columns: alphas.count) { alphas[$1] / (max(0, eigen.values[$0]) + alphas[$1]) }
    let rotated = vectors.times(target.indices.map { roots[$0] * target[$0] })
    let damped = Matrix(rows: rows - 1, columns: alphas.count) { damping[$0, $1] * rotated[$0] }
    var errors = Matrix<Double>(rows: rows, columns: alphas.count)
    BLAS.gemm(vectors, transposingFirst: true, damped, into: &errors)
    vectors.squareElements()
    var remainders = Matrix<Double>(rows: rows, columns: alphas.count)
    BLAS.gemm(vectors, transposingFirst: true, damping, into: &remainders)
    return Matrix(rows: rows, columns: alphas.count) { row, alpha in
      let remainder = remainders[row, alpha]
      return remainder > 0 ? errors[row, alpha] / roots[row] / remainder : .infinity
    }
  }
}

extension Matrix<Double> {
  fileprivate mutating func squareElements() {
    withMutableSpan { elements in for index in elements.indices { elements[index] *= elements[index] } }
  }
}
