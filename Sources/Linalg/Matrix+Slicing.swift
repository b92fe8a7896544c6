extension Matrix {
  /// The rows of `range` as a matrix that shares this storage. O(1).
  @inlinable
  public subscript(rows range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= rows, "Matrix: rows \(range) are outside \(rows) x \(columns)")
    let start = storage.startIndex
    let slice = storage[start + range.lowerBound * columns..<start + range.upperBound * columns]
    return Matrix(rows: range.count, columns: columns, storage: slice)
  }

  /// The elements of one row, sharing this storage. O(1).
  @inlinable
  public func row(_ index: Int) -> ArraySlice<Element> {
    self[rows: index..<index + 1].storage
  }

  /// A copy of one column. O(rows).
  @inlinable
  public func column(_ index: Int) -> [Element] {
    (0..<rows).map { self[$0, index] }
  }

  /// A copy of the rows with these indices, in this order; an index may stand more than once.
  @inlinable
  public func gathering(rows indices: [Int]) -> Matrix {
    var gathered: [Element] = []
    gathered.reserveCapacity(indices.count * columns)
    for index in indices { gathered.append(contentsOf: row(index)) }
    return Matrix(rows: indices.count, columns: columns, elements: gathered)
  }

  /// The transpose, as a copy.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  public func transposed() -> Matrix {
    var result = [Element](repeating: 0, count: rows * columns)
    let block = 32  // both sides of a block stay in the first-level cache
    withSpan { source in
      for rowStart in stride(from: 0, to: rows, by: block) {
        for columnStart in stride(from: 0, to: columns, by: block) {
          for row in rowStart..<min(rowStart + block, rows) {
            for column in columnStart..<min(columnStart + block, columns) {
              result[column * rows + row] = source[row * columns + column]
            }
          }
        }
      }
    }
    return Matrix(rows: columns, columns: rows, elements: result)
  }

  /// The same numbers in the other precision, rounded to nearest.
  @specialized(where Element == Double, Other == Float)
  @specialized(where Element == Float, Other == Double)
  public func converted<Other: Scalar>(to _: Other.Type) -> Matrix<Other> {
    Matrix<Other>(rows: rows, columns: columns, elements: storage.map { Other($0) })
  }
}

extension Matrix: CustomStringConvertible {
  /// The shape and the corner of at most 6 x 6 elements.
  public var description: String {
    let shown = 6
    let lines = (0..<min(rows, shown)).map { row in
      let cells = (0..<min(columns, shown)).map { "\(self[row, $0])" }
      return cells.joined(separator: "\t") + (columns > shown ? "\t…" : "")
    }
    return (["\(rows) x \(columns)"] + lines + (rows > shown ? ["…"] : [])).joined(separator: "\n")
  }
}
