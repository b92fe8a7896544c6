internal import Linalg

/// What the dual of a support vector regression came to.
package struct DualSolution: Sendable {
  /// alpha - alpha*, one a row.
  package let coefficients: [Double]
  package let intercept: Double
  /// ½ βᵀKβ - yᵀβ + epsilon Σ|β|.
  package let objective: Double
  package let converged: Bool
  /// Steps of two coefficients.
  package let iterations: Int
}

/// Settings of the solver, in the terms of `SVR.Parameters`.
package struct DualSettings: Sendable {
  package var epsilon = 0.1
  package var tolerance = 1e-3
  package var maxIterations = 10_000_000
  package var shrinks = true

  package init() {}
}

/// Minimises ½ βᵀKβ - yᵀβ + epsilon Σ|β| over Σβ = 0, |βᵢ| ≤ boundᵢ, β = alpha - alpha*: both multipliers of a row share one
/// variable and one column of K.
///
/// Up to `BlockProblem`'s capacity all variables are one block, whose kernel matrix is computed once. Beyond, a thousand
/// of them at a time, chosen by `WorkingSet`, are optimised with the others fixed, and then the gradient of all is brought
/// up to date by one sum over the kernel columns of those that changed, on all threads. Their kernel values are computed
/// anew, a tile at a time in the nearest cache, and never stored: for some ten features that takes about as long as
/// reading them from memory, and no memory. Stops when max up - min down ≤ tolerance over all variables, LIBSVM's rule.
/// Shrinking: variables at 0 or at their bound that optimality holds in place are put aside whenever that leaves at most
/// 4/5. When the active ones are optimal the gradient of the others is computed anew and all are looked at; if one of
/// them violates optimality the search goes on without shrinking.
/// Sources: Fan, Chen & Lin, JMLR 6, 2005, "Working set selection using second order information for training support
/// vector machines"; Chang & Lin, ACM TIST 2(3), 2011, doi:10.1145/1961189.1961199 (shrinking, stopping rule);
/// Wen et al., JMLR 19(21), 2018, "ThunderSVM" (blocks).
package struct DualSolver: ~Copyable {
  private let kernel: Kernel
  private let points: KernelPoints
  private let y: [Double]
  private var block: BlockProblem
  private let capacity: Int

  private var bounds: [Double] = []
  private var settings = DualSettings()
  /// Of all rows; the gradient is up to date for the active ones.
  private var beta: [Double] = []
  private var gradient: [Double] = []
  private var active: [Int]
  private var activePoints: KernelPoints
  private var isActive: [Bool]

  /// Where optimality is violated most.
  private struct Extremes {
    var (riser, faller) = (0, 0)
    var up = -Double.infinity
    var down = Double.infinity
    var violation: Double { up - down }
  }

  private static let largestWhole = 2048
  private static let roundsToShrinking = 10
  /// Larger blocks need fewer rounds, and thereby fewer kernel values, but the steps within outgrow the nearest cache.
  private static func blockRows(of count: Int) -> Int { count > 16_384 ? 2048 : 1024 }

  /// - Parameter bytes: memory that kernel values may take; those of 64 rows are kept even where it is less.
  internal init(kernel: Kernel, points: KernelPoints, y: [Double], bytes: Int) {
    self.kernel = kernel
    self.points = points
    self.y = y
    let affordable = max(64, Int((Double(bytes) / Double(MemoryLayout<Float>.stride)).squareRoot()))
    capacity =
      y.count <= min(affordable, Self.largestWhole)
      ? y.count : min(affordable, Self.blockRows(of: y.count)) / pointsInPanel * pointsInPanel
    block = BlockProblem(capacity: capacity)
    active = Array(y.indices)
    activePoints = points
    isActive = Array(repeating: true, count: y.count)
  }

  /// - Parameters:
  ///   - bounds: C of each row, positive.
  ///   - start: coefficients to begin with, which must be feasible; nil for zeros.
  internal mutating func solve(bounds: [Double], settings: DualSettings, start: [Double]? = nil) -> DualSolution {
    self.bounds = bounds
    self.settings = settings
    beta = start ?? Array(repeating: 0, count: y.count)
    gradient = y.map { -$0 }
    if start != nil { addToGradient(beta) }
    var workingSet = WorkingSet(capacity: capacity, rowCount: y.count)
    var (iterations, rounds, mayShrink, isStuck) = (0, 0, settings.shrinks && capacity < y.count, false)
    while true {
      let extremes = extremes()
      let optimal = extremes.violation <= settings.tolerance
      if optimal || isStuck || iterations >= settings.maxIterations {
        if active.count == y.count { return solution(extremes, converged: optimal, iterations: iterations) }
        unshrink()
        (mayShrink, isStuck) = (false, false)
        continue
      }
      rounds += 1
      if mayShrink && rounds % Self.roundsToShrinking == 0 { shrink(extremes) }
      let steps = improve(extremes, &workingSet, limit: settings.maxIterations - iterations)
      iterations += steps
      isStuck = steps == 0
      if Cancellation.isRequested { return solution(extremes, converged: false, iterations: iterations) }
    }
  }

  /// One block: chooses its variables, optimises them, and brings the gradient up to date. Returns the steps made.
  private mutating func improve(_ extremes: Extremes, _ workingSet: inout WorkingSet, limit: Int) -> Int {
    let middle = (extremes.up + extremes.down) / 2
    let isWhole = active.count <= capacity
    if isWhole {
      block.load(active, of: points, kernel: kernel)
    } else {
      let violations = active.map { Float(max(up($0) - middle, middle - down($0))) }
      workingSet.choose(from: active, first: [extremes.riser, extremes.faller], violations: violations) {
        isActive[$0] && beta[$0] != 0 && abs(beta[$0]) < bounds[$0]
      }
      block.load(workingSet.rows, of: points, kernel: kernel)
    }
    block.begin(beta: beta, gradient: gradient, bounds: bounds, epsilon: settings.epsilon, shift: middle)
    // Of a block that is a part not more is asked than what the others will not upset.
    let tolerance = isWhole ? 0.8 * settings.tolerance : max(settings.tolerance / 2, extremes.violation / 10)
    let steps = block.solve(tolerance: tolerance, limit: limit)
    var changes: [Double] = []
    for (index, row) in block.rows.enumerated() {
      changes.append(block.coefficient(index) - beta[row])
      beta[row] = block.coefficient(index)
    }
    updateGradient(changes, isWhole: isWhole)
    return steps
  }

  /// gradient += K times the changes of the variables of the block.
  private mutating func updateGradient(_ changes: [Double], isWhole: Bool) {
    if isWhole {
      var sums = [Double](repeating: 0, count: wholePanels(block.count))
      block.add(changes, to: &sums)
      for (sum, row) in zip(sums, active) { gradient[row] += sum }
    } else {
      let changed = changes.indices.filter { changes[$0] != 0 }
      let expansion = KernelExpansion(
        kernel: kernel, points: points.gathering(changed.map { block.rows[$0] }),
        coefficients: changed.map { changes[$0] })
      for (value, row) in zip(expansion.values(at: activePoints), active) { gradient[row] += value }
    }
  }

  /// The gradient of all rows, from nothing but -y.
  private mutating func addToGradient(_ coefficients: [Double]) {
    if active.count <= capacity {
      block.load(active, of: points, kernel: kernel)
      updateGradient(coefficients, isWhole: true)
    } else {
      for (row, value) in zip(active, expansion(coefficients).values(at: activePoints)) { gradient[row] += value }
    }
  }

  private func expansion(_ coefficients: [Double]) -> KernelExpansion {
    let supports = coefficients.indices.filter { coefficients[$0] != 0 }
    return KernelExpansion(
      kernel: kernel, points: points.gathering(supports), coefficients: supports.map { coefficients[$0] })
  }

  private func up(_ row: Int) -> Double {
    let beta = beta[row]
    return beta < bounds[row] ? (beta < 0 ? settings.epsilon : -settings.epsilon) - gradient[row] : -.infinity
  }

  private func down(_ row: Int) -> Double {
    let beta = beta[row]
    return beta > -bounds[row] ? (beta > 0 ? -settings.epsilon : settings.epsilon) - gradient[row] : .infinity
  }

  private func extremes() -> Extremes {
    var extremes = Extremes()
    for row in active {
      let (up, down) = (up(row), down(row))
      if up > extremes.up { (extremes.up, extremes.riser) = (up, row) }
      if down < extremes.down { (extremes.down, extremes.faller) = (down, row) }
    }
    return extremes
  }

  /// Puts aside what optimality holds in place, if that is enough to pay.
  private mutating func shrink(_ extremes: Extremes) {
    let kept = active.filter { up($0) >= extremes.down || down($0) <= extremes.up }
    guard kept.count * 5 <= active.count * 4 else { return }
    for row in active { isActive[row] = false }
    for row in kept { isActive[row] = true }
    active = kept
    activePoints = points.gathering(kept)
  }

  /// Makes all variables active again, with the gradient of those put aside computed from the coefficients.
  private mutating func unshrink() {
    let aside = y.indices.filter { !isActive[$0] }
    for (row, value) in zip(aside, expansion(beta).values(at: points.gathering(aside))) {
      gradient[row] = value - y[row]
      isActive[row] = true
    }
    active = Array(y.indices)
    activePoints = points
  }

  private func solution(_ extremes: Extremes, converged: Bool, iterations: Int) -> DualSolution {
    var (objective, freeSum, freeCount) = (0.0, 0.0, 0)
    for row in y.indices {
      objective += beta[row] * (gradient[row] - y[row]) / 2 + settings.epsilon * abs(beta[row])
      if beta[row] != 0 && abs(beta[row]) < bounds[row] {
        freeSum += up(row)
        freeCount += 1
      }
    }
    return DualSolution(
      coefficients: beta, intercept: freeCount > 0 ? freeSum / Double(freeCount) : (extremes.up + extremes.down) / 2,
      objective: objective, converged: converged, iterations: iterations)
  }
}
