import Learners
import Linalg
import Testing

@Suite struct LevelEffectsTests {
  /// More levels than columns: each has its own mean, and a number matters more than all of them.
  private static func crowded(levels: Int, rowsEach: Int) throws -> Dataset {
    var random = RandomStream(seed: 3, purpose: RandomPurpose("test.crowded"))
    let means = (0..<levels).map { _ in random.normal() }
    let rows = levels * rowsEach
    let numbers = (0..<rows).map { _ in 5 * random.normal() }
    let target = (0..<rows).map { numbers[$0] + means[$0 % levels] + 0.1 * random.normal() }
    return try Dataset(
      Table(columns: [
        Column(name: "x", values: .numeric(numbers)),
        Column(name: "level", texts: (0..<rows).map { "l\($0 % levels)" }),
        Column(name: "y", values: .numeric(target)),
      ]))
  }

  @Test func levelsWithoutRoomStillTellWhatTheyKnow() throws {
    let dataset = try Self.crowded(levels: 1_500, rowsEach: 4)
    let folds = try Folds(shuffling: dataset.rowCount, into: 4, seed: 0)
    let entry = try Experiment(dataset: dataset, folds: folds, targetTransform: .none, seed: 0)
      .run(Candidate(Ridge.self))
    // The number alone leaves an error of 1, the means of the levels known to a third of their spread one of 0.2.
    #expect(entry.scores.rmse < 0.35)
  }

  /// Levels that say nothing must not look as if they did: the column of a training row is not of its own target.
  @Test func noiseIsNotLearned() throws {
    var random = RandomStream(seed: 4, purpose: RandomPurpose("test.noise"))
    let rows = 4_000
    let target = (0..<rows).map { _ in random.normal() }
    let dataset = try Dataset(
      Table(columns: [
        Column(name: "x", values: .numeric((0..<rows).map { _ in random.normal() })),
        Column(name: "level", texts: (0..<rows).map { "l\($0 % 1_300)" }), Column(name: "y", values: .numeric(target)),
      ]))
    let folds = try Folds(shuffling: rows, into: 4, seed: 0)
    let entry = try Experiment(dataset: dataset, folds: folds, targetTransform: .none, seed: 0)
      .run(Candidate(Ridge.self))
    #expect(entry.scores.r2 > -0.02)
  }
}
