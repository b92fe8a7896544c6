import Linalg
import Testing

@Suite struct MatrixTests {
  static let counting = Matrix<Double>(rows: 4, columns: 3) { Double(10 * $0 + $1) }

  @Test func elementsAreRowMajor() {
    #expect(Self.counting.elements == [0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32])
    #expect(Self.counting[2, 1] == 21)
    #expect(Matrix<Float>.identity(2).elements == [1, 0, 0, 1])
    #expect(Matrix<Float>(rows: 1, columns: 2, repeating: 7).elements == [7, 7])
  }

  @Test(arguments: [(0, 0), (0, 3), (3, 0)])
  func emptyShapesExist(rows: Int, columns: Int) {
    let matrix = Matrix<Double>(rows: rows, columns: columns)
    #expect((matrix.rows, matrix.columns) == (rows, columns))
    #expect(matrix.elements.isEmpty)
    #expect(matrix.transposed().rows == columns)
    #expect(matrix[rows: 0..<rows] == matrix)
  }

  @Test func writingGoesToOneElement() {
    var matrix = Self.counting
    matrix[3, 2] = -1
    #expect(matrix.elements == Array(Self.counting.elements.dropLast()) + [-1])
    matrix.withMutableSpan { $0[0] = -2 }
    #expect(matrix[0, 0] == -2)
    #expect(Self.counting[0, 0] == 0)
  }

  @Test func equalityIsOfShapeAndElements() {
    let flat = Matrix<Double>(rows: 3, columns: 4, elements: Self.counting.elements)
    #expect(flat != Self.counting)
    #expect(Matrix(rows: 4, columns: 3, elements: flat.elements) == Self.counting)
  }

  /// One past the end of a row would be the next row's first element: a flat check lets it pass.
  @Test func indexOutsideTraps() async {
    await #expect(processExitsWith: .failure) { _ = MatrixTests.counting[0, 3] }
    await #expect(processExitsWith: .failure) { _ = MatrixTests.counting[4, 0] }
    await #expect(processExitsWith: .failure) { _ = MatrixTests.counting[1, -1] }
    await #expect(processExitsWith: .failure) { _ = MatrixTests.counting[-1, 0] }
    await #expect(processExitsWith: .failure) {
      var matrix = MatrixTests.counting
      matrix[0, 3] = 1
    }
    await #expect(processExitsWith: .success) { _ = MatrixTests.counting[3, 2] }
  }

  @Test func wrongNumberOfElementsTraps() async {
    await #expect(processExitsWith: .failure) { _ = Matrix<Double>(rows: 2, columns: 2, elements: [1, 2, 3]) }
    await #expect(processExitsWith: .failure) { _ = Matrix<Double>(rows: -1, columns: -1, elements: [1]) }
  }
}
