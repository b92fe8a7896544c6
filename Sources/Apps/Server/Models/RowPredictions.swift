internal import Learners
internal import Linalg
internal import NIOCore
internal import Page

/// What a request asks for beside the numbers that a model predicts.
struct PredictionWishes: Sendable {
  var statistic: WantedStatistic?
  /// From medians to means, where these are asked for.
  var correction: MeanCorrection?
  /// The share of targets that ranges are to hold; nil for no ranges.
  var level: Double?

  static let none = PredictionWishes()
  /// Where ranges are in an answer: beside a target of that name there is no room for them.
  static let ownMember = "interval"

  /// What the page shows around a prediction: eight of ten, where the model can tell.
  static func page(_ model: Model) -> PredictionWishes {
    let level = 0.8
    let isTold = model.target != ownMember && model.intervals.map { $0.highestLevel >= level } ?? false
    return PredictionWishes(level: isTold ? level : nil)
  }

  /// `,"predict":"mean","interval":0.9`, as it stands beside the predictions.
  func write(to buffer: inout ByteBuffer) {
    if let statistic { buffer.writeString(",\"predict\":\"\(statistic.rawValue)\"") }
    if let level {
      buffer.writeStaticString(",\"interval\":")
      buffer.writeJSON(level)
    }
  }
}

/// What a model tells of some rows.
struct RowPredictions: Sendable {
  /// One a row.
  var values: [Double]
  /// Nil for a model that predicts one number a row.
  var quantiles: RowQuantiles?
  /// One a row; nil where none are asked for.
  var ranges: [ClosedRange<Double>]?
  /// The share of targets in `ranges`.
  var level = 0.0

  static let none = RowPredictions(values: [])

  /// The predictions, then those of each level, then the ends of ranges.
  func column(_ place: Int) -> [Double] {
    let levels = quantiles?.levels.count ?? 0
    switch place {
    case 0: return values
    case 1...max(1, levels) where levels > 0: return quantiles?.values.column(place - 1) ?? []
    default: return ranges?.map { place == levels + 1 ? $0.lowerBound : $0.upperBound } ?? []
    }
  }

  /// What stands behind the prediction of a row: `,"quantiles":{…},"interval":{"low":3,"high":17}`.
  func writeRest(row: Int, to buffer: inout ByteBuffer) {
    quantiles?.write(row: row, to: &buffer)
    guard let ranges else { return }
    buffer.writeStaticString(",\"interval\":{\"low\":")
    buffer.writeJSON(ranges[row].lowerBound)
    buffer.writeStaticString(",\"high\":")
    buffer.writeJSON(ranges[row].upperBound)
    buffer.writeStaticString("}")
  }

  /// Where the page says that the truth is: in a range or, of a model of several quantiles, from the lowest to the highest.
  func interval(row: Int) -> PredictedInterval? {
    quantiles?.interval(row: row)
      ?? ranges.map { PredictedInterval(low: $0[row].lowerBound, high: $0[row].upperBound, share: level) }
  }
}

extension ServedModel {
  /// - Throws: `Problem` 422 where the learner cannot make anything of the numbers, 400 where there are no such ranges.
  func predict(_ instances: Instances, wishes: PredictionWishes = .none) throws(Problem) -> RowPredictions {
    guard instances.rowCount > 0 else { return .none }
    let found: Predictions
    do throws(PredictionError) { found = try predictor.predictions(of: instances.values) } catch {
      throw Problem(422, "invalid-value", "the model cannot predict these instances: \(error)")
    }
    drift?.count(instances.values, featureCount: features.count)
    return try complete(found, wishes) { level throws(IntervalError) in
      try predictor.ranges(of: instances.values, predictions: found.values, level: level)
    }
  }

  /// The same for the rows of a table.
  func predict(_ data: FeatureColumns, wishes: PredictionWishes) throws(Problem) -> RowPredictions {
    let found: Predictions
    do throws(PredictionError) { found = try model.predictions(of: data) } catch {
      throw Problem(422, "invalid-value", "the model cannot predict these rows: \(error)")
    }
    drift?.count(data)
    return try complete(found, wishes) { level throws(IntervalError) in
      try model.ranges(of: data, predictions: found.values, level: level)
    }
  }

  private func complete(
    _ found: Predictions, _ wishes: PredictionWishes,
    ranges: (_ level: Double) throws(IntervalError) -> [ClosedRange<Double>]
  ) throws(Problem) -> RowPredictions {
    var rows = RowPredictions(
      values: wishes.correction?.means(of: found.values) ?? found.values,
      quantiles: RowQuantiles(found, levels: predictor.quantileLevels))
    guard let level = wishes.level else { return rows }
    do throws(IntervalError) { rows.ranges = try ranges(level) } catch {
      throw Problem(400, "unknown-parameter", at: "interval", "cannot be \(level): \(error)")
    }
    rows.level = level
    return rows
  }
}
