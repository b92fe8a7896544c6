internal import Linalg

/// Ridge through the f x f normal equations (ZᵀZ + αI) β = Zᵀỹ of the centred and weighted data, for s ≥ f.
internal struct PrimalRidge: RidgeForm {
  let means: [Double]
  let targetMean: Double
  let squares: [Double]
  private let training: TrainingSet
  private let isCentred: Bool
  private let gram: Matrix<Double>
  private let product: [Double]

  /// - Throws: `.nonFinite` where an element is missing or a moment overflows.
  init(_ training: TrainingSet, centred: Bool) throws(FitError) {
    let origin =
      centred ? Gram.origin(near: training) : Array(repeating: 0, count: training.x.columns + 1)
    let sums = Gram(of: training, about: origin)
    // NaN or infinity anywhere in a column reaches its moments: no pass over X has to look for it.
    if let column = origin.indices.first(where: { !sums.moments[$0, $0].isFinite }) {
      try training.requireNoMissing()
      throw .linalg(.nonFinite(row: column, column: column))
    }
    let (gram, product) = sums.normalEquations(centred: centred)
    let means = centred ? sums.means : origin
    self.gram = gram
    self.product = product
    self.means = Array(means.dropLast())
    targetMean = means[gram.rows]
    squares = (0..<gram.rows).map { gram[$0, $0] }
    self.training = training
    isCentred = centred
  }

  var meanEigenvalue: Double {
    let varying = squares.filter { $0 > 0 }
    return varying.isEmpty ? 0 : varying.reduce(0, +) / Double(varying.count)
  }

  /// The rows about their very means.
  private var rows: AugmentedRows { AugmentedRows(training: training, origin: means + [targetMean]) }

  // MARK: One penalty

  func coefficients(alpha: Double) throws(LinalgError) -> [Double] {
    var penalised = gram
    // A column that does not vary is decoupled from all others; any positive number makes its coefficient 0.
    for column in squares.indices { penalised[column, column] = squares[column] > 0 ? squares[column] + alpha : 1 }
    let diagonal = squares.indices.map { penalised[$0, $0] }
    guard let factor = try? Cholesky(factoring: penalised) else { return try orthogonalSolution(alpha: alpha) }
    let solution = factor.solve(product)
    if factor.smallestPivot(relativeTo: diagonal) > safePivot { return solution }
    if let refined = refine(solution, with: factor, alpha: alpha) { return refined }
    return try orthogonalSolution(alpha: alpha)
  }

  /// Corrects a solution by the residual Zᵀ(ỹ - Zβ) - αβ computed from the rows themselves, which takes back what
  /// forming ZᵀZ has lost; nil where the corrections do not shrink.
  private func refine(_ solution: [Double], with factor: Cholesky<Double>, alpha: Double) -> [Double]? {
    var solution = solution
    var before = Double.infinity
    for _ in 0..<8 {
      let correction = factor.solve(residual(of: solution, alpha: alpha))
      for index in solution.indices { solution[index] += correction[index] }
      let size = relativeSize(of: correction, to: solution, squares: squares)
      if size < 1e-13 { return solution }
      guard size < 0.5 * before else { return before < 1e-11 ? solution : nil }
      before = size
    }
    return before < 1e-11 ? solution : nil
  }

  private func residual(of solution: [Double], alpha: Double) -> [Double] {
    let rows = rows
    let fit = solution.map { -$0 } + [1, 0]
    let parts = rows.mapParts(initial: { [Double](repeating: 0, count: rows.width) }) { sum, _, block in
      var errors = [Double](repeating: 0, count: block.rows)
      BLAS.gemv(block, fit, into: &errors)
      BLAS.gemv(block, transposed: true, errors, into: &sum, beta: 1)
    }
    return solution.indices.map { index in
      squares[index] > 0 ? parts.reduce(0) { $0 + $1[index] } - alpha * solution[index] : 0
    }
  }

  private func orthogonalSolution(alpha: Double) throws(LinalgError) -> [Double] {
    let all = rows.copy()
    let features = squares.count
    // One row more than it may have: QR wants at least as many rows as columns, and the target is one more column.
    let augmented = Matrix(rows: max(all.rows, features + 1), columns: features + 1) { row, column in
      row < all.rows && (column == features || squares[column] > 0) ? all[row, column] : 0
    }
    let upper = try QR(factoring: augmented).upper
    let triangle = Matrix(rows: features, columns: features) { upper[$0, $1] }
    return try orthogonalRidge(triangle, (0..<features).map { upper[$0, features] }, alpha: alpha)
  }

  // MARK: All penalties

  func coefficients(alphas: [Double]) throws(LinalgError) -> [[Double]] {
    guard alphas.count > 1 else {
      return try alphas.map { alpha throws(LinalgError) in try coefficients(alpha: alpha) }
    }
    let spectrum = try Spectrum(of: gram, squares: squares)
    let solutions = spectrum.solutions(for: product, alphas: alphas)
    return try alphas.indices.map { index throws(LinalgError) in
      if let solution = solutions[index] { return solution }
      return try coefficients(alpha: alphas[index])
    }
  }

  /// With ZᵀZ = V diag(λ) Vᵀ the leverage of a row is h = w / Σw + Σⱼ (z vⱼ)² / (λⱼ + α), and its leave-one-out
  /// error its residual / (1 - h). Cost 2 s f² + 4 s f A flops for A penalties, memory a block of rows.
  func mapLeaveOneOutErrors<Result: Sendable>(
    alphas: [Double], _ body: @Sendable (_ rows: Range<Int>, Matrix<Double>) -> Result
  ) throws(LinalgError) -> [Result] {
    let eigen = try SymmetricEigen(decomposing: gram)
    let values = eigen.values.map { max(0, $0) }
    let rows = rows
    let (features, width) = (squares.count, rows.width)
    let rotated = eigen.vectors.times(product)
    let scaled = Matrix(rows: features, columns: alphas.count) { rotated[$0] / (values[$0] + alphas[$1]) }
    var coefficients = Matrix<Double>(rows: features, columns: alphas.count)
    BLAS.gemm(eigen.vectors, transposingFirst: true, scaled, into: &coefficients)
    // [z, ỹ, √w] times `fit` is the residual; times `basis`, squared, times `shrinkage` the leverage.
    let fit = Matrix(rows: width, columns: alphas.count) {
      $0 < features ? -coefficients[$0, $1] : $0 == rows.targetColumn ? 1 : 0
    }
    let basis = Matrix(rows: width, columns: features + 1) {
      $0 < features && $1 < features ? eigen.vectors[$1, $0] : $0 == rows.weightColumn && $1 == features ? 1 : 0
    }
    let interceptShare = isCentred ? 1 / training.totalWeight : 0
    let shrinkage = Matrix(rows: features + 1, columns: alphas.count) {
      $0 < features ? 1 / (values[$0] + alphas[$1]) : interceptShare
    }
    let parts: [[Result]] = rows.mapParts(initial: { [] }) { results, range, block in
      var errors = block.times(fit)
      var components = block.times(basis)
      components.square()
      errors.divide(byRemainderOf: components.times(shrinkage), weights: training.weights?[range])
      results.append(body(range, errors))
    }
    return parts.flatMap { $0 }
  }
}

/// A pivot of a Cholesky factor below this part of its diagonal element has lost so many of 16 digits to dependent
/// columns that the solution is corrected; above it the error stays under 1e-10 relative.
internal let safePivot = 1e-4

extension Cholesky<Double> {
  /// The smallest L²ⱼⱼ / Aⱼⱼ: how much of a column is not explained by those before it.
  internal func smallestPivot(relativeTo diagonal: [Double]) -> Double {
    diagonal.indices.reduce(1) { min($0, factor[$1, $1] * factor[$1, $1] / diagonal[$1]) }
  }
}

/// max |δⱼ| sⱼ / max |βⱼ| sⱼ with sⱼ² the sum of squares of feature j: the size of a change where it matters.
private func relativeSize(of change: [Double], to solution: [Double], squares: [Double]) -> Double {
  func size(_ vector: [Double]) -> Double {
    vector.indices.reduce(0) { max($0, vector[$1].magnitude * squares[$1].squareRoot()) }
  }
  let whole = size(solution)
  return whole > 0 ? size(change) / whole : size(change)
}

extension Matrix<Double> {
  internal mutating func square() {
    withMutableSpan { elements in for index in elements.indices { elements[index] *= elements[index] } }
  }

  /// Turns weighted residuals √w e into leave-one-out errors e / (1 - h), infinite where 1 - h is lost in rounding.
  fileprivate mutating func divide(byRemainderOf leverages: Matrix<Double>, weights: ArraySlice<Double>?) {
    let noise = 16 * Double.ulpOfOne
    let columns = self.columns
    withMutableSpan { errors in
      leverages.withSpan { leverages in
        for row in 0..<leverages.count / max(1, columns) {
          let scale = weights.map { $0[$0.startIndex + row].squareRoot() } ?? 1
          for index in row * columns..<(row + 1) * columns {
            let remainder = 1 - leverages[index]
            errors[index] = remainder > noise ? errors[index] / (remainder * scale) : .infinity
          }
        }
      }
    }
  }
}
