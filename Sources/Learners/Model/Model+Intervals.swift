extension Model {
  /// For each row the range that holds a share of the targets of rows like it, on the target's own scale.
  /// - Parameters:
  ///   - level: the share, above 0 and below 1.
  ///   - predictions: what `predict` gives for these rows.
  public func ranges(
    of data: FeatureColumns, predictions: [Double], level: Double
  ) throws(IntervalError) -> [ClosedRange<Double>] {
    guard let intervals else { throw .none }
    precondition(predictions.count == data.rowCount, "Model: predictions of other rows")
    return try intervals.ranges(level, predictions: predictions, target: pipeline.target) { data.columns[$1][$0] }
  }

  /// Whether ranges of a share can be told.
  /// - Throws: why they cannot.
  public func checkLevel(_ level: Double) throws(IntervalError) {
    guard let intervals else { throw .none }
    guard level > 0 && level < 1 else { throw .invalidLevel(level) }
    guard level <= intervals.highestLevel else { throw .levelTooHigh(level, highest: intervals.highestLevel) }
  }

  /// The same model with ranges learned from out-of-fold predictions on the target's own scale; itself where there are fewer
  /// than ten. Cost: that of a few small boosted models on at most 20,000 rows each, see `Intervals`.
  /// - Parameter predictions: NaN for a row that was not predicted.
  public func addingIntervals(
    from dataset: Dataset, folds: Folds, predictions: [Double], seed: UInt64
  ) -> Model {
    let fitting = IntervalFitting(
      dataset, folds: folds, predictions: predictions, transform: pipeline.target, seed: seed)
    guard let intervals = fitting?.fitted() else { return self }
    var model = self
    model.intervals = intervals
    return model
  }
}
