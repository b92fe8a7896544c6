internal import Learners
internal import Repositories

/// Predicts and ranks repositories with a model that knows them.
package struct Ranker {
  private let model: ServedModel

  /// nil where the model predicts something else than stars, or knows nothing that GitHub tells.
  package init?(_ model: ServedModel) {
    let known = Set(RepositoryFeature.all.map(\.name))
    guard [RepositoryFeature.target, RepositoryFeature.exportedTarget].contains(model.model.target),
      model.features.contains(where: { known.contains($0.name) })
    else { return nil }
    self.model = model
  }

  /// Whether it knows something that only GraphQL tells.
  package var needsDetails: Bool {
    let names = Set(model.features.map(\.name))
    return RepositoryFeature.all.contains { feature in
      names.contains(feature.name) && feature.fields.contains { $0.rawValue.hasPrefix("details.") }
    }
  }

  /// Predicted stars of each record, with a warning of each feature that GitHub does not tell of any.
  ///
  /// The features are made by the code that made those of the training data; days are counted to now.
  func predict(
    _ records: [RepositoryRecord], now: Timestamp
  ) throws(Problem) -> TablePredictions {
    guard !records.isEmpty else { return TablePredictions(rows: .none, warnings: []) }
    let told = RepositoryTable(records: records, collectedAt: now).table
    return try model.predict(told, ignoring: Set(told.columns.map(\.name)))
  }
}

/// Predictions for the rows of a table, and what somebody may not have meant about it.
struct TablePredictions {
  let rows: RowPredictions
  let warnings: [RowWarning]

  var values: [Double] { rows.values }

  /// Features that the table has no column of.
  var missingFeatures: [String] { warnings.filter { $0.code == .missingFeature }.map(\.feature) }
}

extension ServedModel {
  /// Predictions for the rows of a table. Features that it has no column of are missing values, and are named.
  /// - Parameter known: columns that are there for another purpose, of which nobody needs to be warned.
  func predict(_ table: Table, ignoring known: Set<String>) throws(Problem) -> TablePredictions {
    var names: Set<String> = []
    let columns = features.filter { names.insert($0.columnName).inserted }.map {
      table[$0.columnName] ?? Column.missing($0, rows: table.rowCount)
    }
    let data: FeatureColumns
    do throws(DataError) { data = try FeatureColumns(Table(columns: columns), features: features) } catch {
      throw Problem(422, "invalid-value", "\(error)")
    }
    return TablePredictions(
      rows: try predict(data, wishes: .page(model)),
      warnings: RowWarning.all(of: table, data, ranges: model.trainingRanges, ignoring: known))
  }
}

extension Column {
  fileprivate static func missing(_ feature: Feature, rows: Int) -> Column {
    feature.levels == nil
      ? Column(name: feature.columnName, values: .numeric([Double](repeating: .nan, count: rows)))
      : Column(name: feature.columnName, texts: [String?](repeating: nil, count: rows))
  }
}
