import Linalg
import Testing

@Suite struct SVDTests {
  @Test(arguments: [(0, 0), (0, 3), (3, 0), (1, 1), (6, 6), (40, 7), (7, 40), (90, 60)])
  func reconstructs(rows: Int, columns: Int) throws {
    try check(Double.self)
    try check(Float.self)

    func check<T: Scalar>(_: T.Type) throws {
      let a: Matrix<T> = randomMatrix(rows, columns)
      let svd = try SVD(decomposing: a)
      let (rank, tolerance) = (min(rows, columns), roundingError(T.self, terms: max(rows, columns)))
      #expect(
        (svd.left.rows, svd.left.columns) == (rows, rank) && (svd.right.rows, svd.right.columns) == (rank, columns))
      #expect(svd.values == svd.values.sorted(by: >) && svd.values.allSatisfy { $0 >= 0 })
      #expect(distance(svd.reconstruct(), a) <= tolerance)
      #expect(distance(Naive.product(svd.left, true, svd.left, false), Matrix<T>.identity(rank)) <= tolerance)
      #expect(distance(Naive.product(svd.right, false, svd.right, true), Matrix<T>.identity(rank)) <= tolerance)
      #expect(svd.rank == rank)
    }
  }

  @Test(arguments: [(20, 12, 0), (20, 12, 1), (12, 20, 5), (50, 50, 49)])
  func rankIsCounted(rows: Int, columns: Int, rank: Int) throws {
    let (left, right): (Matrix<Double>, Matrix<Double>) = (randomMatrix(rows, rank), randomMatrix(rank, columns))
    #expect(try SVD(decomposing: left.times(right)).rank == rank)
  }

  @Test func valuesAreRootsOfEigenvalues() throws {
    let a: Matrix<Double> = randomMatrix(30, 8)
    let eigen = try SymmetricEigen(decomposing: Naive.product(a, true, a, false))
    let roots = eigen.values.reversed().map { $0.squareRoot() }
    #expect(zip(try SVD(decomposing: a).values, roots).allSatisfy { abs($0 - $1) < 1e-13 })
  }

  @Test func nonFiniteIsNamed() {
    var a = Matrix<Double>(rows: 2, columns: 3)
    a[1, 2] = -.infinity
    #expect(throws: LinalgError.nonFinite(row: 1, column: 2)) { try SVD(decomposing: a) }
  }
}
