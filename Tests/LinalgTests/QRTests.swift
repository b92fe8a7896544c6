import Linalg
import Testing

@Suite struct QRTests {
  @Test(arguments: [(0, 0), (4, 0), (1, 1), (5, 5), (40, 7), (130, 65)])
  func reconstructs(rows: Int, columns: Int) throws {
    try check(Double.self)
    try check(Float.self)

    func check<T: Scalar>(_: T.Type) throws {
      let a: Matrix<T> = randomMatrix(rows, columns)
      let qr = try QR(factoring: a)
      let tolerance = roundingError(T.self, terms: rows)
      #expect(distance(qr.reconstruct(), a) <= tolerance)
      // RᵀR = AᵀA, R upper triangular
      #expect(distance(Naive.product(qr.upper, true, qr.upper, false), Naive.product(a, true, a, false)) <= tolerance)
      #expect((0..<columns).allSatisfy { row in (0..<row).allSatisfy { qr.upper[row, $0] == 0 } })
    }
  }

  @Test(arguments: [(1, 1), (6, 6), (50, 4), (300, 20)])
  func leastSquaresAgreeWithNormalEquations(rows: Int, columns: Int) throws {
    let a: Matrix<Double> = randomMatrix(rows, columns)
    let b: Matrix<Double> = randomMatrix(rows, 3, seed: 1)
    let x = try QR(factoring: a).leastSquares(b)
    let normal = try Cholesky(factoring: Naive.product(a, true, a, false)).solve(Naive.product(a, true, b, false))
    // The normal equations square the condition number, which is below 1000 here (6 x 6).
    #expect(distance(x, normal) <= 1e-8)
    // The residual is orthogonal to the columns.
    let fit = Naive.product(a, false, x, false)
    let residual = Matrix(rows: rows, columns: 3) { b[$0, $1] - fit[$0, $1] }
    #expect(distance(Naive.product(a, true, residual, false), Matrix<Double>(rows: columns, columns: 3)) <= 1e-11)
  }

  @Test func dependentColumnsAreCounted() throws {
    let independent: Matrix<Double> = randomMatrix(30, 4)
    // Columns 0, 1, a multiple of their sum, 2, a multiple of 3 and 3, in units that differ by 10^9.
    let a = Matrix(rows: 30, columns: 6) { row, column -> Double in
      switch column {
      case 0, 1: independent[row, column]
      case 2: 1e9 * (independent[row, 0] + independent[row, 1])
      case 3: independent[row, 2] * 1e-9
      case 4: independent[row, 3] * 1e9
      default: independent[row, 3]
      }
    }
    let b = Matrix<Double>(rows: 30, columns: 1)
    #expect(throws: LinalgError.rankDeficient(rank: 4, columns: 6)) { try QR(factoring: a).leastSquares(b) }
    #expect(throws: LinalgError.rankDeficient(rank: 0, columns: 2)) {
      try QR(factoring: Matrix<Double>(rows: 30, columns: 2)).leastSquares(b)
    }
  }

  @Test func unitsOfColumnsDoNotMatter() throws {
    let a = Matrix<Double>(rows: 2, columns: 2, elements: [1e12, 0, 0, 1e-20])
    let x = try QR(factoring: a).leastSquares(Matrix(rows: 2, columns: 1, elements: [1e12, 3e-20]))
    #expect(abs(x[0, 0] - 1) < 1e-15 && abs(x[1, 0] - 3) < 1e-15)
  }

  @Test func nonFiniteIsNamed() {
    var a = Matrix<Double>(rows: 3, columns: 2)
    a[1, 1] = .nan
    #expect(throws: LinalgError.nonFinite(row: 1, column: 1)) { try QR(factoring: a) }
  }

  @Test func wideTraps() async {
    await #expect(processExitsWith: .failure) { _ = try? QR(factoring: Matrix<Double>(rows: 2, columns: 3)) }
  }
}
