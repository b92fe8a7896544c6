import Learners
import TestSupport
import Testing

import Report

@Suite struct ModelFiguresTests {
  /// R² of each fold by its definition, the intervals of their mean and of differences, and who is better.
  @Test func figuresAreThoseOfTheFolds() throws {
    let comparison = try Scene.comparison(Scene.line(rows: 200, error: 4), [Mean.self, Ridge.self, Forest.self])
    let models = comparison.models(timed: false)
    #expect(models.map(\.name) == ["ridge", "forest", "mean"])
    for (model, entry) in zip(models, comparison.entries) {
      let folds = comparison.experiment.folds
      let expected = (0..<5).map { fold in
        let rows = folds.testRows(fold)
        let targets = rows.map { comparison.experiment.dataset.target[$0] }
        let mean = targets.reduce(0, +) / Double(targets.count)
        let error = zip(rows, targets).reduce(0) { sum, row in
          sum + (row.1 - entry.entry.validation.predictions[row.0])
            * (row.1 - entry.entry.validation.predictions[row.0])
        }
        return 1 - error / targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      }
      #expect(largestAbsoluteError(model.figureOfFolds.map { $0 ?? .nan }, expected) < 1e-12)
      let mean = try #require(FoldMean(expected, heldOutPerLearned: 0.25))
      let found = [model.estimate?.mean, model.estimate?.low, model.estimate?.high].map { $0 ?? .nan }
      let interval = try #require(mean.interval())
      #expect(largestAbsoluteError(found, [mean.mean, interval.lowerBound, interval.upperBound]) < 1e-12)
      #expect(model.figure == entry.entry.scores.r2Transformed && model.times == nil)
    }
    let pair = try #require(models[0].againstNext)
    let differences = zip(models[0].figureOfFolds, models[1].figureOfFolds).map { ($0 ?? 0) - ($1 ?? 0) }
    let expected = try #require(FoldMean(differences, heldOutPerLearned: 0.25))
    #expect(pair.other == "forest" && abs(pair.difference.mean - expected.mean) < 1e-12)
    #expect(pair.chance == expected.chance(above: 0) && (pair.chance ?? 0) > 0.5)
    #expect(
      models[2].againstNext == nil && models[0].bestAgainstIt == nil && (models[2].bestAgainstIt?.chance ?? 0) > 0.99)
  }

  /// Of a loss less is better: the sign of a difference says who is better all the same.
  @Test func lessOfALossIsBetter() throws {
    let found = try Scene.comparison(Scene.line(rows: 200), [Mean.self, Ridge.self])
    let comparison = Comparison(
      found.experiment, found.entries, ranking: .meanAbsoluteError, foldsAreGiven: false)
    let models = comparison.models(timed: true)
    #expect(models[0].name == "ridge" && models[0].figure == comparison.entries[0].entry.scores.mae)
    #expect((models[0].againstNext?.difference.mean ?? 0) > 0 && (models[0].againstNext?.chance ?? 0) > 0.99)
    #expect((models[0].times?.fitSeconds ?? -1) >= 0)
  }

  @Test func aBlendSaysWhatItIsMadeOfAndGains() throws {
    let comparison = try Scene.comparison(
      Scene.line(rows: 300, error: 3), [Ridge.self, Forest.self, ExtraTrees.self], blends: true)
    let blend = try #require(comparison.blend)
    #expect(abs(blend.members.reduce(0) { $0 + $1.weight } - 1) < 1e-12 && blend.members.count > 1)
    #expect(blend.gain?.other == comparison.studied.name && comparison.studied.name != Blend.name)
  }
}
