extension Matrix {
  /// The product with a vector of `columns` elements.
  public func times(_ vector: [Element]) -> [Element] {
    var result = [Element](repeating: 0, count: rows)
    BLAS.gemv(self, vector, into: &result)
    return result
  }

  /// The product with a matrix of `columns` rows.
  public func times(_ other: Matrix) -> Matrix {
    var result = Matrix(rows: rows, columns: other.columns)
    BLAS.gemm(self, other, into: &result)
    return result
  }

  // Below, as in other places that touch single elements, `@specialized` spares callers in other modules the generic
  // code, which is 30 times slower.

  /// Multiplies all elements by `factor`; a zero clears them even where they are not finite, as BLAS does for beta = 0.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  internal mutating func scale(by factor: Element) {
    withMutableSpan { elements in
      for index in elements.indices { elements[index] = factor == 0 ? 0 : elements[index] * factor }
    }
  }

  /// The same for the elements on and below the diagonal of a square matrix.
  internal mutating func scaleLowerTriangle(by factor: Element) {
    for row in 0..<rows {
      for column in 0...row { self[row, column] = factor == 0 ? 0 : self[row, column] * factor }
    }
  }

  /// Adds another matrix, element by element.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  package mutating func add(_ other: Matrix) {
    precondition(
      rows == other.rows && columns == other.columns,
      "add: \(rows) x \(columns) and \(other.rows) x \(other.columns)")
    withMutableSpan { sum in
      other.withSpan { term in
        for index in sum.indices { sum[index] += term[index] }
      }
    }
  }

  /// Copies the lower triangle of a square matrix over the upper one.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  public mutating func mirrorLowerTriangle() {
    guard rows > 0 else { return }
    let order = rows
    let block = 32  // both sides of a block stay in the first-level cache
    withMutablePointer { target in
      Parallel.forEach((order + block - 1) / block, cost: Double(block * order)) { blocks in
        for rowStart in stride(from: blocks.lowerBound * block, to: min(blocks.upperBound * block, order), by: block) {
          for columnStart in stride(from: rowStart, to: order, by: block) {
            let columnEnd = min(columnStart + block, order)
            for row in rowStart..<min(rowStart + block, order) {
              for column in max(columnStart, row)..<columnEnd {
                unsafe target.pointer[row * order + column] = target.pointer[column * order + row]
              }
            }
          }
        }
      }
    }
  }
}

extension Array where Element: Scalar {
  /// As `Matrix.scale`.
  internal mutating func scale(by factor: Element) {
    for index in indices { self[index] = factor == 0 ? 0 : self[index] * factor }
  }
}
