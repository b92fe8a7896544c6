extension Model {
  /// The same model, which knows what the features of its training rows were like.
  internal func knowing(_ data: FeatureColumns) -> Model {
    var model = self
    model.trainingRanges = TrainingRanges(of: data)
    model.trainingShares = TrainingShares(of: data)
    return model
  }

  /// The same after more training rows.
  internal func knowing(alsoFrom data: FeatureColumns, asKnownBy before: Model) -> Model {
    var model = knowing(data)
    if let known = before.trainingRanges, let new = model.trainingRanges { model.trainingRanges = known.union(new) }
    if let known = before.trainingShares { model.trainingShares = known.adding(data) }
    return model
  }
}

extension Dataset {
  /// The features of some rows.
  internal func features(of rows: [Int]) -> FeatureColumns {
    guard rows.count < rowCount else { return features }
    return FeatureColumns(
      features: features.features, columns: features.columns.map { column in rows.map { column[$0] } },
      rowCount: rows.count)
  }
}
