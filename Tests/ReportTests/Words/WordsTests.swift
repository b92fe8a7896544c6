import Learners
import Testing

import Report

@Suite struct WordsTests {
  @Test func factorsAreTimesOrParts() throws {
    let words = Wording(Scene.report(try Scene.comparison(Scene.line(rows: 100), [Ridge.self])))
    #expect(words.factor(0) == "× 1.00" && words.factor(0.6931471805599453) == "× 2.00")
    #expect(words.factor(-0.6931471805599453) == "÷ 2.00" && words.factor(5) == "× 148")
    #expect(words.chance(0.9999) == "> 0.99" && words.chance(0.0001) == "< 0.01" && words.chance(0.5) == "0.50")
    #expect(words.size(999) == "999 bytes" && words.size(34_400) == "34 kB" && words.size(1_240_000) == "1.2 MB")
    #expect(words.list(["a"]) == "a" && words.list(["a", "b", "c"]) == "a, b and c")
  }

  /// What is said first answers what a reader asks, and where models are alike it says so.
  @Test func theSummaryAnswers() throws {
    let report = Scene.report(try Scene.comparison(Scene.line(rows: 400), [Mean.self, Ridge.self, Boosting.self]))
    let points = Summary(words: Wording(report)).points
    #expect(
      points.map(\.question) == [
        "Which model?", "How good is it?", "How sure is that?", "How far off can one prediction be?",
        "Would more rows help?", "What does it look at?",
      ])
    #expect(points[0].answer.hasPrefix("Use ridge: the best of 3 models by R²."))
    #expect(points[2].answer.contains("better than boosting"))
    #expect(points[4].answer.hasPrefix("Hardly"))
    #expect(points[5].answer.contains("Most at x"))
  }

  /// A prediction that is too low as a rule is told of.
  @Test func biasesAreTold() throws {
    let x = (0..<400).map { Double($0 * 37 % 401) / 40 }
    // A line through a parabola is too low at both ends.
    let dataset = try Scene.dataset([("x", x), ("y", x.map { $0 * $0 })])
    let report = Scene.report(try Scene.comparison(dataset, [Ridge.self]))
    let cautions = Cautions(words: Wording(report)).all
    #expect(cautions.contains { $0.contains("largest predictions are too low") }, "\(cautions)")
  }

  @Test func copiesInOtherFoldsAreTold() throws {
    let x = (0..<200).map { Double($0 % 100) + ($0 == 7 ? 0.5 : 0) }
    let dataset = try Scene.dataset([
      ("x", x), ("z", x.map { Double(Int($0) % 7) }), ("y", x.map { Double(Int($0) * 37 % 101) }),
    ])
    let report = Scene.report(try Scene.comparison(dataset, [Ridge.self]))
    #expect(report.data.duplicates > 90 && report.data.knownRows > 100)
    #expect(Cautions(words: Wording(report)).all.contains { $0.contains("exact copy") })
  }

  /// A promise is said to be held only where so many rows can tell.
  @Test(arguments: [
    (17, 20, "too few rows to tell"), (900, 1_000, "as promised"), (905, 1_000, "as promised"),
    (850, 1_000, "less than promised"), (8_880, 10_000, "a little less than promised"),
    (970, 1_000, "more than promised"),
  ])
  func promisesAreJudgedByWhatRowsCanTell(held: Int, of rows: Int, words: String) throws {
    let coverage = Double(held) / Double(rows)
    let (low, high) = wilsonInterval(coverage, of: Double(rows))
    let level = RangeFigures.Level(
      level: 0.9, rows: rows, effectiveRows: Double(rows), coverage: coverage, low: low, high: high, meanWidth: 1,
      medianWidth: 1, medianFactor: nil, coverageByTenth: nil)
    let report = Scene.report(try Scene.comparison(Scene.line(rows: 60), [Ridge.self]))
    #expect(RangeVerdict(level, Wording(report)).text.hasPrefix(words))
  }
}
