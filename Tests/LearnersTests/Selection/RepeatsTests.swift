import Learners
import Linalg
import Testing

/// Rows that are dealt into folds several times.
@Suite struct RepeatsTests {
  private static let rows = 120

  private static func experiment(
    _ times: Range<Int> = 0..<3, bags: Bool = false
  ) throws -> Experiment {
    let dataset = try TestDataset.mixed(rows: rows)
    let folds = Array(try Folds.repeated(3, of: dataset, into: 4, seed: 1)[times])
    return Experiment(
      dataset: dataset, folds: folds[0], furtherFolds: Array(folds.dropFirst()), targetTransform: .none, seed: 2,
      keepsFoldModels: bags)
  }

  /// Each time is the comparison on these folds alone, and the scores are means.
  @Test(arguments: ["mean", "ridge", "forest", "boosting"])
  func eachTimeIsAComparisonOfItsOwn(name: String) throws {
    let small: [String: [String: ParameterValue]] = [
      "forest": ["estimators": .integer(5)], "boosting": ["maxIterations": .integer(10)], "ridge": ["alpha": .real(1)],
    ]
    let candidate = try Candidate(#require(Registry.learner(named: name)), settings: small[name] ?? [:])
    let entry = try Self.experiment().run(candidate)
    let alone = try (0..<3).map { try Self.experiment($0..<$0 + 1).run(candidate) }
    #expect(entry.validations.count == 3 && entry.scoresOfRepeats.count == 3)
    for (validation, own) in zip(entry.validations, alone) {
      #expect(validation.predictions.map(\.bitPattern) == own.validation.predictions.map(\.bitPattern))
    }
    #expect(entry.scoresOfRepeats.map(\.rmse) == alone.map(\.scores.rmse))
    #expect(Set(alone.map(\.scores.rmse)).count == 3)
    func mean(_ figure: (Scores) -> Double) -> Double { alone.reduce(0) { $0 + figure($1.scores) } / 3 }
    #expect(abs(entry.scores.r2 - mean(\.r2)) < 1e-12 && abs(entry.scores.mae - mean(\.mae)) < 1e-12 * mean(\.mae))
    let averaged = entry.averagedPredictions
    for row in 0..<Self.rows {
      let sum = alone.reduce(0) { $0 + $1.validation.predictions[row] }
      #expect(abs(averaged[row] - sum / 3) < 1e-9 * max(1, abs(sum)))
    }
    #expect(entry.fitDurations.count == 12)
  }

  /// The deviation is over all twelve folds, and not over the means of three.
  @Test func theDeviationIsOverAllFolds() throws {
    let experiment = try Self.experiment()
    let entry = try experiment.run(Candidate(Ridge.self))
    let figures = zip(entry.validations, experiment.repeats).flatMap { validation, folds in
      (0..<4).map { fold in
        let rows = folds.testRows(fold)
        return Metrics.r2(
          predictions: rows.map { validation.predictions[$0] }, targets: rows.map { experiment.dataset.target[$0] })
      }
    }
    let mean = figures.reduce(0, +) / 12
    let variance = figures.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 11
    #expect(abs(entry.scores.r2Deviation - variance.squareRoot()) < 1e-9)
  }

  /// The best setting is that of the best mean, not of the first time.
  @Test func settingsAreChosenByTheMean() throws {
    let experiment = try Self.experiment()
    let values: [ParameterValue] = [0.01, 1, 10, 100, 1000].map { .real($0) }
    let grid = try CandidateGrid(Ridge.self, values: [("alpha", values)])
    let comparison = experiment.run([grid])
    let entry = try comparison.outcomes[0].get()
    #expect(comparison.counts.asked == 60)
    let each = try (0..<3).map { try Self.experiment($0..<$0 + 1).run([grid]).outcomes[0].get() }
    for (place, trial) in entry.trials.enumerated() {
      #expect(abs(trial.r2Transformed - each.reduce(0) { $0 + $1.trials[place].r2Transformed } / 3) < 1e-12)
    }
    let best = try #require(entry.trials.max { $0.r2Transformed < $1.r2Transformed })
    #expect(entry.candidate.values == best.candidate.values)
  }

  /// A model's own fit and ranges are those of a single time.
  @Test func theModelIsThatOfASingleTime() throws {
    let candidate = try Candidate(Ridge.self)
    let (several, one) = (try Self.experiment(), try Self.experiment(0..<1))
    let (first, second) = (try several.refit(several.run(candidate)), try one.refit(one.run(candidate)))
    let data = several.dataset.features
    let predictions = try first.predict(data)
    #expect(try predictions == second.predict(data))
    #expect(
      try first.ranges(of: data, predictions: predictions, level: 0.9)
        == second.ranges(of: data, predictions: predictions, level: 0.9))
  }

  /// Blends are chosen by all times and scored without the fold in each; bags have the models of all folds.
  @Test func blendsAndBagsAreOfAllTimes() throws {
    let experiment = try Self.experiment(bags: true)
    let entries = try [
      experiment.run(Candidate(Ridge.self)),
      experiment.run(Candidate(Forest.self, settings: ["estimators": .integer(5)])),
    ]
    let bags = try entries.map { try #require(experiment.bag($0)) }
    #expect(bags.allSatisfy { ($0.learner as? Blend)?.members.count == 12 })
    let (entry, model) = try #require(experiment.blend(zip(entries, bags).map { ($0, $1) }, size: 2))
    #expect((model.learner as? Blend)?.members.count == 24)
    #expect(entry.validations.count == 3 && entry.validations.allSatisfy { $0.predictions.allSatisfy(\.isFinite) })
    // Weights differ from fold to fold, but what is predicted lies between the two members.
    for (repetition, validation) in entry.validations.enumerated() {
      let members = entries.map { $0.validations[repetition].predictions }
      for row in 0..<Self.rows {
        let ends = [members[0][row], members[1][row]].sorted()
        #expect(ends[0] - 1e-9 <= validation.predictions[row] && validation.predictions[row] <= ends[1] + 1e-9)
      }
    }
  }

  @Test func foldsAreDealtAnew() throws {
    let dataset = try TestDataset.mixed(rows: Self.rows)
    let repeats = try Folds.repeated(3, of: dataset, into: 5, seed: 9)
    #expect(try repeats[0] == Folds(shuffling: Self.rows, into: 5, seed: 9) && Set(repeats).count == 3)
    #expect(try repeats == Folds.repeated(3, of: dataset, into: 5, seed: 9))
    #expect(try repeats[1] != Folds.repeated(3, of: dataset, into: 5, seed: 8)[1])
    for folds in repeats { #expect((0..<5).allSatisfy { folds.testRows($0).count == Self.rows / 5 }) }
    let columns = [
      Column(name: "g", values: .numeric((0..<60).map { Double($0 % 12) })),
      Column(name: "x", values: .numeric((0..<60).map { Double($0 * 37 % 61) })),
      Column(name: "y", values: .numeric((0..<60).map { Double($0 * 29 % 53) })),
    ]
    let grouped = try Dataset(Table(columns: columns), options: .init(target: "y", groups: "g"))
    let whole = try Folds.repeated(4, of: grouped, into: 3, seed: 0)
    #expect(Set(whole).count > 1)
    for folds in whole {
      for group in 0..<12 {
        #expect(Set((0..<60).filter { $0 % 12 == group }.map { folds.assignments[$0] }).count == 1)
      }
    }
  }

  /// A fold of which no row is left is not lost in silence, whether it is the last or another.
  @Test(arguments: [0, 1, 2])
  func aFoldThatIsLeftOutIsRefused(fold: Int) throws {
    let columns = [
      Column(name: "x", values: .numeric((0..<30).map { Double($0 * 7 % 31) })),
      Column(name: "w", values: .numeric((0..<30).map { $0 % 3 == fold ? 0 : 1 })),
      Column(name: "y", values: .numeric((0..<30).map { Double($0 * 29 % 53) })),
    ]
    let dataset = try Dataset(Table(columns: columns), options: .init(weights: "w"))
    #expect(throws: Folds.Problem.leftOut(fold: fold)) {
      try Folds(ofTableRows: (0..<30).map { $0 % 3 }, for: dataset)
    }
    #expect(try Folds(ofTableRows: (0..<30).map { $0 / 3 % 3 }, for: dataset).count == 3)
    #expect(throws: Folds.Problem.invalidNumber(row: 4, number: -2)) {
      try Folds(ofTableRows: (0..<30).map { $0 == 4 ? -2 : 0 }, for: dataset)
    }
  }
}
