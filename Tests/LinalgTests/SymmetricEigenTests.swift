import Linalg
import Testing

@Suite struct SymmetricEigenTests {
  @Test(arguments: [0, 1, 2, 9, 60, 150])
  func reconstructs(order: Int) throws {
    try check(Double.self)
    try check(Float.self)

    func check<T: Scalar>(_: T.Type) throws {
      let noise: Matrix<T> = randomMatrix(order, order)
      let a = Matrix<T>(rows: order, columns: order) { noise[max($0, $1), min($0, $1)] }
      let lower = Matrix<T>(rows: order, columns: order) { $0 >= $1 ? noise[$0, $1] : .nan }
      let eigen = try SymmetricEigen(decomposing: lower)
      let tolerance = roundingError(T.self, terms: order)
      #expect(eigen.values == eigen.values.sorted())
      #expect(distance(eigen.reconstruct(), a) <= tolerance)
      #expect(
        distance(Naive.product(eigen.vectors, false, eigen.vectors, true), Matrix<T>.identity(order)) <= tolerance)
      // A v = λ v, of the rows of `vectors`.
      let images = Naive.product(eigen.vectors, false, a, false)
      let expected = Matrix(rows: order, columns: order) { Double(eigen.values[$0]) * Double(eigen.vectors[$0, $1]) }
      #expect(distance(images, expected) <= tolerance)
    }
  }

  @Test func knownEigenvalues() throws {
    let eigen = try SymmetricEigen(decomposing: Matrix<Double>(rows: 2, columns: 2, elements: [2, 1, 1, 2]))
    #expect(abs(eigen.values[0] - 1) < 1e-15 && abs(eigen.values[1] - 3) < 1e-15)
    #expect(abs(eigen.vectors[1, 0] - eigen.vectors[1, 1]) < 1e-15)
  }

  @Test func nonFiniteIsNamed() {
    var a = Matrix<Float>.identity(2)
    a[1, 0] = .nan
    #expect(throws: LinalgError.nonFinite(row: 1, column: 0)) { try SymmetricEigen(decomposing: a) }
  }
}
