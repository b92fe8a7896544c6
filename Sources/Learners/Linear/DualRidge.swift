internal import Linalg

/// Ridge through the s x s equations (ZZᵀ + αI) a = ỹ, β = Zᵀa, of the centred and weighted data, for s < f.
///
/// Centred data have Zᵀr = 0 for r = √w: adding a multiple of r rᵀ changes no solution and takes away the null direction.
internal struct DualRidge: RidgeForm {
  let means: [Double]
  let targetMean: Double
  let squares: [Double]
  private let columns: CentredColumns
  /// ZZᵀ, lower triangle.
  private let kernel: Matrix<Double>
  /// ỹ.
  private let target: [Double]

  /// - Throws: `.nonFinite` where an element is missing or a product overflows.
  init(_ training: TrainingSet, centred: Bool) throws(FitError) {
    var columns = CentredColumns(training, centred: centred)
    let order = training.x.rows
    let targetMean = centred ? training.targetMeanWithinRange : 0
    let roots = columns.roots
    self.targetMean = targetMean
    target = (0..<order).map { (training.y[$0] - targetMean) * roots[$0] }
    let parts = columns.innerProducts()
    var kernel = parts[0].kernel
    for part in parts.dropFirst() { kernel.add(part.kernel) }
    self.kernel = kernel
    means = parts.flatMap(\.moments.means)
    columns.means = means
    self.columns = columns
    squares = parts.flatMap(\.moments.squares)
    if let row = (0..<order).first(where: { !kernel[$0, $0].isFinite }) {
      try training.requireNoMissing()
      throw .linalg(.nonFinite(row: row, column: row))
    }
  }

  private var order: Int { target.count }
  private var trace: Double { (0..<order).reduce(0) { $0 + kernel[$1, $1] } }
  var meanEigenvalue: Double { trace / Double(max(1, columns.isCentred ? order - 1 : order)) }

  /// ZZᵀ + shift · r rᵀ / Σw, lower triangle: the null direction of the centring gets the eigenvalue `shift`.
  private func kernel(shiftingCentreBy shift: Double) -> Matrix<Double> {
    guard columns.isCentred else { return kernel }
    var shifted = kernel
    BLAS.ger(columns.roots, columns.roots, into: &shifted, alpha: shift / columns.training.totalWeight)
    return shifted
  }

  // MARK: One penalty

  func coefficients(alpha: Double) throws(LinalgError) -> [Double] {
    var penalised = kernel(shiftingCentreBy: meanEigenvalue > 0 ? meanEigenvalue : 1)
    for row in 0..<order { penalised[row, row] += alpha }
    let diagonal = (0..<order).map { penalised[$0, $0] }
    guard let factor = try? Cholesky(factoring: penalised) else { return try orthogonalSolution(alpha: alpha) }
    var dual = factor.solve(target)
    if factor.smallestPivot(relativeTo: diagonal) > safePivot { return columns.transposedProduct(with: dual) }
    var (coefficients, fit) = primal(of: dual)
    var before = Double.infinity
    for _ in 0..<8 {
      let correction = factor.solve((0..<order).map { target[$0] - fit[$0] - alpha * dual[$0] })
      for index in dual.indices { dual[index] += correction[index] }
      (coefficients, fit) = primal(of: dual)
      let size = correction.norm / max(dual.norm, .leastNormalMagnitude)
      if size < 1e-13 { return coefficients }
      guard size < 0.5 * before else { break }
      before = size
    }
    return before < 1e-11 ? coefficients : try orthogonalSolution(alpha: alpha)
  }

  /// β = Zᵀa and Zβ, in one pass.
  private func primal(of dual: [Double]) -> (coefficients: [Double], fit: [Double]) {
    let order = self.order
    let parts = columns.mapParts(initial: { ([Double](), [Double](repeating: 0, count: order)) }) { sum, _, _, block in
      var coefficients = [Double](repeating: 0, count: block.columns)
      BLAS.gemv(block, transposed: true, dual, into: &coefficients)
      BLAS.gemv(block, coefficients, into: &sum.1, beta: 1)
      sum.0 += coefficients
    }
    var fit = parts[0].1
    for part in parts.dropFirst() { BLAS.axpy(1, part.1, into: &fit) }
    return (parts.flatMap(\.0), fit)
  }

  private func orthogonalSolution(alpha: Double) throws(LinalgError) -> [Double] {
    let order = self.order
    let blocks = columns.mapParts(initial: { [(Range<Int>, Matrix<Double>)]() }) { $0.append(($1, $3)) }
    var all = Matrix<Double>(rows: order, columns: means.count)
    for (columns, block) in blocks.flatMap({ $0 }) {
      for row in 0..<order {
        for (index, column) in columns.enumerated() { all[row, column] = block[row, index] }
      }
    }
    return try orthogonalRidge(all, target, alpha: alpha)
  }

  // MARK: All penalties

  func coefficients(alphas: [Double]) throws(LinalgError) -> [[Double]] {
    guard alphas.count > 1 else {
      return try alphas.map { alpha throws(LinalgError) in try coefficients(alpha: alpha) }
    }
    let shifted = kernel(shiftingCentreBy: meanEigenvalue > 0 ? meanEigenvalue : 1)
    let duals = try Spectrum(of: shifted).solutions(for: target, alphas: alphas)
    return try alphas.indices.map { index throws(LinalgError) in
      if let dual = duals[index] { return columns.transposedProduct(with: dual) }
      return try coefficients(alpha: alphas[index])
    }
  }

  /// With ZZᵀ = U diag(λ) Uᵀ the leave-one-out error of row i is Σⱼ uᵢⱼ (uⱼᵀỹ) gⱼ / Σⱼ uᵢⱼ² gⱼ with gⱼ = α / (λⱼ + α),
  /// over all directions but the centre's: no difference of nearly equal numbers, however small α is. Cost
  /// 4 s³ + 4 s² A flops for A penalties.
  func mapLeaveOneOutErrors<Result: Sendable>(
    alphas: [Double], _ body: @Sendable (_ rows: Range<Int>, Matrix<Double>) -> Result
  ) throws(LinalgError) -> [Result] {
    // Above every other eigenvalue, so that the centre's direction is the last one.
    let norm = (0..<order).reduce(0) { sum, row in
      (0..<row).reduce(sum + kernel[row, row] * kernel[row, row]) { $0 + 2 * kernel[row, $1] * kernel[row, $1] }
    }.squareRoot()
    let eigen = try SymmetricEigen(decomposing: kernel(shiftingCentreBy: norm > 0 ? 2 * norm : 1))
    let kept = columns.isCentred ? order - 1 : order
    var vectors = eigen.vectors[rows: 0..<kept]
    let components = vectors.times(target)
    let damping = Matrix(rows: kept, columns: alphas.count) { alphas[$1] / (max(0, eigen.values[$0]) + alphas[$1]) }
    var errors = Matrix<Double>(rows: order, columns: alphas.count)
    let damped = Matrix(rows: kept, columns: alphas.count) { damping[$0, $1] * components[$0] }
    BLAS.gemm(vectors, transposingFirst: true, damped, into: &errors)
    vectors.square()
    var remainders = Matrix<Double>(rows: order, columns: alphas.count)
    BLAS.gemm(vectors, transposingFirst: true, damping, into: &remainders)
    for row in 0..<order {
      for column in alphas.indices {
        let remainder = remainders[row, column] * columns.roots[row]
        errors[row, column] = remainder > 0 ? errors[row, column] / remainder : .infinity
      }
    }
    return [body(0..<order, errors)]
  }
}

extension [Double] {
  fileprivate var norm: Double { reduce(0) { $0 + $1 * $1 }.squareRoot() }
}

extension TrainingSet {
  /// The weighted mean of the targets, kept within their range: of equal targets it is exactly their value.
  fileprivate var targetMeanWithinRange: Double {
    Swift.max(y.min() ?? 0, Swift.min(y.max() ?? 0, targetMean))
  }
}
