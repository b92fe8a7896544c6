import Learners

/// The rows of a table as a model takes them, with a note about what of the table is not used.
struct ModelRows {
  let features: FeatureColumns
  /// The column of true values; nil where the table has none.
  let target: Column?

  /// - Parameter side: a column that is used beside the model, as one of weights.
  init(of model: Model, from source: DataSource, besides side: String? = nil) throws {
    let expected = model.pipeline.features
    let table: Table
    let notes: [String]
    (table, target, notes) = try source.rows(for: expected, target: model.target)
    for note in notes { Terminal.writeError("learners: note: \(note)") }
    features = try FeatureColumns(table, features: expected)
    for note in features.strangeLevels.flatMap(\.notes) { Terminal.writeError("learners: note: \(note)") }
    for stray in model.trainingRanges?.strays(in: features) ?? [] {
      Terminal.writeError("learners: note: \(stray.text(of: features.rowCount, place: source.place(ofRow:)))")
    }
    let empty = zip(expected, features.columns).filter { $1.allSatisfy(\.isNaN) }.map(\.0.name)
    if !empty.isEmpty {
      Terminal.writeError(
        "learners: note: \(empty.count) of \(counted(expected.count, "column")) that the model uses "
          + "\(empty.count == 1 ? "has" : "have") no value in any row: \(listed(empty))")
    }
    let used = Set(expected.map(\.columnName) + [target?.name ?? model.target] + (side.map { [$0] } ?? []))
    let ignored = table.columns.map(\.name).filter { !used.contains($0) }
    if !ignored.isEmpty {
      Terminal.writeError(
        "learners: note: columns that the model does not use are ignored: \(listed(ignored))")
    }
  }

  /// The rows that have a target, with it; nil where no column holds targets.
  var known: (features: FeatureColumns, target: [Double])? {
    get throws {
      guard let target else { return nil }
      guard case .numeric(let numbers) = target.values, target.notNumeric == nil else {
        throw target.notNumeric
          ?? DataError(
            .invalid, "it holds texts, not numbers", at: .init(column: target.name),
            advice: "correct or empty these cells")
      }
      let rows = numbers.indices.filter { !numbers[$0].isNaN }
      let kept = FeatureColumns(
        features: features.features, columns: features.columns.map { column in rows.map { column[$0] } },
        rowCount: rows.count)
      return (kept, rows.map { numbers[$0] })
    }
  }
}

extension TrainingRanges.Stray {
  /// "size: 3 of 60 rows are beyond the 1 to 97 that the model has learned from: 1200 in line 5 of new.csv is the first"
  fileprivate func text(of count: Int, place: (_ row: Int) -> String) -> String {
    let verb = rows == 1 ? "is" : "are"
    let learned = "\(range.low.shortText) to \(range.high.shortText)"
    return
      "\(printable(feature.name)): \(rows) of \(counted(count, "row")) \(verb) beyond the \(learned) that the model has learned from: "
      + "\(firstValue.shortText) in \(place(firstRow)) is the first"
  }
}
