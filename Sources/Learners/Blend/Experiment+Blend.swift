internal import Linalg

extension Experiment {
  /// A blend of models, chosen by the out-of-fold predictions of their entries and scored by what such a choice is worth: the
  /// predictions of each fold are blended with weights that were chosen without that fold. No fit is done.
  ///
  /// Folds in time are blended with weights of the folds before them. Rows of a fold that leaves nothing to choose by, such as the
  /// first in time, are not scored.
  /// - Parameter size: models in it at most.
  /// - Returns: nil where fewer than two models would be in it, where one is an estimate of a quantile, and where no row can be
  ///   scored.
  public func blend(_ members: [(entry: Entry, model: Model)], size: Int) -> (entry: Entry, model: Model)? {
    guard members.count > 1, let candidate = try? Candidate(Blend.self, settings: ["size": .integer(size)]),
      members.allSatisfy({ $0.entry.candidate.isBlendable })
    else { return nil }
    let choice = BlendChoice(members.map(\.entry), self, size: size)
    guard let weights = choice.weights else { return nil }
    let used = weights.values.indices.filter { weights.values[$0] > 0 }
    let honest = choice.repeats.map { $0.honestPredictions(size: size) }
    let scored = zip(repeats, honest).compactMap { folds, predictions in folds.keeping { predictions[$0].isFinite } }
    guard used.count > 1, scored.count == repeats.count else { return nil }
    let validations = honest.indices.map { repetition in
      let own = used.map { members[$0].entry.validations[repetition] }
      return CrossValidation(
        predictions: honest[repetition], fitDurations: sums(own.map(\.fitDurations)),
        predictDurations: sums(own.map(\.predictDurations)))
    }
    let scores = scores(of: validations, on: scored, loss: .squared)
    let trial = Trial(candidate, r2Transformed: scores.mean.r2Transformed, figure: scores.mean.r2Transformed)
    let parts = used.flatMap { Blend.members(of: members[$0].model, weight: weights.values[$0]) }
    guard let model = model(parts, size: size) else { return nil }
    let entry = Entry(candidate: candidate, validations: validations, scores: scores, trials: [trial])
    return (entry, complete(model, entry.validation))
  }

  /// The mean of the models of all folds, in the place of one that is fitted to all rows: no fit is done. Its out-of-fold
  /// predictions are those of one fold's model each, so that their figures are rather worse than what the mean is worth.
  /// - Returns: nil where the experiment has not kept them, where folds are in time (their models know less and less of the
  ///   latest rows), and where a model predicts several quantiles.
  public func bag(_ entry: Entry) -> Model? {
    let models = entry.validations.flatMap(\.foldModels)
    guard models.count > 1, models.count == foldCount, !folds.trainsOnThePast, entry.candidate.isBlendable else {
      return nil
    }
    let members = models.map { Blend.Member($0, weight: 1 / Double(models.count)) }
    return model(members, size: models.count).map { complete($0, entry.validation) }
  }

  /// - Returns: nil for more members than a file may have.
  private func model(_ members: [Blend.Member], size: Int) -> Model? {
    guard members.count <= Blend.mostMembers else { return nil }
    let features = dataset.schema.features
    let asGiven = features.map { _ in FeatureEncoder.native(NativeEncoder(fitting: [], levels: nil)) }
    guard
      let target = try? TargetTransform(
        fitting: dataset.target, weights: dataset.weights, scale: targetScale.scale, standardizing: false,
        margin: options.margin)
    else { return nil }
    var parameters = Blend.Parameters()
    parameters.size = size
    let blend = Blend(members, scale: targetScale.scale, features: features, parameters: parameters)
    let pipeline = Pipeline(features: features, encoders: asGiven, target: target)
    return Model(pipeline: pipeline, learner: blend, target: dataset.schema.target).knowing(dataset.features)
  }

  /// Fold by fold.
  private func sums(_ durations: [[Duration]]) -> [Duration] {
    (0..<(durations.map(\.count).min() ?? 0)).map { fold in durations.reduce(.zero) { $0 + $1[fold] } }
  }
}

extension Candidate {
  /// A model of a quantile other than the median is no estimate of what the others estimate.
  fileprivate var isBlendable: Bool {
    if case .quantiles(let levels, _) = fittedLoss { return levels == [0.5] }
    return true
  }
}
