import Learners
import TestSupport
import Testing

import Report

@Suite struct WorstRowsTests {
  /// Two rows that are wrong come first, and base, contributions and the rest are what is predicted.
  @Test func wrongRowsAreFound() throws {
    let clean = try Scene.line(rows: 300)
    var y = clean.target
    (y[17], y[203]) = (900, -700)
    let columns = clean.features.columns
    let comparison = try Scene.comparison(
      Scene.dataset([("x", columns[0]), ("noise", columns[1]), ("y", y)]), [SVR.self, Ridge.self])
    let explainable = try #require(comparison.explainable)
    let worst = comparison.worstRows(FoldModels(explainable, comparison) {}) { "line \($0 + 2)" }
    #expect(worst.rows.prefix(2).map(\.row) == [17, 203] && worst.rows[0].place == "line 19" && worst.rows.count == 10)
    #expect(worst.rows[0].error > 500 && worst.rows[1].error < -500)
    #expect(worst.explainedBy == "ridge" && worst.model == comparison.entries[0].name)
    for row in worst.rows {
      let explanation = try #require(row.explanation)
      let sum = explanation.largest.reduce(explanation.base + explanation.others) { $0 + $1.adds }
      #expect(abs(sum - explanation.predicted) < 1e-9)
    }
  }

  @Test func whatCannotBeExplainedIsNot() throws {
    let comparison = try Scene.comparison(Scene.line(rows: 100), [SVR.self])
    #expect(comparison.explainable == nil)
    let worst = comparison.worstRows(nil) { _ in "" }
    #expect(worst.explainedBy == nil && worst.rows.allSatisfy { $0.explanation == nil })
  }

  @Test func partsOfErrorsHoldAllRows() throws {
    let comparison = try Scene.comparison(Scene.line(rows: 305), [Ridge.self])
    let parts = comparison.residuals.parts
    #expect(parts.count == 10 && parts.reduce(0) { $0 + $1.rows } == 305)
    #expect(zip(parts, parts.dropFirst()).allSatisfy { $0.to <= $1.from })
    #expect(parts.allSatisfy { $0.low <= $0.median && $0.median <= $0.high && $0.rmse > 0.5 && $0.rmse < 1.6 })
    let all = parts.reduce(0) { $0 + $1.rmse * $1.rmse * Double($1.rows) } / 305
    #expect(abs(all.squareRoot() - comparison.entries[0].entry.scores.rmse) < 1e-12)
  }

  /// numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 0.9, 1])
  @Test func quantilesAreNumPys() {
    let found = [0, 0.1, 0.5, 0.9, 1].map { interpolated([1, 2, 4, 8], at: $0) }
    #expect(largestAbsoluteError(found, [1, 1.3, 3, 6.8, 8]) < 1e-12)
  }
}
