internal import Linalg

/// What the dual of a support vector regression came to.
package struct DualSolution: Sendable {
  /// alpha - alpha*, one a row.
  package let coefficients: [Double]
  package let intercept: Double
  /// ½ βᵀKβ - yᵀβ + epsilon Σ|β|.
  package let objective: Double
  /// Largest violation of optimality that is left: max up - min down, at least 0.
  package let violation: Double
  package let converged: Bool
  /// Steps of two coefficients.
  package let iterations: Int
}

/// Settings of the solver, in the terms of `SVR.Parameters`.
package struct DualSettings: Sendable {
  package var epsilon = 0.1
  package var tolerance = 1e-3
  package var maxIterations = 10_000_000
  package var cacheBytes = 1 << 30
  package var shrinks = true
  package var workingSetSize = 512

  package init() {}
}

/// The dual of epsilon-insensitive regression by decomposition: rounds of a working set of violators.
///
/// Minimises ½ βᵀKβ - yᵀβ + epsilon Σ|β| over Σβ = 0, |βᵢ| ≤ boundᵢ. A round chooses up to `workingSetSize` variables,
/// has `KernelRows` compute those of their kernel rows that it does not hold, solves for these variables alone by
/// `PairSolver` in a matrix that stays in the second-level cache, and adds the change to the gradient of all active
/// variables. The steps of the pairs thus cost O(working set), not O(rows), and the O(rows) work is matrix products.
///
/// Shrinking: variables at 0 or at their bound that optimality holds in place are put aside, and gradient and kernel rows
/// narrowed to the others, whenever that leaves at most 4/5. When the active ones are optimal the gradient of the others
/// is computed anew and all are looked at; if one of them violates optimality the search goes on without shrinking.
/// Stops when max up - min down ≤ tolerance over all variables, LIBSVM's rule.
/// Sources: Joachims, "Making large-scale SVM learning practical", 1999 (decomposition, shrinking);
/// Wen, Shi, Li, He & Chen, JMLR 19, 2018 (large working sets).
internal struct DecompositionSolver: ~Copyable {
  private let kernel: Kernel
  private let points: KernelPoints
  private let y: [Double]
  private let settings: DualSettings
  private var rows: KernelRows
  private var pairs: PairSolver
  private var state: DualState
  /// β of all rows; that of active ones is brought up to date by `storeActive`.
  private var beta: [Double]
  private let bounds: [Double]
  private let diagonal: [Double]
  private var mayShrink: Bool

  /// - Parameter bounds: C of each row, positive.
  init(kernel: Kernel, points: KernelPoints, y: [Double], bounds: [Double], settings: DualSettings) {
    self.kernel = kernel
    self.points = points
    self.y = y
    self.settings = settings
    self.bounds = bounds
    mayShrink = settings.shrinks
    rows = KernelRows(kernel: kernel, points: points, bytes: settings.cacheBytes)
    pairs = PairSolver(capacity: min(settings.workingSetSize, rows.capacity))
    beta = Array(repeating: 0, count: y.count)
    diagonal = points.squaredNorms.map(kernel.diagonal)
    state = DualState(
      rows: Array(y.indices), beta: beta, gradient: y.map { -$0 }, bound: bounds, diagonal: diagonal,
      epsilon: settings.epsilon)
  }

  consuming func solve() -> DualSolution {
    var (spent, iterations) = (0, 0)
    var previous: [Int] = []
    while true {
      let extremes = state.extremes()
      let optimal = extremes.up - extremes.down <= settings.tolerance
      let exhausted = spent >= settings.maxIterations
      guard !optimal && !exhausted else {
        if state.count == y.count { return solution(extremes, converged: optimal, iterations: iterations) }
        unshrink()
        previous = []
        continue
      }
      if shrink(extremes) {
        previous = []
        continue
      }
      let set = WorkingSet.choose(size: pairs.capacity, state: state, extremes: extremes, previous: previous)
      let steps = improve(set, violation: extremes.up - extremes.down, limit: settings.maxIterations - spent)
      previous = set
      iterations += steps
      // A round that makes few steps is not free, and the search must end.
      spent += max(steps, pairs.capacity)
    }
  }

  /// One round: solves for the variables of `set` and updates the gradient. Returns the number of steps.
  private mutating func improve(_ set: [Int], violation: Double, limit: Int) -> Int {
    rows.load(set)
    pairs.load(set, rows: rows, from: state)
    let steps = pairs.solve(
      count: set.count, epsilon: settings.epsilon, tolerance: max(settings.tolerance / 2, violation / 10),
      limit: min(limit, 20 * set.count))
    var changes: [(variable: Int, change: Double)] = []
    for (index, variable) in set.enumerated() {
      let (old, new) = (state.beta[variable], pairs.coefficient(index))
      guard new != old else { continue }
      changes.append((variable, new - old))
      state.set(variable, to: new)
    }
    updateGradient(changes)
    return steps
  }

  /// gradient += Σ change · kernel row, in the order of `changes` whatever the number of threads.
  private mutating func updateGradient(_ changes: [(variable: Int, change: Double)]) {
    let terms = changes.map { unsafe KernelTerm(row: rows.row($0.variable), factor: $0.change) }
    let cost = Double(terms.count) * 0.7
    Parallel.fill(&state.gradient, cost: cost) { range, part in
      addKernelTerms(terms, from: range.lowerBound, to: &part)
    }
  }

  /// Puts variables aside that need not move, if they are many. Returns whether it did.
  private mutating func shrink(_ extremes: (up: Double, down: Double)) -> Bool {
    guard mayShrink else { return false }
    let kept = (0..<state.count).filter { state.up($0) >= extremes.down || state.down($0) <= extremes.up }
    guard kept.count * 5 <= state.count * 4, !kept.isEmpty else { return false }
    storeActive()
    rows.keep(kept)
    state = state.keeping(kept)
    return true
  }

  private mutating func storeActive() {
    for (variable, row) in state.row.enumerated() { beta[row] = state.beta[variable] }
  }

  /// Makes all variables active again, with the gradient of those put aside computed from the coefficients.
  private mutating func unshrink() {
    storeActive()
    var gradient = [Double](repeating: .nan, count: y.count)
    for (variable, row) in state.row.enumerated() { gradient[row] = state.gradient[variable] }
    let aside = gradient.indices.filter { gradient[$0].isNaN }
    let supports = beta.indices.filter { beta[$0] != 0 }
    let expansion = KernelExpansion(
      kernel: kernel, points: points.gathering(supports), coefficients: supports.map { beta[$0] })
    for (row, value) in zip(aside, expansion.values(at: points.gathering(aside))) { gradient[row] = value - y[row] }
    state = DualState(
      rows: Array(y.indices), beta: beta, gradient: gradient, bound: bounds, diagonal: diagonal,
      epsilon: settings.epsilon)
    rows.restart(with: points)
    mayShrink = false
  }

  private consuming func solution(
    _ extremes: (up: Double, down: Double), converged: Bool, iterations: Int
  ) -> DualSolution {
    var (objective, freeSum, freeCount) = (0.0, 0.0, 0)
    for variable in 0..<state.count {
      let (beta, gradient) = (state.beta[variable], state.gradient[variable])
      objective += beta * (gradient - y[variable]) / 2 + settings.epsilon * abs(beta)
      if beta != 0 && abs(beta) < bounds[variable] {
        freeSum += state.up(variable)
        freeCount += 1
      }
    }
    let intercept = freeCount > 0 ? freeSum / Double(freeCount) : extremes.down + (extremes.up - extremes.down) / 2
    return DualSolution(
      coefficients: state.beta, intercept: intercept, objective: objective,
      violation: max(0, extremes.up - extremes.down), converged: converged, iterations: iterations)
  }
}

/// `factor` times a row of the kernel matrix, which outlives the term.
@safe private struct KernelTerm: @unchecked Sendable {
  let row: UnsafePointer<Float>
  let factor: Double
  @unsafe init(row: UnsafePointer<Float>, factor: Double) {
    unsafe self.row = row
    self.factor = factor
  }
}

/// sums[k] += Σ factor · row[first + k], in pieces of `sums` that stay in the first-level cache.
private func addKernelTerms(_ terms: [KernelTerm], from first: Int, to sums: inout MutableSpan<Double>) {
  typealias Lanes = SIMD8<Double>
  unsafe sums.withUnsafeMutableBufferPointer { sums in
    let whole = sums.count & ~7
    for piece in stride(from: 0, to: whole, by: 512) {
      let end = min(whole, piece + 512)
      for term in terms {
        for index in stride(from: piece, to: end, by: 8) {
          let place = unsafe UnsafeMutableRawPointer(sums.baseAddress! + index)
          let sum = unsafe place.loadUnaligned(as: Lanes.self) + Lanes(load8(term.row + first + index)) * term.factor
          unsafe place.storeBytes(of: sum, as: Lanes.self)
        }
      }
    }
    for index in whole..<sums.count {
      for term in terms { unsafe sums[index] += Double(term.row[first + index]) * term.factor }
    }
  }
}
