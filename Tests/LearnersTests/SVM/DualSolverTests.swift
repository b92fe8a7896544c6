import Glibc
import Learners
import Linalg
import TestSupport
import Testing

/// Optimality of what the solver finds, judged by kernels computed naively in double precision.
@Suite struct DualSolverTests {
  private func training(rows: Int, seed: UInt64 = 0, weights: [Double]? = nil) throws -> TrainingSet {
    let (x, y) = SyntheticData.friedman(rows: rows, features: 6, seed: seed)
    return try TrainingSet(x: x, y: y.map { ($0 - 14) / 5 }, weights: weights)
  }

  private func parameters(
    _ kernel: SVR.KernelShape = .rbf, c: Double = 10, epsilon: Double = 0.1, tolerance: Double = 1e-3
  ) -> SVR.Parameters {
    var parameters = SVR.Parameters()
    (parameters.kernel, parameters.c, parameters.epsilon, parameters.tolerance) = (kernel, c, epsilon, tolerance)
    (parameters.gamma, parameters.degree, parameters.coefficient0) = (kernel == .linear ? nil : 1.5, 2, 1)
    return parameters
  }

  private func naiveKernel(_ parameters: SVR.Parameters, _ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
    switch parameters.kernel {
    case .rbf: exp(-(parameters.gamma ?? .nan) * zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) })
    case .linear: zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    case .polynomial:
      pow(
        (parameters.gamma ?? .nan) * zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } + parameters.coefficient0,
        Double(parameters.degree))
    }
  }

  /// max up - min down of a fitted model over all rows, from the support vectors alone.
  private func violation(_ model: SVR, _ training: TrainingSet) -> Double {
    let p = model.parameters
    var (highest, lowest) = (-Double.infinity, Double.infinity)
    for row in 0..<training.x.rows {
      let bound = p.c * (training.weights?[row] ?? 1)
      guard bound > 0 else { continue }
      var (gradient, beta) = (-training.y[row], 0.0)
      for (index, coefficient) in model.dualCoefficients.enumerated() {
        gradient += coefficient * naiveKernel(p, training.x.row(row), model.supportVectors.row(index))
        if training.x.row(row) == model.supportVectors.row(index) { beta = coefficient }
      }
      if beta < bound { highest = max(highest, -gradient - (beta < 0 ? -p.epsilon : p.epsilon)) }
      if beta > -bound { lowest = min(lowest, -gradient - (beta > 0 ? p.epsilon : -p.epsilon)) }
    }
    return highest - lowest
  }

  /// Beyond the solver's own tolerance: single precision kernel values, times the sum of |β|.
  static let kernelRounding = 1e-3

  @Test(arguments: [SVR.KernelShape.rbf, .linear, .polynomial], [0.02, 10.0])
  func satisfiesTheKKTConditions(kernel: SVR.KernelShape, c: Double) throws {
    let weights = (0..<150).map { Double($0 % 4) / 2 }
    let training = try training(rows: 150, weights: weights)
    let model = try SVR(fitting: training, parameters: parameters(kernel, c: c))
    #expect(model.converged)
    #expect(violation(model, training) <= 1e-3 + Self.kernelRounding)
    #expect(abs(model.dualCoefficients.reduce(0, +)) <= 1e-9 * c * 150)
    for (index, coefficient) in model.dualCoefficients.enumerated() {
      let row = try #require((0..<150).first { training.x.row($0) == model.supportVectors.row(index) })
      #expect(abs(coefficient) <= c * weights[row] && coefficient != 0)
    }
  }

  /// The same dual by the plainest method there is: alpha and alpha* apart, the most violating pair, all in double
  /// precision, no shrinking, no cache.
  private func naiveObjective(_ training: TrainingSet, _ p: SVR.Parameters) -> Double {
    let n = training.y.count
    let kernel = Matrix<Double>(rows: n, columns: n) { naiveKernel(p, training.x.row($0), training.x.row($1)) }
    var alpha = [Double](repeating: 0, count: 2 * n)
    var gradient = training.y.map { p.epsilon - $0 } + training.y.map { p.epsilon + $0 }
    let sign = { (index: Int) in index < n ? 1.0 : -1.0 }
    for _ in 0..<200_000 {
      let up = (0..<2 * n).filter { sign($0) > 0 ? alpha[$0] < p.c : alpha[$0] > 0 }
      let down = (0..<2 * n).filter { sign($0) > 0 ? alpha[$0] > 0 : alpha[$0] < p.c }
      let i = up.max { -sign($0) * gradient[$0] < -sign($1) * gradient[$1] }!
      let j = down.min { -sign($0) * gradient[$0] < -sign($1) * gradient[$1] }!
      let slope = -sign(i) * gradient[i] + sign(j) * gradient[j]
      if slope < 1e-9 { break }
      let (ki, kj) = (i % n, j % n)
      let room = min(sign(i) > 0 ? p.c - alpha[i] : alpha[i], sign(j) > 0 ? alpha[j] : p.c - alpha[j])
      let step = min(slope / max(kernel[ki, ki] + kernel[kj, kj] - 2 * kernel[ki, kj], 1e-12), room)
      alpha[i] += sign(i) * step
      alpha[j] -= sign(j) * step
      for k in 0..<2 * n { gradient[k] += sign(k) * step * (kernel[k % n, ki] - kernel[k % n, kj]) }
    }
    return (0..<2 * n).reduce(0) { $0 + alpha[$1] * (gradient[$1] + p.epsilon - sign($1) * training.y[$1 % n]) / 2 }
  }

  /// At tolerance 1e-6 both are within about 1e-6 C n of the optimum in theory and far closer in practice; what is left
  /// are single precision kernel values.
  @Test(arguments: [SVR.KernelShape.rbf, .linear, .polynomial], [0.0, 0.3])
  func agreesWithThePlainestSolver(kernel: SVR.KernelShape, epsilon: Double) throws {
    let training = try training(rows: 30, seed: 3)
    let parameters = parameters(kernel, c: 1, epsilon: epsilon, tolerance: 1e-6)
    let model = try SVR(fitting: training, parameters: parameters)
    let expected = naiveObjective(training, parameters)
    #expect(abs(model.dualObjective - expected) <= 2e-6 * abs(expected))
  }

  /// Each stops within tolerance · Σ|β| of the optimum, which is up to 5e-5 of it here.
  @Test(arguments: [0.05, 0.6], [0.05, 10.0])
  func shrinkingChangesNothingButTheTime(epsilon: Double, c: Double) throws {
    let training = try training(rows: 900, seed: 1)
    var parameters = parameters(c: c, epsilon: epsilon, tolerance: 1e-5)
    parameters.cacheSize = 1  // 512 variables a block: one block of all would not shrink
    let shrunk = try SVR(fitting: training, parameters: parameters)
    parameters.shrinking = false
    let whole = try SVR(fitting: training, parameters: parameters)
    #expect(shrunk.converged && whole.converged)
    #expect(abs(shrunk.dualObjective - whole.dualObjective) <= 1e-5 * abs(whole.dualObjective))
    #expect(try largestAbsoluteError(shrunk.predict(training.x), whole.predict(training.x)) <= 1e-3)
    #expect(violation(shrunk, training) <= 1e-5 + Self.kernelRounding)
  }

  @Test func aSmallCacheFindsTheSameOptimum() throws {
    let training = try training(rows: 900, seed: 2)  // the matrix is 3 MiB
    var parameters = parameters(c: 2, epsilon: 0.2, tolerance: 1e-4)
    let roomy = try SVR(fitting: training, parameters: parameters)
    parameters.cacheSize = 1
    let tight = try SVR(fitting: training, parameters: parameters)
    #expect(tight.converged)
    #expect(abs(tight.dualObjective - roomy.dualObjective) <= 1e-6 * abs(roomy.dualObjective))
    #expect(try largestAbsoluteError(tight.predict(training.x), roomy.predict(training.x)) <= 1e-3)
  }

  /// More rows than one block may have by itself.
  @Test(arguments: [0.1, 0.6]) func manyBlocksSatisfyTheKKTConditions(epsilon: Double) throws {
    let weights = (0..<2300).map { Double($0 % 4) / 2 + 0.5 }
    let training = try training(rows: 2300, seed: 4, weights: weights)
    let model = try SVR(fitting: training, parameters: parameters(c: 3, epsilon: epsilon))
    #expect(model.converged)
    #expect(violation(model, training) <= 1e-3 + Self.kernelRounding)
  }

  /// Equal rows have a curvature of 0 between them, and steps from bound to bound.
  @Test func copiesOfRowsAreNoTrouble() throws {
    let one = try training(rows: 300, seed: 5)
    let rows = (0..<2400).map { $0 % 300 }
    let copies = try TrainingSet(x: one.x.gathering(rows: rows), y: rows.map { one.y[$0] })
    let heavy = try TrainingSet(x: one.x, y: one.y, weights: Array(repeating: 8, count: 300))
    let parameters = parameters(c: 2)
    let (many, few) = (
      try SVR(fitting: copies, parameters: parameters), try SVR(fitting: heavy, parameters: parameters)
    )
    #expect(many.converged && few.converged)
    #expect(abs(many.dualObjective - few.dualObjective) <= 1e-4 * abs(few.dualObjective))
  }

  /// What single precision cannot tell apart ends the search and is said.
  @Test func anImpossibleToleranceEnds() throws {
    var parameters = parameters(c: 10, tolerance: 1e-300)
    parameters.maxIterations = 200_000
    let model = try SVR(fitting: try training(rows: 60), parameters: parameters)
    #expect(try model.predict(try training(rows: 60).x).allSatisfy(\.isFinite))
  }

  @Test func endsAfterMaxIterations() throws {
    let training = try training(rows: 300)
    var parameters = parameters(c: 1000)
    parameters.maxIterations = 50
    let model = try SVR(fitting: training, parameters: parameters)
    #expect(!model.converged && model.iterations == 50)
    #expect(try model.predict(training.x).allSatisfy(\.isFinite))
  }
}
