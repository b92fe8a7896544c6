import Linalg
import Testing

@Suite struct MatrixSlicingTests {
  let matrix = Matrix<Double>(rows: 5, columns: 3) { Double(10 * $0 + $1) }

  @Test func rowRangeSharesStorage() {
    let middle = matrix[rows: 1..<4]
    #expect((middle.rows, middle.columns) == (3, 3))
    #expect(middle.elements == [10, 11, 12, 20, 21, 22, 30, 31, 32])
    let whole = unsafe matrix.withSpan { unsafe $0.withUnsafeBufferPointer { $0.baseAddress! } }
    let part = unsafe middle.withSpan { unsafe $0.withUnsafeBufferPointer { $0.baseAddress! } }
    let isShared = unsafe part == whole + 3
    #expect(isShared)
  }

  @Test func writingToARowRangeLeavesTheWholeAlone() {
    var middle = matrix[rows: 1..<4]
    middle[0, 0] = -1
    middle.withMutableSpan { $0[8] = -2 }
    #expect(middle.elements == [-1, 11, 12, 20, 21, 22, 30, 31, -2])
    #expect(matrix[1, 0] == 10 && matrix[3, 2] == 32)
  }

  @Test func writingToTheWholeLeavesARowRangeAlone() {
    var whole = matrix
    let middle = whole[rows: 1..<4]
    whole[1, 0] = -1
    #expect(middle[0, 0] == 10)
    #expect(whole[1, 0] == -1)
  }

  @Test func rangesOfRangesCountFromTheirOwnStart() {
    let inner = matrix[rows: 1..<5][rows: 2..<4]
    #expect(inner.elements == [30, 31, 32, 40, 41, 42])
    #expect(Array(inner.row(1)) == [40, 41, 42])
    #expect(inner.column(2) == [32, 42])
    #expect(inner.transposed().elements == [30, 40, 31, 41, 32, 42])
    #expect(inner.times([1, 0, 0]) == [30, 40])
  }

  @Test func gatheringKeepsOrderAndRepeats() {
    let gathered = matrix.gathering(rows: [4, 0, 4])
    #expect(gathered.elements == [40, 41, 42, 0, 1, 2, 40, 41, 42])
    #expect(matrix.gathering(rows: []).rows == 0)
  }

  /// Sizes around the blocks of 32 in which it is done.
  @Test(arguments: [(1, 1), (31, 33), (32, 64), (65, 3), (1, 100)])
  func transposeSwapsIndices(rows: Int, columns: Int) {
    let matrix = Matrix<Float>(rows: rows, columns: columns) { Float(1000 * $0 + $1) }
    #expect(matrix.transposed() == Matrix(rows: columns, columns: rows) { Float(1000 * $1 + $0) })
  }

  @Test func conversionRoundsToNearest() {
    let converted = Matrix<Double>(rows: 1, columns: 2, elements: [0.1, 1e300]).converted(to: Float.self)
    #expect(converted.elements == [0.1, .infinity])
    #expect(converted.converted(to: Double.self)[0, 0] == Double(Float(0.1)))
    #expect(matrix.converted(to: Double.self) == matrix)
  }

  @Test func descriptionShowsShapeAndCorner() {
    #expect(Matrix<Double>(rows: 1, columns: 2, elements: [1, 2]).description == "1 x 2\n1.0\t2.0")
    let large = Matrix<Double>(rows: 7, columns: 7).description
    #expect(large.hasPrefix("7 x 7\n"))
    #expect(large.split(separator: "\n").count == 8)
    #expect(large.hasSuffix("…"))
  }

  @Test func rowsOutsideTrap() async {
    await #expect(processExitsWith: .failure) { _ = MatrixTests.counting[rows: 2..<5] }
    await #expect(processExitsWith: .failure) { _ = MatrixTests.counting[rows: -1..<2] }
    await #expect(processExitsWith: .failure) { _ = MatrixTests.counting.row(4) }
    await #expect(processExitsWith: .failure) { _ = MatrixTests.counting.column(3) }
    await #expect(processExitsWith: .failure) { _ = MatrixTests.counting.gathering(rows: [0, 4]) }
    // A range of a matrix must not reach the rows of the matrix that it was cut from.
    await #expect(processExitsWith: .failure) { _ = MatrixTests.counting[rows: 0..<2][2, 0] }
  }
}
