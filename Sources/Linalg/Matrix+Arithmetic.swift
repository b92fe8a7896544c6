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

  internal mutating func scale(by factor: Element) { storage.scale(by: factor) }

  /// Adds another matrix, element by element.
  package mutating func add(_ other: Matrix) {
    precondition(
      rows == other.rows && columns == other.columns,
      "add: \(rows) x \(columns) and \(other.rows) x \(other.columns)")
    withMutableSpan { sum in
      other.withSpan { term in for index in 0..<sum.count { sum[index] += term[index] } }
    }
  }

  /// Copies the lower triangle of a square matrix over the upper one.
  public mutating func mirrorLowerTriangle() {
    let order = rows
    withMutableSpan { elements in
      for row in 0..<order {
        for column in row + 1..<max(order, row + 1) { elements[row * order + column] = elements[column * order + row] }
      }
    }
  }

  internal func withPointer<Result>(_ body: (UnsafePointer<Element>) -> Result) -> Result {
    unsafe storage.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
  }

  internal mutating func withMutablePointer<Result>(_ body: (UnsafeMutablePointer<Element>) -> Result) -> Result {
    unsafe storage.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress!) }
  }
}

extension MutableCollection where Element: Scalar {
  /// Multiplies all elements by `factor`; a zero clears them even where they are not finite, as BLAS does for beta = 0.
  internal mutating func scale(by factor: Element) {
    var index = startIndex
    while index != endIndex {
      self[index] = factor == 0 ? 0 : self[index] * factor
      formIndex(after: &index)
    }
  }
}
