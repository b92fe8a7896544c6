import Learners
import Linalg
import TestSupport
import Testing

@Suite struct LeaveOneOutProbeTests {
  /// The learner `ridge` has its own, which is tested against refits without each row.
  @Test(arguments: [(60, 5), (12, 30)], [false, true])
  func agreesWithTheLearner(_ shape: (rows: Int, features: Int), isWeighted: Bool) throws {
    let (rows, features) = shape
    let (x, y) = SyntheticData.friedman(rows: rows, features: features, seed: 4)
    let weights = isWeighted ? (0..<rows).map { Double($0 % 4) + 0.5 } : nil
    let total = weights?.reduce(0, +) ?? Double(rows)
    func mean(_ term: (Int) -> Double) -> Double {
      (0..<rows).reduce(0) { $0 + (weights?[$1] ?? 1) * term($1) } / total
    }
    let columns = (0..<features).map { column in
      let values = x.column(column)
      let mean = mean { values[$0] }
      return values.map { $0 - mean }
    }
    let centred = Matrix(rows: rows, columns: features) { columns[$1][$0] }
    let meanTarget = mean { y[$0] }
    let variance = mean { (y[$0] - meanTarget) * (y[$0] - meanTarget) }
    let squares = columns.reduce(0) { sum, column in sum + total * mean { column[$0] * column[$0] } }
    let meanEigenvalue = squares / Double(rows >= features ? features : rows - 1)
    let alphas = (0...12).map { decade in (0..<decade).reduce(1e4 * meanEigenvalue) { alpha, _ in alpha / 10 } }
    let errors = try Ridge.leaveOneOutErrors(of: TrainingSet(x: centred, y: y, weights: weights), alphas: alphas)
    let expected = alphas.indices.map { alpha in mean { errors[$0, alpha] * errors[$0, alpha] } / variance }
    let found = LeaveOneOutProbe(target: y, weights: weights).error(columns)
    #expect(abs(found / expected.min()! - 1) < 1e-8)
  }

  @Test func noColumnsOrNoSpreadAreNoTrouble() {
    #expect(abs(LeaveOneOutProbe(target: [1, 2, 3]).error([]) - 1) < 1e-12)
    #expect(LeaveOneOutProbe(target: [2, 2, 2]).error([[-1, 0, 1]]).isFinite)
  }
}
