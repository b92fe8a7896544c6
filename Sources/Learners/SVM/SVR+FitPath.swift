internal import Linalg

extension SVR {
  /// Settings that share a kernel share its matrix, if that is held at all, and begin where a neighbour ended: at the same
  /// C and the last smaller epsilon, or else at the last smaller C. Kernels are taken side by side on free threads; each
  /// holds 16 MiB at most. Equal settings are fitted once.
  ///
  /// Each learner satisfies the optimality conditions to its own tolerance, as a fit of its own does, so that both dual
  /// objectives agree to about tolerance · Σ|β|.
  public static func fitPath(
    _ settings: [Parameters], on training: TrainingSet, seed: UInt64
  ) throws(FitError) -> FittedPath<Self> {
    for parameters in settings {
      do throws(ParameterError) { try parameters.validate() } catch { throw .parameter(error) }
    }
    let rows = try PresentRows(of: training)
    var groups: [(kernel: Kernel, places: [Int])] = []
    for (place, parameters) in settings.enumerated() {
      let kernel = Kernel(parameters, for: rows.x)
      if let known = groups.firstIndex(where: { $0.kernel == kernel }) {
        groups[known].places.append(place)
      } else {
        groups.append((kernel, [place]))
      }
    }
    let paths = try Parallel.map(groups.count) { [groups] index throws(FitError) in
      try path(settings, groups[index].places, groups[index].kernel, rows)
    }
    var learners = [SVR?](repeating: nil, count: settings.count)
    for (group, path) in zip(groups, paths) {
      for (place, learner) in zip(group.places, path.learners) { learners[place] = learner }
    }
    return FittedPath(learners: learners.compactMap { $0 }, distinctFits: paths.reduce(0) { $0 + $1.distinctFits })
  }

  /// One learner for each of `places`, in their order.
  private static func path(
    _ settings: [Parameters], _ places: [Int], _ kernel: Kernel, _ rows: PresentRows
  ) throws(FitError) -> FittedPath<Self> {
    let points = try KernelPoints(kernel, rows.x, settings[places[0]])
    let bytes = places.map { settings[$0].cacheSize }.min() ?? 1
    var solver = DualSolver(kernel: kernel, points: points, y: rows.y, bytes: bytes << 20)
    var solved: [(parameters: Parameters, learner: SVR, solution: DualSolution)] = []
    let order = places.sorted {
      (settings[$0].epsilon, settings[$0].c, $0) < (settings[$1].epsilon, settings[$1].c, $1)
    }
    for place in order where !solved.contains(where: { $0.parameters == settings[place] }) {
      let parameters = settings[place]
      let neighbour = solved.last { $0.parameters.c == parameters.c } ?? solved.last { $0.parameters.c < parameters.c }
      let start = neighbour.map { neighbour in
        stretched(neighbour.solution, of: neighbour.parameters, to: parameters, y: rows.y)
      }
      let solution = solver.solve(
        bounds: rows.bounds(c: parameters.c), settings: DualSettings(parameters), start: start)
      solved.append((parameters, SVR(solution, kernel, rows.x, parameters), solution))
    }
    let learners = places.compactMap { place in solved.first { $0.parameters == settings[place] }?.learner }
    return FittedPath(learners: learners, distinctFits: solved.count)
  }

  /// The coefficients times the number from 1 to the quotient of both C that gives the lowest objective.
  private static func stretched(
    _ solution: DualSolution, of old: Parameters, to new: Parameters, y: [Double]
  ) -> [Double] {
    guard new.c > old.c else { return solution.coefficients }
    var (slope, size) = (0.0, 0.0)
    for (target, coefficient) in zip(y, solution.coefficients) {
      slope += target * coefficient
      size += abs(coefficient)
    }
    // objective = ½ curvature s² - slope s + epsilon size s, here with s = 1 and the old epsilon.
    let curvature = 2 * (solution.objective + slope - old.epsilon * size)
    let best = curvature > 0 ? (slope - new.epsilon * size) / curvature : 1
    let factor = min(new.c / old.c, max(1, best))
    return solution.coefficients.map { $0 * factor }
  }
}
