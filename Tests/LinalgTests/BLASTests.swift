import Linalg
import Testing

@Suite struct BLASTests {
  static let shapes = [(0, 0), (0, 3), (3, 0), (1, 1), (1, 8), (8, 1), (5, 7), (67, 33), (33, 67), (300, 5), (5, 300)]

  @Test(arguments: shapes, [false, true])
  func gemvIsTheProduct(shape: (rows: Int, columns: Int), transposed: Bool) {
    check(Double.self)
    check(Float.self)

    func check<T: Scalar>(_: T.Type) {
      let a: Matrix<T> = randomMatrix(shape.rows, shape.columns)
      let (m, n) = transposed ? (shape.columns, shape.rows) : (shape.rows, shape.columns)
      let x: [T] = randomVector(n)
      let product = Naive.product(a, transposed, Matrix(rows: n, columns: 1, elements: x), false)
      let tolerance = roundingError(T.self, terms: n)
      var y = [T](repeating: .nan, count: m)
      BLAS.gemv(a, transposed: transposed, x, into: &y)
      #expect(distance(Matrix(rows: m, columns: 1, elements: y), product) <= tolerance, "beta = 0 overwrites NaN")
      y = Array(repeating: 1, count: m)
      BLAS.gemv(a, transposed: transposed, x, into: &y, alpha: -2, beta: 3)
      let expected = Matrix(rows: m, columns: 1) { 3 - 2 * product[$0, $1] }
      #expect(distance(Matrix(rows: m, columns: 1, elements: y), expected) <= 2 * tolerance)
    }
  }

  /// Large enough to be cut into parts.
  @Test(arguments: [(1000, 600), (600, 1000)], [false, true])
  func largeGemvIsTheProduct(shape: (rows: Int, columns: Int), transposed: Bool) {
    gemvIsTheProduct(shape: shape, transposed: transposed)
  }

  @Test(arguments: [0, 1, 2, 7, 64, 101])
  func symvReadsTheLowerTriangle(order: Int) {
    check(Double.self)
    check(Float.self)

    func check<T: Scalar>(_: T.Type) {
      let noise: Matrix<T> = randomMatrix(order, order)
      let lower = Matrix<T>(rows: order, columns: order) { $0 >= $1 ? noise[$0, $1] : .nan }
      let whole = Matrix<T>(rows: order, columns: order) { noise[max($0, $1), min($0, $1)] }
      let x: [T] = randomVector(order)
      let product = Naive.product(whole, false, Matrix(rows: order, columns: 1, elements: x), false)
      let tolerance = roundingError(T.self, terms: order)
      var y = [T](repeating: .nan, count: order)
      BLAS.symv(lower, x, into: &y)
      #expect(distance(Matrix(rows: order, columns: 1, elements: y), product) <= tolerance, "beta = 0 overwrites NaN")
      y = Array(repeating: 1, count: order)
      BLAS.symv(lower, x, into: &y, alpha: -2, beta: 3)
      let expected = Matrix(rows: order, columns: 1) { 3 - 2 * product[$0, $1] }
      #expect(distance(Matrix(rows: order, columns: 1, elements: y), expected) <= 2 * tolerance)
    }
  }

  @Test(arguments: shapes)
  func gerAddsTheOuterProduct(rows: Int, columns: Int) {
    check(Double.self)
    check(Float.self)

    func check<T: Scalar>(_: T.Type) {
      let (x, y): ([T], [T]) = (randomVector(rows), randomVector(columns, seed: 1))
      let before: Matrix<T> = randomMatrix(rows, columns)
      var a = before
      BLAS.ger(x, y, into: &a, alpha: -0.5)
      let expected = Matrix(rows: rows, columns: columns) {
        Double(before[$0, $1]) - 0.5 * Double(x[$0]) * Double(y[$1])
      }
      #expect(distance(a, expected) <= roundingError(T.self, terms: 1))
    }
  }

  @Test(arguments: [0, 1, 3, 16, 1001])
  func dotAndAxpy(count: Int) {
    check(Double.self)
    check(Float.self)

    func check<T: Scalar>(_: T.Type) {
      let (x, y): ([T], [T]) = (randomVector(count), randomVector(count, seed: 1))
      let dot = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      #expect(abs(Double(BLAS.dot(x, y)) - dot) <= roundingError(T.self, terms: count))
      var sum = y
      BLAS.axpy(0.75, x, into: &sum)
      let expected = Matrix(rows: count, columns: 1, elements: zip(x, y).map { Double($0) * 0.75 + Double($1) })
      #expect(distance(Matrix(rows: count, columns: 1, elements: sum), expected) <= roundingError(T.self, terms: 1))
    }
  }

  /// Where an array lies in memory is chance: a kernel that peels elements up to an aligned address would sum them in
  /// another order from run to run.
  @Test func bitsDoNotDependOnAlignment() {
    let numbers: [Double] = randomVector(1200)
    let results = (0..<8).map { shift in
      // A range of rows of length 1 begins at any multiple of 8 bytes.
      let column = Matrix(rows: shift + 1200, columns: 1, elements: [Double](repeating: 0, count: shift) + numbers)
      let shifted = column[rows: shift..<shift + 1200]
      var gram = Matrix<Double>(rows: 1, columns: 1)
      BLAS.syrk(shifted, transposed: true, into: &gram)
      var product = [0.0]
      BLAS.gemv(shifted, transposed: true, numbers, into: &product)
      return [gram[0, 0], product[0]]
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test func mismatchedShapesTrap() async {
    await #expect(processExitsWith: .failure) { _ = BLAS.dot([1.0], [1, 2]) }
    await #expect(processExitsWith: .failure) {
      var y = [1.0]
      BLAS.axpy(1, [1, 2], into: &y)
    }
    await #expect(processExitsWith: .failure) { _ = Matrix<Double>.identity(2).times([1, 2, 3]) }
    await #expect(processExitsWith: .failure) {
      var y = [1.0, 2]
      BLAS.symv(Matrix(rows: 2, columns: 3), [1, 2], into: &y)
    }
    await #expect(processExitsWith: .failure) {
      var a = Matrix<Double>.identity(2)
      BLAS.ger([1], [1, 2], into: &a)
    }
  }
}
