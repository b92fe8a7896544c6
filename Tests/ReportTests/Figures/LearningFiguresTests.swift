import Learners
import Linalg
import Testing

import Report

@Suite struct LearningFiguresTests {
  /// A line with two columns is known from few rows.
  @Test func aLineNeedsNoMoreRows() throws {
    let comparison = try Scene.comparison(Scene.line(rows: 1_000), [Ridge.self])
    var fits = 0
    let learning = comparison.learning(of: comparison.entries[0]) { fits += 1 }
    #expect(learning.answer == .no && (learning.chance ?? 1) < 0.2, "\(learning)")
    #expect(learning.steps.map(\.rows) == [100, 200, 400, 800] && fits == 15)
    #expect(learning.steps.last?.figureOfFolds == comparison.models(timed: false)[0].figureOfFolds)
  }

  /// Trees learn a surface without noise the better, the more of it they see.
  @Test func aSurfaceNeedsMoreRows() throws {
    var random = RandomStream(seed: 3, purpose: RandomPurpose("report.tests"))
    let columns = (0..<4).map { _ in (0..<600).map { _ in random.uniform() } }
    let y = (0..<600).map { row in columns.reduce(0) { $0 + ($1[row] * 7).rounded() } * columns[0][row] }
    let comparison = try Scene.comparison(
      Scene.dataset(columns.enumerated().map { ("x\($0)", $1) } + [("y", y)]), [ExtraTrees.self])
    let learning = comparison.learning(of: comparison.entries[0]) {}
    #expect(learning.answer == .yes && (learning.nextDoubling ?? 0) > 0.1, "\(learning)")
    #expect((learning.lastDoubling?.low ?? 0) > 0)
  }

  /// Where groups are held out, fewer rows are fewer groups.
  @Test func groupsStayWhole() throws {
    let rows = 400
    let owner = (0..<rows).map { Double($0 / 10) }
    let x = (0..<rows).map { Double($0 * 37 % 101) }
    let dataset = try Scene.dataset([("owner", owner), ("x", x), ("y", x.map { $0 * $0 })], groups: "owner")
    let comparison = try Scene.comparison(dataset, [Ridge.self])
    let learning = comparison.learning(of: comparison.entries[0]) {}
    #expect(comparison.foldKind == .groups && learning.steps.allSatisfy { $0.rows % 10 == 0 })
  }

  @Test func fewRowsTellNothing() throws {
    let comparison = try Scene.comparison(Scene.line(rows: 40), [Ridge.self])
    let learning = comparison.learning(of: comparison.entries[0]) {}
    #expect(learning.steps.count == 1 && learning.answer == .unclear && learning.chance == nil)
  }
}
