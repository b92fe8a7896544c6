import Learners
import TestSupport
import Testing

import Report

@Suite struct FoldModelsTests {
  private func models() throws -> FoldModels {
    let comparison = try Scene.comparison(Scene.line(rows: 400), [Ridge.self])
    return FoldModels(comparison.entries[0], comparison) {}
  }

  /// The models of the folds are those whose predictions were compared.
  @Test func theyPredictTheirOwnRowsAsBefore() throws {
    let models = try models()
    for (fold, model) in models.models.enumerated() {
      let rows = models.comparison.experiment.folds.testRows(fold)
      let before = rows.map { models.entry.entry.validation.predictions[$0] }
      // Folds of ridge that share a pass over the rows round otherwise.
      #expect(largestRelativeError(try model.predict(models.comparison.features(rows)), before) < 1e-9)
    }
    #expect(models.models.count == 5)
  }

  /// y is 3 x and an error of 1, x uniform on 0 to 10: without x, R² falls by 2 · (1 - 1 / 76), for its values are then others'.
  @Test func importanceIsWhatIsLost() throws {
    let importance = try models().importance {}
    #expect(importance.map(\.feature) == ["x", "noise"] && importance[0].lostInFolds.count == 5)
    #expect(abs(importance[0].lost.mean - 2 * 75 / 76) < 0.2, "\(importance[0])")
    #expect((importance[0].lost.low ?? 0) > 1 && (importance[0].chance ?? 0) > 0.99)
    #expect(abs(importance[1].lost.mean) < 0.01)
  }

  @Test func theEffectOfALineIsALine() throws {
    let effects = try models().effects(of: ["x", "noise"]) {}
    let x = try #require(effects.first)
    let (values, last) = (try #require(x.values), x.effects.count - 1)
    #expect(abs((x.effects[last].mean - x.effects[0].mean) / (values[last] - values[0]) - 3) < 0.1)
    #expect(x.effects.allSatisfy { ($0.low ?? .nan) <= $0.mean && $0.mean <= ($0.high ?? .nan) })
    #expect(effects[1].feature == "noise" && effects[1].effects.allSatisfy { abs($0.mean) < 0.5 })
  }

  /// Levels are told in the order of what is predicted for them; those that are too rare are counted.
  @Test func levelsHaveEffects() throws {
    let names = (0..<400).map { row in
      row < 4 ? "rare\(row)" : ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"][row % 10]
    }
    let worth = Dictionary(uniqueKeysWithValues: "jihgfedcba".enumerated().map { (String($1), Double($0)) })
    let y = names.enumerated().map { (worth[$1] ?? 0) * 10 + Double($0 % 3) }
    let table = Table(columns: [Column(name: "kind", texts: names), Column(name: "y", values: .numeric(y))])
    let comparison = try Scene.comparison(
      Dataset(table, options: .init(target: "y")), [Boosting.self])
    let effects = FoldModels(comparison.entries[0], comparison) {}.effects(of: ["kind"]) {}
    let kind = try #require(effects.first)
    #expect(kind.levels == ["j", "i", "h", "g", "f", "e", "d", "c", "b", "a"] && kind.levelsLeftOut == 4)
    #expect(abs(kind.effects[9].mean - kind.effects[0].mean - 90) < 3)
  }
}
