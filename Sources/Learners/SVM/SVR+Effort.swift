extension SVR {
  public var convergence: Convergence? {
    Convergence(
      converged: converged, iterations: iterations,
      otherwise: "it ended at maxIterations=\(parameters.maxIterations) before it was optimal: raise it, or lower c")
  }

  /// About quadratic in the rows: every row meets every support vector, and the columns make each meeting dearer.
  public static func workload(of parameters: Parameters, rows: Int, columns: Int) -> Workload {
    let rows = Double(rows)
    return Workload(nanoseconds: 2e6 + 5000 * rows + rows * rows * (4 + 0.6 * Double(columns)), drift: -0.3...0.3)
  }
}
