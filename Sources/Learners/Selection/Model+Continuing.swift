extension Model {
  /// Goes on with the trees of a boosting model, see `Boosting.init(continuing:on:iterations:seed:)`.
  ///
  /// Encoders and the scale of the target stay as they are. What was only true of the old rows does not: the bounds of what
  /// is believed are widened to hold the new targets as well, and the correction from medians to means is gone.
  /// - Parameter target: one a row of `data`.
  public func continued(
    on data: FeatureColumns, target: [Double], iterations: Int, seed: UInt64
  ) throws(FitError) -> Model {
    guard let boosting = learner as? Boosting else {
      throw .cannotContinue(reason: "\(name) has no trees to go on with: only boosting has")
    }
    if let unit = pipeline.target.targetScale.unit, let row = target.firstIndex(where: { $0 <= -unit }) {
      throw .invalidTarget(row: row, reason: "is \(target[row].shortText), log1p needs more than \((-unit).shortText)")
    }
    let training = try TrainingSet(
      x: pipeline.matrix(of: Array(0..<data.rowCount), in: data), y: pipeline.target.forward(target),
      kinds: pipeline.kinds, names: pipeline.columnNames)
    let longer = try Boosting(continuing: boosting, on: training, iterations: iterations, seed: seed)
    return Model(pipeline: pipeline.widened(toHold: target), learner: longer, target: self.target)
      .knowing(alsoFrom: data, asKnownBy: self)
  }
}
