import Learners

/// Predictions for the rows of a table, with a note about what of the table was not used.
struct Prediction {
  let values: [Double]
  /// The column of true values; nil where the table has none.
  let target: Column?

  init(of model: Model, for source: DataSource) throws {
    let features = model.pipeline.features
    let table: Table
    let notes: [String]
    (table, target, notes) = try source.rows(for: features, target: model.target)
    for note in notes { Terminal.writeError("learners: note: \(note)") }
    let columns = try FeatureColumns(table, features: features)
    let used = Set(features.map(\.name) + [target?.name ?? model.target])
    let ignored = table.columns.map(\.name).filter { !used.contains($0) }.map(printable)
    if !ignored.isEmpty {
      Terminal.writeError(
        "learners: note: columns that the model does not use are ignored: \(ignored.joined(separator: ", "))")
    }
    do throws(PredictionError) {
      values = try model.predict(columns)
    } catch {
      throw Failure(.badData, "\(source.description): \(error): check the numbers of the table")
    }
  }
}
