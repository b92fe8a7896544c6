import Linalg
import TestSupport
import Testing

@Suite struct BLASProductsTests {
  /// m, n, k: nothing, one, odd, tall, wide, and sizes on which the kernels' register and cache blocks end unevenly.
  static let shapes = [
    (0, 0, 0), (0, 3, 2), (3, 0, 2), (3, 2, 0), (1, 1, 1), (1, 5, 7), (5, 1, 7), (7, 5, 1), (3, 5, 7), (17, 33, 9),
    (100, 3, 4), (3, 100, 4), (4, 3, 100), (64, 64, 64), (129, 67, 131),
  ]

  @Test(arguments: shapes, [(false, false), (false, true), (true, false), (true, true)])
  func gemmIsTheProduct(shape: (m: Int, n: Int, k: Int), transposes: (Bool, Bool)) {
    check(Double.self, shape.m, shape.n, shape.k, transposes)
    check(Float.self, shape.m, shape.n, shape.k, transposes)
  }

  private func check<T: Scalar>(_: T.Type, _ m: Int, _ n: Int, _ k: Int, _ transposes: (Bool, Bool)) {
    let a: Matrix<T> = transposes.0 ? randomMatrix(k, m) : randomMatrix(m, k)
    let b: Matrix<T> = transposes.1 ? randomMatrix(n, k, seed: 1) : randomMatrix(k, n, seed: 1)
    let before: Matrix<T> = randomMatrix(m, n, seed: 2)
    let product = Naive.product(a, transposes.0, b, transposes.1)
    let tolerance = roundingError(T.self, terms: k)

    var c = before
    BLAS.gemm(a, transposingFirst: transposes.0, b, transposingSecond: transposes.1, into: &c)
    #expect(distance(c, product) <= tolerance)

    c = before
    BLAS.gemm(a, transposingFirst: transposes.0, b, transposingSecond: transposes.1, into: &c, alpha: -0.5, beta: 0.25)
    let expected = Matrix(rows: m, columns: n) { 0.25 * Double(before[$0, $1]) - 0.5 * product[$0, $1] }
    #expect(distance(c, expected) <= tolerance)

    c = Matrix(rows: m, columns: n, repeating: .nan)
    BLAS.gemm(a, transposingFirst: transposes.0, b, transposingSecond: transposes.1, into: &c)
    #expect(distance(c, product) <= tolerance, "with beta = 0 NaN in C is overwritten")
  }

  @Test(
    arguments: [(0, 0), (0, 3), (3, 0), (1, 1), (1, 9), (9, 1), (7, 40), (40, 7), (65, 65), (50, 6000)], [false, true])
  func syrkIsTheWholeSymmetricProduct(shape: (n: Int, k: Int), transposed: Bool) {
    checkSyrk(Double.self, shape.n, shape.k, transposed)
    checkSyrk(Float.self, shape.n, shape.k, transposed)
  }

  private func checkSyrk<T: Scalar>(_: T.Type, _ n: Int, _ k: Int, _ transposed: Bool) {
    let a: Matrix<T> = transposed ? randomMatrix(k, n) : randomMatrix(n, k)
    let product = Naive.product(a, transposed, a, !transposed)
    let tolerance = roundingError(T.self, terms: k)
    var c = Matrix<T>(rows: n, columns: n, repeating: .nan)
    BLAS.syrk(a, transposed: transposed, into: &c)
    #expect(distance(c, product) <= tolerance)
    #expect(c == c.transposed())

    // Only the lower triangle of C is read, also where there is nothing to add to it.
    c = Matrix(rows: n, columns: n) { $0 >= $1 ? 1 : .nan }
    var lower = c
    BLAS.syrk(a, transposed: transposed, into: &c, alpha: 2, beta: -3)
    #expect(distance(c, Matrix(rows: n, columns: n) { 2 * product[$0, $1] - 3 }) <= 2 * tolerance)

    BLAS.syrkLower(a, transposed: transposed, into: &lower, alpha: 2, beta: -3)
    #expect((0..<n).allSatisfy { row in (row + 1..<max(n, row + 1)).allSatisfy { lower[row, $0].isNaN } })
    lower.mirrorLowerTriangle()
    #expect(distance(lower, c) <= 2 * tolerance)
  }

  @Test(arguments: [(1, 1), (2, 5), (33, 1), (40, 70), (130, 9)], [BLAS.Triangle.lower, .upper])
  func trsmSolves(shape: (n: Int, sides: Int), triangle: BLAS.Triangle) {
    for transposed in [false, true] {
      checkTrsm(Double.self, shape.n, shape.sides, triangle, transposed)
      checkTrsm(Float.self, shape.n, shape.sides, triangle, transposed)
    }
  }

  private func checkTrsm<T: Scalar>(
    _: T.Type, _ n: Int, _ sides: Int, _ triangle: BLAS.Triangle, _ transposed: Bool
  ) {
    // A diagonal of 2 with off-diagonal elements below 1/n: well conditioned. NaN in the triangle that is not read.
    let noise: Matrix<T> = randomMatrix(n, n)
    let isRead = { (row: Int, column: Int) in triangle == .lower ? row >= column : row <= column }
    let element = { (row: Int, column: Int) in row == column ? 2 : noise[row, column] / T(n) }
    let a = Matrix<T>(rows: n, columns: n) { isRead($0, $1) ? element($0, $1) : .nan }
    let readable = Matrix<T>(rows: n, columns: n) { isRead($0, $1) ? element($0, $1) : 0 }
    let b: Matrix<T> = randomMatrix(n, sides, seed: 1)
    var x = b
    BLAS.trsm(triangle, a, transposed: transposed, solving: &x)
    #expect(distance(Naive.product(readable, transposed, x, false), b) <= roundingError(T.self, terms: n))
  }

  @Test func emptyTrsmDoesNothing() {
    var b = Matrix<Double>(rows: 0, columns: 3)
    BLAS.trsm(.lower, Matrix(rows: 0, columns: 0), solving: &b)
    #expect(b.columns == 3)
  }

  /// Large enough to be cut (a strip has at least 256 rows), so that the threads really take parts.
  @Test func bitsDoNotDependOnThreads() {
    check(Double.self)
    check(Float.self)

    func check<T: Scalar>(_: T.Type) {
      let tall: Matrix<T> = randomMatrix(1100, 40)
      let wide: Matrix<T> = randomMatrix(40, 1100)
      #expect(Strips(of: 1100, flops: 2 * 1100 * 1100 * 40).count == 4)
      let results = eachThreadCount {
        var gemm = Matrix<T>(rows: 1100, columns: 1100)
        var syrk = gemm
        var pieces = Matrix<T>(rows: 5, columns: 5)
        BLAS.gemm(tall, wide, into: &gemm)
        BLAS.syrk(tall, into: &syrk)
        BLAS.syrk(Matrix<T>(rows: 8800, columns: 5, elements: tall.elements), transposed: true, into: &pieces)
        var solved = wide
        BLAS.trsm(.lower, Matrix(rows: 40, columns: 40) { $0 == $1 ? 2 : tall[$0, $1] / 40 }, solving: &solved)
        return [gemm, syrk, pieces, solved, Matrix(rows: 1, columns: 1100, elements: gemm.times(syrk.column(0)))]
      }
      #expect(results[0] == results[1] && results[0] == results[2])
      #expect(distance(results[0][0], Naive.product(tall, false, wide, false)) <= roundingError(T.self, terms: 40))
      #expect(distance(results[0][1], Naive.product(tall, false, tall, true)) <= roundingError(T.self, terms: 40))
    }
  }

  @Test func mismatchedShapesTrap() async {
    await #expect(processExitsWith: .failure) {
      var c = Matrix<Double>(rows: 2, columns: 2)
      BLAS.gemm(Matrix(rows: 2, columns: 3), Matrix(rows: 2, columns: 2), into: &c)
    }
    await #expect(processExitsWith: .failure) {
      var c = Matrix<Double>(rows: 2, columns: 3)
      BLAS.gemm(Matrix(rows: 2, columns: 2), Matrix(rows: 2, columns: 2), into: &c)
    }
    await #expect(processExitsWith: .failure) {
      var c = Matrix<Double>(rows: 3, columns: 3)
      BLAS.syrk(Matrix(rows: 2, columns: 3), into: &c)
    }
    await #expect(processExitsWith: .failure) {
      var b = Matrix<Double>(rows: 3, columns: 1)
      BLAS.trsm(.lower, Matrix.identity(2), solving: &b)
    }
  }
}
