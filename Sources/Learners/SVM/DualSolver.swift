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
  package var cacheBytes = 1 << 30
  package var shrinks = true

  package init() {}
}

/// Sequential minimal optimisation of the dual that `DualState` states: two coefficients a step.
///
/// A step takes i = argmax up and the j that promises the largest decrease, and makes the best move of the two; two
/// passes over the active variables: the update of the gradient finds the next i, the one over kernel row i finds j.
/// Stops when max up - min down ≤ tolerance over all variables, LIBSVM's rule. Cost of a step: O(active variables), and
/// the kernel rows of i and j where they are not held.
/// Shrinking: variables at 0 or at their bound that optimality holds in place are put aside, and the kernel rows narrowed
/// to the others, whenever that leaves at most 4/5. When the active ones are optimal the gradient of the others is
/// computed anew and all are looked at; if one of them violates optimality the search goes on without shrinking.
/// Sources: Fan, Chen & Lin, JMLR 6, 2005, "Working set selection using second order information for training support
/// vector machines"; Chang & Lin, ACM TIST 2(3), 2011, doi:10.1145/1961189.1961199 (shrinking, stopping rule).
package struct DualSolver: ~Copyable {
  private let kernel: Kernel
  private let points: KernelPoints
  private let y: [Double]
  private let bounds: [Double]
  private let diagonal: [Double]
  private let settings: DualSettings
  private var rows: KernelRows
  private var state: DualState
  /// β of all rows; that of active ones is brought up to date when the active set changes.
  private var beta: [Double]
  private var mayShrink: Bool

  /// - Parameter bounds: C of each row, positive.
  internal init(kernel: Kernel, points: KernelPoints, y: [Double], bounds: [Double], settings: DualSettings) {
    self.kernel = kernel
    self.points = points
    self.y = y
    self.bounds = bounds
    self.settings = settings
    mayShrink = settings.shrinks
    diagonal = points.squaredNorms.map(kernel.diagonal)
    beta = Array(repeating: 0, count: y.count)
    rows = KernelRows(kernel: kernel, points: points, bytes: settings.cacheBytes)
    state = DualState(
      rows: Array(y.indices), beta: beta, gradient: y.map { -$0 }, bound: bounds, diagonal: diagonal,
      epsilon: settings.epsilon)
  }

  internal consuming func solve() -> DualSolution {
    var iterations = 0
    while true {
      let extremes = descend(&iterations)
      let optimal = extremes.violation <= settings.tolerance
      if state.count == y.count && (optimal || iterations >= settings.maxIterations) {
        return solution(extremes, converged: optimal, iterations: iterations)
      }
      if optimal || iterations >= settings.maxIterations { unshrink() } else { shrink(extremes) }
    }
  }

  /// Steps until the active variables are optimal, the steps are used up, or shrinking pays.
  private mutating func descend(_ iterations: inout Int) -> Extremes {
    var extremes = state.extremes()
    guard extremes.violation > settings.tolerance && iterations < settings.maxIterations else { return extremes }
    rows.loadAllIfTheyFit()
    var untilCheck = min(state.count, 1000)
    while extremes.violation > settings.tolerance && iterations < settings.maxIterations {
      let i = extremes.riser
      let rowI = unsafe rows.row(i) { state.mayMove($0, extremes) }
      let j = unsafe state.partner(of: extremes, row: rowI)
      let rowJ = unsafe rows.row(j) { state.mayMove($0, extremes) }
      let curvature = unsafe Double(state.diagonal[i]) + Double(state.diagonal[j]) - 2 * Double(rowI[j])
      let step = state.move(i, j, curvature: max(curvature, DualState.smallestCurvature))
      extremes = unsafe state.advance(rowI, rowJ, step: step)
      iterations += 1
      untilCheck -= 1
      if untilCheck == 0 {
        if mayShrink && kept(extremes).count * 5 <= state.count * 4 { return extremes }
        untilCheck = min(state.count, 1000)
      }
    }
    return extremes
  }

  /// The active variables that may have to move.
  private func kept(_ extremes: Extremes) -> [Int] {
    (0..<state.count).filter { state.mayMove($0, extremes) }
  }

  private mutating func shrink(_ extremes: Extremes) {
    let kept = kept(extremes)
    let gradient = storeActive()
    rows.keep(kept)
    activate(kept.map { state.rows[$0] }, gradient)
  }

  /// Makes all variables active again, with the gradient of those put aside computed from the coefficients.
  private mutating func unshrink() {
    var gradient = storeActive()
    let aside = gradient.indices.filter { gradient[$0].isNaN }
    let supports = beta.indices.filter { beta[$0] != 0 }
    let expansion = KernelExpansion(
      kernel: kernel, points: points.gathering(supports), coefficients: supports.map { beta[$0] })
    for (row, value) in zip(aside, expansion.values(at: points.gathering(aside))) { gradient[row] = value - y[row] }
    rows.restart(with: points)
    activate(Array(y.indices), gradient)
    mayShrink = false
  }

  /// Brings `beta` up to date and returns the gradient by row, NaN for rows put aside.
  private mutating func storeActive() -> [Double] {
    var gradient = [Double](repeating: .nan, count: y.count)
    for (variable, row) in state.rows.enumerated() {
      beta[row] = state.beta[variable]
      gradient[row] = state.gradient[variable]
    }
    return gradient
  }

  private mutating func activate(_ active: [Int], _ gradient: [Double]) {
    state = DualState(
      rows: active, beta: beta, gradient: gradient, bound: bounds, diagonal: diagonal, epsilon: settings.epsilon)
  }

  private consuming func solution(_ extremes: Extremes, converged: Bool, iterations: Int) -> DualSolution {
    var (objective, freeSum, freeCount) = (0.0, 0.0, 0)
    for variable in 0..<state.count {
      let (beta, gradient) = (state.beta[variable], state.gradient[variable])
      objective += beta * (gradient - y[variable]) / 2 + settings.epsilon * abs(beta)
      if beta != 0 && abs(beta) < bounds[variable] {
        freeSum += state.up(variable)
        freeCount += 1
      }
    }
    return DualSolution(
      coefficients: (0..<state.count).map { state.beta[$0] },
      intercept: freeCount > 0 ? freeSum / Double(freeCount) : (extremes.up + extremes.down) / 2,
      objective: objective, converged: converged, iterations: iterations)
  }
}
