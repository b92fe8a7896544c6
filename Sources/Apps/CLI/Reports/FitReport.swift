import Learners

/// The JSON of `fit`: printed with times, kept in leaderboard.json without.
struct FitReport: Encodable {
  struct Data: Encodable {
    let rows: Int
    let features: Int
    let target: String
    let sha256: String
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

    enum CodingKeys: String, CodingKey {
      case parameters
      case r2Transformed = "r2_transformed"
    }
  }

  struct Model: Encodable {
    let name: String
    let scores: ScoresReport
    /// Means over folds; nil in files.
    let fitSeconds: Double?
    let predictSeconds: Double?
    let parameters: [String: ParameterValue]
    /// Nil where there was nothing to choose from.
    let grid: [Trial]?
    /// Of the fit to all rows; nil for a learner that follows no such curve.
    let validationCurve: CurveReport?

    init(_ entry: FitResult.Entry, timed: Bool) {
      name = entry.entry.candidate.name
      scores = ScoresReport(entry.entry.scores)
      fitSeconds = timed ? entry.entry.validation.fitDurations.meanSeconds : nil
      predictSeconds = timed ? entry.entry.validation.predictDurations.meanSeconds : nil
      parameters = entry.model.parameterValues
      let trials = entry.entry.trials.map { trial in
        Trial(
          parameters: trial.candidate.settings.filter { entry.grid.varied.contains($0.key) },
          r2Transformed: trial.r2Transformed.finiteOrNull)
      }
      grid = trials.count > 1 ? trials : nil
      validationCurve = ValidationCurve(of: entry.model.learner).map(CurveReport.init)
    }

    enum CodingKeys: String, CodingKey {
      case name, parameters, grid
      case fitSeconds = "fit_seconds"
      case predictSeconds = "predict_seconds"
      case validationCurve = "validation_curve"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(parameters, forKey: .parameters)
      try container.encodeIfPresent(grid, forKey: .grid)
      try container.encodeIfPresent(fitSeconds, forKey: .fitSeconds)
      try container.encodeIfPresent(predictSeconds, forKey: .predictSeconds)
      try container.encodeIfPresent(validationCurve, forKey: .validationCurve)
      try scores.encode(to: encoder)
    }
  }

  let data: Data
  let cv: Int
  let seed: UInt64
  let best: String
  let fits: Fits
  let models: [Model]
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
    case spearman
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
  }
}
