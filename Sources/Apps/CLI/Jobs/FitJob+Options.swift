import Learners

extension FitJob {
  /// - Parameters:
  ///   - repeats: how often rows are dealt into folds.
  ///   - budget: how long all may take; nil for as long as it takes.
  init(
    _ source: DataSource, _ grids: [CandidateGrid], _ options: ExperimentOptions, groups: String? = nil,
    time: String? = nil, repeats: Int = 1, budget: TimeSpan? = nil, blendSize: Int? = nil, bags: Bool = false
  ) throws {
    let columns = Dataset.Options(
      target: options.target, dropped: source.columns(namedIn: options.drop),
      allowedLeaks: Set(options.allowedLeaks), groups: groups, time: time, weights: options.weights)
    try self.init(
      source: source, dataset: source.dataset(columns), grids: grids, cv: options.cv ?? 5, repeats: repeats,
      foldsFile: options.folds,
      targetTransform: options.targetTransform,
      options: PipelineOptions(
        numbers: options.numbers.form, leastLevelRows: options.levelRows, margin: options.bounds),
      seed: options.seed, allowedLeaks: Set(options.allowedLeaks), budget: budget, blendSize: blendSize, bags: bags)
  }

  /// - Parameters:
  ///   - blendSize: models that a blend may have; nil for no blend.
  ///   - bags: whether models are means of those of the folds, where the options do not say so.
  init(
    _ source: DataSource, _ grids: [CandidateGrid], _ experiment: ExperimentOptions,
    comparing comparison: ComparisonOptions, blendSize: Int?, bags: Bool = false
  ) throws {
    try experiment.refuseTwoLogarithms(grids.flatMap(\.candidates))
    try self.init(
      source, grids, experiment, groups: comparison.kin.groups, time: comparison.kin.time, repeats: comparison.repeats,
      budget: comparison.budget, blendSize: blendSize, bags: bags || comparison.bag)
  }
}
