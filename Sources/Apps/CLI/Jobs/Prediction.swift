import Learners
import Linalg

/// Predictions for the rows of a table.
struct Prediction {
  let values: [Double]
  /// rows x levels; no columns for a model that predicts one number a row.
  let quantiles: Matrix<Double>
  /// The column of true values; nil where the table has none.
  let target: Column?

  /// - Parameter correction: from medians to means, where these are wanted.
  init(of model: Model, for source: DataSource, correction: MeanCorrection? = nil) throws {
    let rows = try ModelRows(of: model, from: source)
    target = rows.target
    do throws(PredictionError) {
      let predictions = try model.predictions(of: rows.features)
      values = correction?.means(of: predictions.values) ?? predictions.values
      quantiles = predictions.quantiles
    } catch {
      throw Failure(.badData, "\(source.description): \(error): check the numbers of the table")
    }
  }
}
