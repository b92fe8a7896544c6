internal import Linalg

/// How well ridge regression on some columns predicts rows that it has not seen: the mean squared leave-one-out error, the
/// least over a path of penalties, exact and without refitting.
///
/// With ZZᵀ = V diag(λ) Vᵀ of the columns Z (features x rows, standardised) the leverage of a row is
/// h = 1/n + Σⱼ (vⱼᵀz)² / (λⱼ + α), its error e / (1 - h). With fewer rows than columns the same from ZᵀZ, see
/// `DualRidge`. Cost 2 n p² + 4 p³ flops, or 2 n² p + 4 n³. It is a small twin of the learner `ridge`, for it prepares what
/// that one is given.
package struct LeaveOneOutProbe: Sendable {
  private let target: [Double]

  /// - Parameter target: one a row.
  package init(target: [Double]) {
    let (mean, deviation) = meanAndDeviation(target)
    // In deviations, so that no square overflows; the error is a share of the variance.
    self.target = target.map { deviation > 0 ? ($0 - mean) / deviation : 0 }
  }

  /// The mean of `squaredErrors`; infinite where they cannot be computed.
  package func error(_ columns: [[Double]]) -> Double {
    guard let errors = squaredErrors(columns) else { return .infinity }
    return errors.reduce(0, +) / Double(max(1, errors.count))
  }

  /// One a row, in units of the variance of the target, at the penalty with the least mean; nil where they cannot be computed.
  /// - Parameter columns: each with one number a row, of mean 0.
  package func squaredErrors(_ columns: [[Double]]) -> [Double]? {
    // Without columns every row is predicted by the mean of all.
    guard !columns.isEmpty else { return target.map { $0 * $0 } }
    let z = Matrix(rows: columns.count, columns: target.count, elements: columns.flatMap { $0 })
    guard let errors = try? columns.count <= target.count ? primalErrors(z) : dualErrors(z) else { return nil }
    let sums = (0..<errors.columns).map { alpha in
      (0..<errors.rows).reduce(0) { $0 + errors[$1, alpha] * errors[$1, alpha] }
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
    BLAS.gemm(z, z, transposingSecond: true, into: &gram)
    let mean = (0..<z.rows).reduce(0) { $0 + gram[$1, $1] } / Double(z.rows)
    let eigen = try SymmetricEigen(decomposing: gram)
    var components = eigen.vectors.times(z)
    let alphas = penalties(meanEigenvalue: mean)
    let shrinkage = Matrix(rows: z.rows, columns: alphas.count) { 1 / (max(0, eigen.values[$0]) + alphas[$1]) }
    let rotated = components.times(target)
    let weights = Matrix(rows: z.rows, columns: alphas.count) { rotated[$0] * shrinkage[$0, $1] }
    var fits = Matrix<Double>(rows: z.columns, columns: alphas.count)
    BLAS.gemm(components, transposingFirst: true, weights, into: &fits)
    components.squareElements()
    var leverages = Matrix<Double>(rows: z.columns, columns: alphas.count)
    BLAS.gemm(components, transposingFirst: true, shrinkage, into: &leverages)
    return Matrix(rows: z.columns, columns: alphas.count) { row, alpha in
      let remainder = 1 - 1 / Double(z.columns) - leverages[row, alpha]
      return remainder > 1e-14 ? (target[row] - fits[row, alpha]) / remainder : .infinity
    }
  }

  /// Rows x penalties.
  private func dualErrors(_ z: Matrix<Double>) throws(LinalgError) -> Matrix<Double> {
    let rows = z.columns
    var kernel = Matrix<Double>(rows: rows, columns: rows)
    BLAS.gemm(z, transposingFirst: true, z, into: &kernel)
    let trace = (0..<rows).reduce(0) { $0 + kernel[$1, $1] }
    // Centred columns have the direction of all ones with eigenvalue 0: shifted above all others it is the last.
    let shift = 2 * (trace > 0 ? trace : 1) / Double(rows)
    let eigen = try SymmetricEigen(decomposing: Matrix(rows: rows, columns: rows) { kernel[$0, $1] + shift })
    var vectors = eigen.vectors[rows: 0..<rows - 1]
    let alphas = penalties(meanEigenvalue: trace / Double(max(1, rows - 1)))
    let damping = Matrix(rows: rows - 1, columns: alphas.count) { alphas[$1] / (max(0, eigen.values[$0]) + alphas[$1]) }
    let rotated = vectors.times(target)
    let damped = Matrix(rows: rows - 1, columns: alphas.count) { damping[$0, $1] * rotated[$0] }
    var errors = Matrix<Double>(rows: rows, columns: alphas.count)
    BLAS.gemm(vectors, transposingFirst: true, damped, into: &errors)
    vectors.squareElements()
    var remainders = Matrix<Double>(rows: rows, columns: alphas.count)
    BLAS.gemm(vectors, transposingFirst: true, damping, into: &remainders)
    return Matrix(rows: rows, columns: alphas.count) { row, alpha in
      remainders[row, alpha] > 0 ? errors[row, alpha] / remainders[row, alpha] : .infinity
    }
  }
}

extension Matrix<Double> {
  fileprivate mutating func squareElements() {
    withMutableSpan { elements in for index in elements.indices { elements[index] *= elements[index] } }
  }
}
