import Linalg
import Testing

@Suite struct CholeskyTests {
  /// B Bᵀ / columns + diagonal of 1, condition number below 10.
  static func positiveDefinite<T: Scalar>(_ order: Int) -> Matrix<T> {
    let b: Matrix<T> = randomMatrix(order, order + 3)
    let product = Naive.product(b, false, b, true)
    return Matrix(rows: order, columns: order) { T(product[$0, $1]) / T(order + 3) + ($0 == $1 ? 1 : 0) }
  }

  @Test(arguments: [0, 1, 2, 7, 33, 200])
  func reconstructsAndSolves(order: Int) throws {
    try check(Double.self)
    try check(Float.self)

    func check<T: Scalar>(_: T.Type) throws {
      let a: Matrix<T> = Self.positiveDefinite(order)
      // Only the lower triangle is read.
      let cholesky = try Cholesky(factoring: Matrix(rows: order, columns: order) { $0 >= $1 ? a[$0, $1] : .nan })
      let tolerance = 10 * roundingError(T.self, terms: order)  // condition number 10
      #expect(distance(cholesky.reconstruct(), a) <= tolerance)
      #expect(
        (0..<order).allSatisfy { row in (row + 1..<max(order, row + 1)).allSatisfy { cholesky.factor[row, $0] == 0 } })

      let b: Matrix<T> = randomMatrix(order, 9)
      let x = cholesky.solve(b)
      #expect(distance(Naive.product(a, false, x, false), b) <= tolerance)
      let first = cholesky.solve(b.column(0))
      #expect(distance(Matrix(rows: order, columns: 1, elements: first), x.column(0).asColumn) <= tolerance)
    }
  }

  @Test func namesTheMinorThatIsNotPositive() {
    var a: Matrix<Double> = Self.positiveDefinite(6)
    a[3, 3] = -1
    #expect(throws: LinalgError.notPositiveDefinite(minor: 4)) { try Cholesky(factoring: a) }
    // Positive diagonal, negative eigenvalue.
    let saddle = Matrix<Double>(rows: 2, columns: 2, elements: [1, 2, 2, 1])
    #expect(throws: LinalgError.notPositiveDefinite(minor: 2)) { try Cholesky(factoring: saddle) }
    // Zero pivot, eigenvalues of both signs.
    let swap = Matrix<Double>(rows: 2, columns: 2, elements: [0, 1, 1, 0])
    #expect(throws: LinalgError.notPositiveDefinite(minor: 1)) { try Cholesky(factoring: swap) }
  }

  @Test(arguments: [(1, 0), (5, 1), (6, 5), (40, 13), (80, 79)])
  func reportsTheRank(order: Int, rank: Int) throws {
    let b: Matrix<Double> = randomMatrix(order, rank)
    let gram = Naive.product(b, false, b, true)
    #expect(throws: LinalgError.rankDeficient(rank: rank, columns: order)) { try Cholesky(factoring: gram) }
    // Units of the columns must not matter: a factor of 10^12 between them.
    let scaled = Matrix(rows: order, columns: order) { gram[$0, $1] * scale($0) * scale($1) }
    #expect(throws: LinalgError.rankDeficient(rank: rank, columns: order)) { try Cholesky(factoring: scaled) }

    func scale(_ index: Int) -> Double { index % 2 == 0 ? 1 : 0x1p-40 }
  }

  @Test func badlyScaledButIndependentIsFactored() throws {
    let a = Matrix<Double>(rows: 2, columns: 2, elements: [1e20, 1, 1, 1e-10])
    let x = try Cholesky(factoring: a).solve([1, 2])
    #expect(abs(1e20 * x[0] + x[1] - 1) < 1e-6 && abs(x[0] + 1e-10 * x[1] - 2) < 1e-12)
  }

  @Test func nonFiniteIsNamed() {
    var a = Matrix<Double>.identity(3)
    a[2, 1] = .infinity
    #expect(throws: LinalgError.nonFinite(row: 2, column: 1)) { try Cholesky(factoring: a) }
  }

  @Test func notSquareTraps() async {
    await #expect(processExitsWith: .failure) { _ = try? Cholesky(factoring: Matrix<Double>(rows: 2, columns: 3)) }
  }
}

extension Array where Element: Scalar {
  var asColumn: Matrix<Element> { Matrix(rows: count, columns: 1, elements: self) }
}
