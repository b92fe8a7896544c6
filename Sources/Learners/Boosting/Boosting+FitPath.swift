internal import Linalg

extension Boosting {
  /// Settings that differ in `maxIterations` only are one fit: a run with fewer iterations is the beginning of a run with
  /// more, to the bit, also where it is stopped early.
  public static func fitPath(
    _ settings: [Parameters], on training: TrainingSet, seed: UInt64
  ) throws(FitError) -> FittedPath<Boosting> {
    // Bad settings are refused as they would be alone, not as a part of a longer run.
    for parameters in settings { do { try parameters.validate() } catch { throw .parameter(error) } }
    var longest: [Parameters] = []
    let fits = settings.map { parameters in
      guard let fit = longest.firstIndex(where: { $0.isLike(parameters) }) else {
        longest.append(parameters)
        return longest.count - 1
      }
      longest[fit].maxIterations = max(longest[fit].maxIterations, parameters.maxIterations)
      return fit
    }
    let distinct = longest
    let runs = try Parallel.map(distinct.count) { index throws(FitError) in
      try BoostedLevels(fitting: training, parameters: distinct[index], seed: seed)
    }
    let learners = settings.indices.map { Boosting(runs[fits[$0]], parameters: settings[$0]) }
    return FittedPath(learners: learners, distinctFits: distinct.count)
  }
}

extension Boosting.Parameters {
  /// Whether only `maxIterations` differs.
  fileprivate func isLike(_ other: Self) -> Bool {
    var copy = self
    copy.maxIterations = other.maxIterations
    return copy == other
  }
}
