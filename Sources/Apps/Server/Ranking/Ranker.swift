internal import Learners
package import Repositories

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

  /// Predicted stars of each record, and the features that GitHub does not tell of any.
  ///
  /// The features are made by the code that made those of the training data; days are counted to now.
  package func predict(
    _ records: [RepositoryRecord], now: Timestamp
  ) throws(Problem) -> (stars: [Double], quantiles: RowQuantiles?, missing: [String]) {
    guard !records.isEmpty else { return ([], nil, []) }
    let told = RepositoryTable(records: records, collectedAt: now).table
    let (values, quantiles, missing) = try model.predict(told)
    return (values, quantiles, missing)
  }
}

extension ServedModel {
  /// Predictions for the rows of a table. Features that it has no column of are missing values, and are named.
  func predict(_ table: Table) throws(Problem) -> (values: [Double], quantiles: RowQuantiles?, missing: [String]) {
    var missing: [String] = []
    let columns = features.map { feature -> Column in
      if let column = table[feature.name] { return column }
      missing.append(feature.name)
      return Column.missing(feature, rows: table.rowCount)
    }
    let data: FeatureColumns
    do throws(DataError) { data = try FeatureColumns(Table(columns: columns), features: features) } catch {
      throw Problem(422, "invalid-value", "\(error)")
    }
    do throws(PredictionError) {
      let found = try model.predictions(of: data)
      return (found.values, RowQuantiles(found, levels: predictor.quantileLevels), missing)
    } catch {
      throw Problem(422, "invalid-value", "the model cannot predict these rows: \(error)")
    }
  }
}

extension Column {
  fileprivate static func missing(_ feature: Feature, rows: Int) -> Column {
    feature.levels == nil
      ? Column(name: feature.name, values: .numeric([Double](repeating: .nan, count: rows)))
      : Column(name: feature.name, texts: [String?](repeating: nil, count: rows))
  }
}
