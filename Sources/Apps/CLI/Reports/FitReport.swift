import Learners

/// The JSON of `fit`: printed with times, kept in leaderboard.json without.
struct FitReport: Encodable {
  struct Data: Encodable {
    let rows: Int
    let features: Int
    let target: String
    let sha256: String
    let targetScale: TargetScaleReport
    /// Nil where predictions are free.
    let bounds: Double?

    enum CodingKeys: String, CodingKey {
      case rows, features, target, sha256, bounds
      case targetScale = "target_scale"
    }
  }

  /// Fits to a training part or to all rows.
  struct Fits: Encodable {
    let asked: Int
    let done: Int
  }

  /// One setting of a grid: what varies, and R² on the scale of fitting.
  struct Trial: Encodable {
    let parameters: [String: ParameterValue]
    let r2Transformed: Double?
    /// Name and value of the loss that the grid was ranked by, where that is not R².
    let ranked: (name: String, figure: Double)?

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: ReportKey.self)
      try container.encode(parameters, forKey: "parameters")
      try container.encode(r2Transformed, forKey: "r2_transformed")
      if let ranked { try container.encode(ranked.figure.finiteOrNull, forKey: ReportKey(ranked.name)) }
    }
  }

  /// A model that was asked for and is not there.
  struct LeftOut: Encodable {
    let name: String
    let reason: String
    let estimatedSeconds: Double?

    enum CodingKeys: String, CodingKey {
      case name, reason
      case estimatedSeconds = "estimated_seconds"
    }
  }

  struct Model: Encodable {
    let name: String
    let scores: ScoresReport
    /// Of each time that rows were dealt into folds; nil for a single one.
    let scoresOfRepeats: [ScoresReport]?
    /// Nil where there were too few rows for ranges.
    let interval: IntervalReport?
    /// Means over folds; nil in files.
    let fitSeconds: Double?
    let predictSeconds: Double?
    /// What was expected before it began, cross-validation and the fit to all rows together; nil in files.
    let estimatedSeconds: Double?
    let parameters: [String: ParameterValue]
    /// "mean", "median" or "quantile 0.95".
    let predicts: String
    let convergence: Convergence?
    let unconvergedFolds: Int
    /// Of a blend.
    let members: [BlendMember]?
    /// Nil where there was nothing to choose from.
    let grid: [Trial]?
    let preparation: PreparationReport
    /// Of the fit to all rows; nil for a learner that follows no such curve.
    let validationCurve: CurveReport?

    init(_ entry: FitResult.Entry, timed: Bool) {
      name = entry.entry.candidate.name
      scores = ScoresReport(entry.entry.scores)
      let each = entry.entry.scoresOfRepeats
      scoresOfRepeats = each.count > 1 ? each.map(ScoresReport.init) : nil
      interval = entry.model.intervals.map { IntervalReport($0.scores, of: $0) }
      fitSeconds = timed ? entry.entry.fitDurations.meanSeconds : nil
      predictSeconds = timed ? entry.entry.predictDurations.meanSeconds : nil
      estimatedSeconds = timed ? entry.forecast.seconds : nil
      parameters = (entry.bagged?.first ?? entry.model).parameterValues
      predicts = entry.model.statistic.description
      convergence = entry.model.learner.convergence
      unconvergedFolds = entry.entry.unconvergedFolds
      let ranking = entry.grid.ranking
      let trials = entry.entry.trials.map { trial in
        Trial(
          parameters: trial.candidate.settings.filter { entry.grid.varied.contains($0.key) },
          r2Transformed: trial.r2Transformed.finiteOrNull,
          ranked: ranking == .r2 ? nil : (ranking.name, trial.figure))
      }
      grid = trials.count > 1 ? trials : nil
      members = BlendMember.all(of: entry.model)
      preparation = PreparationReport(entry.model.pipeline)
      validationCurve = ValidationCurve(of: entry.model.learner).map(CurveReport.init)
    }

    enum CodingKeys: String, CodingKey {
      case name, parameters, grid, preparation, predicts, converged, iterations, interval, members, repeats
      case estimatedSeconds = "estimated_seconds"
      case unconvergedFolds = "unconverged_folds"
      case fitSeconds = "fit_seconds"
      case predictSeconds = "predict_seconds"
      case validationCurve = "validation_curve"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(parameters, forKey: .parameters)
      try container.encodeIfPresent(grid, forKey: .grid)
      try container.encodeIfPresent(members, forKey: .members)
      try container.encode(preparation, forKey: .preparation)
      try container.encodeIfPresent(fitSeconds, forKey: .fitSeconds)
      try container.encodeIfPresent(predictSeconds, forKey: .predictSeconds)
      try container.encodeIfPresent(validationCurve, forKey: .validationCurve)
      try container.encodeIfPresent(estimatedSeconds, forKey: .estimatedSeconds)
      try container.encode(predicts, forKey: .predicts)
      try container.encodeIfPresent(interval, forKey: .interval)
      try container.encodeIfPresent(scoresOfRepeats, forKey: .repeats)
      if let convergence {
        try container.encode(convergence.converged, forKey: .converged)
        try container.encode(convergence.iterations, forKey: .iterations)
        try container.encode(unconvergedFolds, forKey: .unconvergedFolds)
      }
      try scores.encode(to: encoder)
    }
  }

  let data: Data
  let cv: Int
  /// How often rows were dealt into folds; nil for once.
  let repeats: Int?
  let seed: UInt64
  let best: String
  /// Name of the figure that `best` is best by.
  let rankedBy: String
  let fits: Fits
  let models: [Model]
  /// Nil where all that was asked for is there.
  let leftOut: [LeftOut]?
  /// What standard error says of the data and of the result.
  let notes: [String]
  let warnings: [String]

  private enum CodingKeys: String, CodingKey {
    case data, cv, repeats, seed, best, fits, models, notes, warnings
    case rankedBy = "ranked_by"
    case leftOut = "left_out"
  }
}

/// A key whose name is found when the program runs.
private struct ReportKey: CodingKey, ExpressibleByStringLiteral {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init(stringLiteral name: String) { stringValue = name }
  init?(stringValue name: String) { stringValue = name }
  init?(intValue: Int) { nil }
}

/// Scores with the names of the command line's contract; null where a score is not defined.
struct ScoresReport: Encodable {
  private let scores: Scores

  init(_ scores: Scores) { self.scores = scores }

  private enum Key: String, CodingKey {
    case r2
    case r2Deviation = "r2_sd"
    case r2Transformed = "r2_transformed"
    case r2TransformedDeviation = "r2_transformed_sd"
    case rmse
    case mae
    case medianAbsoluteError = "median_absolute_error"
    case spearman, pinball, coverage, quantiles, deviance
  }

  /// One level of several.
  private struct Quantile: Encodable {
    let level: Double
    let pinball: Double?
    let coverage: Double?
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(scores.r2.finiteOrNull, forKey: .r2)
    try container.encode(scores.r2Deviation.finiteOrNull, forKey: .r2Deviation)
    try container.encode(scores.r2Transformed.finiteOrNull, forKey: .r2Transformed)
    try container.encode(scores.r2TransformedDeviation.finiteOrNull, forKey: .r2TransformedDeviation)
    try container.encode(scores.rmse.finiteOrNull, forKey: .rmse)
    try container.encode(scores.mae.finiteOrNull, forKey: .mae)
    try container.encode(scores.medianAbsoluteError.finiteOrNull, forKey: .medianAbsoluteError)
    try container.encode(scores.spearman.finiteOrNull, forKey: .spearman)
    if let deviance = scores.deviance { try container.encode(deviance.finiteOrNull, forKey: .deviance) }
    guard let quantiles = scores.quantiles else { return }
    try container.encode(quantiles.meanPinball.finiteOrNull, forKey: .pinball)
    if quantiles.count == 1 { try container.encode(quantiles[0].coverage.finiteOrNull, forKey: .coverage) }
    let levels = quantiles.map {
      Quantile(level: $0.level, pinball: $0.pinball.finiteOrNull, coverage: $0.coverage.finiteOrNull)
    }
    try container.encode(levels, forKey: .quantiles)
  }
}
