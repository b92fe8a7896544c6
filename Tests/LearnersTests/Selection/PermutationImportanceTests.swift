import Learners
import Linalg
import TestSupport
import Testing

@Suite struct PermutationImportanceTests {
  @Test func findsWhatTheModelUses() throws {
    let (x, y) = SyntheticData.friedman(rows: 800, features: 8, seed: 1)
    var parameters = Forest.Parameters()
    parameters.estimators = 30
    let model = try Forest(fitting: TrainingSet(x: x[rows: 0..<500], y: Array(y[..<500])), parameters: parameters)
    let test = try TrainingSet(x: x[rows: 500..<800], y: Array(y[500...]))
    let importance = try PermutationImportance(of: model, on: test, repeats: 3, seed: 2)
    #expect(importance.mean[..<5].min()! > importance.mean[5...].max()!)
    #expect(importance.mean[5...].allSatisfy { abs($0) < 0.05 })
    let again = try PermutationImportance(of: model, on: test, repeats: 3, seed: 2)
    #expect(again.mean == importance.mean && again.standardDeviation == importance.standardDeviation)
    let other = try PermutationImportance(of: model, on: test, repeats: 3, seed: 3)
    #expect(other.mean != importance.mean)
  }

  /// Permuting the only feature of y = x leaves R² = 1 - Σ(x - πx)² / Σ(x - x̄)², on average -1: a loss of 2.
  @Test func lossOfAnIdentity() throws {
    let x = Matrix<Double>(rows: 512, columns: 2) { row, column in column == 0 ? Double(row) : 1 }
    let data = try TrainingSet(x: x, y: (0..<512).map(Double.init))
    var parameters = Forest.Parameters()
    parameters.estimators = 1
    parameters.bootstrap = false
    let model = try Forest(fitting: data, parameters: parameters)
    let importance = try PermutationImportance(of: model, on: data, repeats: 20)
    // The standard error of the mean over 20 permutations of 512 rows is 0.02.
    #expect(abs(importance.mean[0] - 2) < 0.1)
    #expect(importance.standardDeviation[0] > 0)
    #expect(importance.mean[1] == 0 && importance.standardDeviation[1] == 0)
  }

  @Test func refusesOtherColumns() throws {
    let data = try MixedData.training(rows: 30, seed: 1)
    let model = try Mean(fitting: data)
    let narrow = try TrainingSet(x: Matrix(rows: 2, columns: 1), y: [1, 2])
    #expect(throws: PredictionError.columnMismatch(expected: 4, found: 1)) {
      try PermutationImportance(of: model, on: narrow)
    }
    #expect(try PermutationImportance(of: model, on: data).mean == [0, 0, 0, 0])
  }
}
