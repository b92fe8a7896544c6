import Learners
import Linalg
import TestSupport
import Testing

@Suite struct LeaveOneOutProbeTests {
  /// The learner `ridge` has its own, which is tested against refits without each row.
  @Test(arguments: [(60, 5), (12, 30)]) func agreesWithTheLearner(rows: Int, features: Int) throws {
    let (x, y) = SyntheticData.friedman(rows: rows, features: features, seed: 4)
    let columns = (0..<features).map { column in
      let values = x.column(column)
      let mean = values.reduce(0, +) / Double(rows)
      return values.map { $0 - mean }
    }
    let centred = Matrix(rows: rows, columns: features) { columns[$1][$0] }
    let mean = y.reduce(0, +) / Double(rows)
    let variance = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
    let squares = columns.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
    let meanEigenvalue = squares / Double(rows >= features ? features : rows - 1)
    let alphas = (0...12).map { decade in (0..<decade).reduce(1e4 * meanEigenvalue) { alpha, _ in alpha / 10 } }
    let errors = try Ridge.leaveOneOutErrors(of: TrainingSet(x: centred, y: y), alphas: alphas)
    let expected = alphas.indices.map { alpha in
      (0..<rows).reduce(0) { $0 + errors[$1, alpha] * errors[$1, alpha] } / Double(rows) / variance
    }
    let found = LeaveOneOutProbe(target: y).error(columns)
    #expect(abs(found / expected.min()! - 1) < 1e-8)
  }

  @Test func noColumnsOrNoSpreadAreNoTrouble() {
    #expect(abs(LeaveOneOutProbe(target: [1, 2, 3]).error([]) - 1) < 1e-12)
    #expect(LeaveOneOutProbe(target: [2, 2, 2]).error([[-1, 0, 1]]).isFinite)
  }
}
