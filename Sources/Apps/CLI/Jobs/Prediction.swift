import Learners
import Linalg

/// Predictions for the rows of a table.
struct Prediction {
  let values: [Double]
  /// rows x levels; no columns for a model that predicts one number a row.
  let quantiles: Matrix<Double>
  /// The column of true values; nil where the table has none.
  let target: Column?
  /// Nil where none are asked for.
  let ranges: [ClosedRange<Double>]?

  /// - Parameters:
  ///   - correction: from medians to means, where these are wanted.
  ///   - interval: whether there are to be ranges.
  ///   - side: a column that is used beside the model, as one of weights.
  init(
    of model: Model, for source: DataSource, correction: MeanCorrection? = nil, interval: IntervalOption,
    besides side: String? = nil
  ) throws {
    let rows = try ModelRows(of: model, from: source, besides: side)
    target = rows.target
    let predictions: Predictions
    do throws(PredictionError) { predictions = try model.predictions(of: rows.features) } catch {
      throw Failure(.badData, "\(source.description): \(error): check the numbers of the table")
    }
    values = correction?.means(of: predictions.values) ?? predictions.values
    quantiles = predictions.quantiles
    ranges = try interval.ranges(of: model, rows.features, predictions: predictions.values)
  }
}
