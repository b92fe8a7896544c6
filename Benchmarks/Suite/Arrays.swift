import Learners
import Linalg

/// The arrays of a workload, in memory before any clock starts.
struct Arrays {
  let x: Matrix<Double>
  let y: [Double]
  /// No rows where the workload does not predict.
  let xTest: Matrix<Double>
  let yTest: [Double]

  init(folder: String) throws {
    x = try Self.matrix("\(folder)/x.npy")
    y = try Self.columns("\(folder)/y.npy")[0]
    if let test = try? Self.matrix("\(folder)/x_test.npy") {
      xTest = test
      yTest = try Self.columns("\(folder)/y_test.npy")[0]
    } else {
      xTest = Matrix(rows: 0, columns: x.columns)
      yTest = []
    }
  }

  private static func matrix(_ path: String) throws -> Matrix<Double> {
    let columns = try columns(path)
    return Matrix(rows: columns[0].count, columns: columns.count) { row, column in columns[column][row] }
  }

  private static func columns(_ path: String) throws -> [[Double]] {
    try TableReader.read([path]).columns.map { column in
      guard case .numeric(let numbers) = column.values else { throw NotNumeric(path: path, column: column.name) }
      return numbers
    }
  }

  struct NotNumeric: Error {
    let path: String
    let column: String
  }
}
