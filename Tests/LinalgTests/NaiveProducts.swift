import Linalg

/// Products as their definitions say, in `Double`: the twins that BLAS is tested against.
enum Naive {
  /// op(A) op(B)
  static func product<T: Scalar>(_ a: Matrix<T>, _ transposeA: Bool, _ b: Matrix<T>, _ transposeB: Bool) -> Matrix<
    Double
  > {
    let inner = transposeA ? a.rows : a.columns
    return Matrix(rows: transposeA ? a.columns : a.rows, columns: transposeB ? b.rows : b.columns) { row, column in
      (0..<inner).reduce(0) { sum, index in
        let left = transposeA ? a[index, row] : a[row, index]
        let right = transposeB ? b[column, index] : b[index, column]
        return sum + Double(left) * Double(right)
      }
    }
  }
}

/// Reproducible elements in [-1, 1).
func randomMatrix<T: Scalar>(_ rows: Int, _ columns: Int, seed: UInt64 = 0) -> Matrix<T> {
  var random = RandomStream(seed: seed, purpose: RandomPurpose("test.matrix"), index: UInt64(rows << 20 + columns))
  return Matrix(rows: rows, columns: columns) { _, _ in T(2 * random.uniform() - 1) }
}

func randomVector<T: Scalar>(_ count: Int, seed: UInt64 = 0) -> [T] {
  randomMatrix(count, 1, seed: seed).elements
}

/// What the rounding of a sum of `terms` products of elements within [-1, 1] may come to, in BLAS and in its twin: each
/// addition to a sum below `terms` errs by up to ε/2 of it, in both directions as chance has it.
func roundingError<T: Scalar>(_: T.Type, terms: Int) -> Double {
  let count = Double(terms + 3)
  return count * count.squareRoot() * Double(T.ulpOfOne)
}

/// The largest |a - b| over all elements; infinite where shapes differ or a number is NaN.
func distance<T: Scalar, U: Scalar>(_ a: Matrix<T>, _ b: Matrix<U>) -> Double {
  guard a.rows == b.rows && a.columns == b.columns else { return .infinity }
  return zip(a.elements, b.elements).reduce(0) { worst, pair in
    let error = abs(Double(pair.0) - Double(pair.1))
    return error.isNaN ? .infinity : max(worst, error)
  }
}
