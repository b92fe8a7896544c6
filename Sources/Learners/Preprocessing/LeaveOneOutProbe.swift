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

  /// As a share of the variance of the target; infinite where it cannot be computed.
  /// - Parameter columns: each with one number a row, of mean 0.
  package func error(_ columns: [[Double]]) -> Double {
    guard !columns.isEmpty else { return 1 }
    let z = Matrix(rows: columns.count, columns: target.count, elements: columns.flatMap { $0 })
    let errors = try? columns.count <= target.count ? primalErrors(z) : dualErrors(z)
    return errors.flatMap { $0.filter(\.isFinite).min() } ?? .infinity
  }

  /// 10⁴ to 10⁻⁸ of the mean eigenvalue, one a decade.
  private func penalties(meanEigenvalue: Double) -> [Double] {
    (0...12).map { decade in
      (0..<decade).reduce(1e4 * (meanEigenvalue > 0 ? meanEigenvalue : 1)) { alpha, _ in alpha / 10 }
    }
  }

  private func primalErrors(_ z: Matrix<Double>) throws(LinalgError) -> [Double] {
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
    let rows = Double(z.columns)
    return alphas.indices.map { alpha in
      (0..<z.columns).reduce(0) { sum, row in
        let remainder = 1 - 1 / rows - leverages[row, alpha]
        let error = remainder > 1e-14 ? (target[row] - fits[row, alpha]) / remainder : .infinity
        return sum + error * error
      } / rows
    }
  }

  private func dualErrors(_ z: Matrix<Double>) throws(LinalgError) -> [Double] {
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
    return alphas.indices.map { alpha in
      (0..<rows).reduce(0) { sum, row in
        let error = remainders[row, alpha] > 0 ? errors[row, alpha] / remainders[row, alpha] : .infinity
        return sum + error * error
      } / Double(rows)
    }
  }
}

extension Matrix<Double> {
  fileprivate mutating func squareElements() {
    withMutableSpan { elements in for index in elements.indices { elements[index] *= elements[index] } }
  }
}
