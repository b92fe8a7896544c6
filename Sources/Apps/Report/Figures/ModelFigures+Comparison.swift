internal import Learners

extension Comparison {
  /// All models, best first.
  package func models(timed: Bool) -> [ModelFigures] {
    let figures = entries.map { FoldFigures($0.entry, self) }
    return entries.indices.map { place in
      let (entry, own) = (entries[place], figures[place])
      let next = place + 1 < entries.count ? place + 1 : nil
      return ModelFigures(
        name: entry.name, scores: ScoreFigures(entry.entry.scores),
        figure: ranking.figure(of: entry.entry.scores).finiteOrNil, estimate: own.mean.map(Estimate.init),
        figureOfFolds: own.values.map(\.finiteOrNil),
        againstNext: next.flatMap { own.against(figures[$0], named: entries[$0].name) },
        bestAgainstIt: place == 0 ? nil : figures[0].against(own, named: entry.name),
        settings: entry.entry.candidate.settings.mapValues(\.description),
        predicts: entry.model.statistic.description, bytes: entry.bytes,
        times: timed ? times(entry.entry) : nil)
    }
  }

  private func times(_ entry: Experiment.Entry) -> ModelFigures.Times {
    let rows = experiment.repeats.reduce(0) { $0 + $1.assignments.count { $0 >= 0 } }
    let predicting = entry.predictDurations.reduce(.zero, +).inSeconds
    let fitting = entry.fitDurations.reduce(.zero, +).inSeconds
    return .init(
      fitSeconds: fitting / Double(max(1, entry.fitDurations.count)),
      predictSecondsPerThousandRows: predicting / Double(max(1, rows)) * 1000)
  }

  /// The blend among the models.
  package var blend: BlendFigures? {
    guard let entry = entries.first(where: \.isBlend), let blend = entry.model.learner as? Blend else { return nil }
    // Of a bag each model of a fold is a member.
    let weights = blend.members.reduce(into: [String: Double]()) { $0[$1.model.name, default: 0] += $1.weight }
    let members = weights.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      BlendFigures.Member(name: $0.key, weight: $0.value)
    }
    let gain = FoldFigures(entry.entry, self).against(FoldFigures(studied.entry, self), named: studied.name)
    return BlendFigures(members: members, gain: entry.name == studied.name ? nil : gain)
  }
}

extension ScoreFigures {
  internal init(_ scores: Scores) {
    self.init(
      r2: scores.r2.finiteOrNil, r2Deviation: scores.r2Deviation.finiteOrNil,
      r2Transformed: scores.r2Transformed.finiteOrNil,
      r2TransformedDeviation: scores.r2TransformedDeviation.finiteOrNil, rmse: scores.rmse.finiteOrNil,
      mae: scores.mae.finiteOrNil, medianAbsoluteError: scores.medianAbsoluteError.finiteOrNil,
      spearman: scores.spearman.finiteOrNil)
  }
}

extension Duration {
  fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
