/// Products of matrices and vectors, in the terms of the Basic Linear Algebra Subprograms, for `Float` and `Double`.
///
/// OpenBLAS always runs on one thread here and `Parallel` cuts large products into parts, so that the bits of a
/// result do not depend on the number of threads. With beta = 0 the result is written whatever it held before, NaN
/// included. Mismatched shapes trap, with both shapes in the message.
public enum BLAS {
  public enum Triangle: Sendable { case lower, upper }

  /// y := alpha op(A) x + beta y, where op transposes if asked to. Large products run in parallel.
  public static func gemv<T: Scalar>(
    _ a: Matrix<T>, transposed: Bool = false, _ x: [T], into y: inout [T], alpha: T = 1, beta: T = 0
  ) {
    let (m, n) = transposed ? (a.columns, a.rows) : (a.rows, a.columns)
    precondition(
      x.count == n && y.count == m, "gemv: \(m) x \(n) times \(x.count) does not give \(y.count) elements")
    guard m > 0 else { return }
    guard n > 0 else { return y.scale(by: beta) }
    BLASKernel.prepare()
    let stride = Int32(a.columns)
    a.withPointer { a in
      withPointer(x) { x in
        withMutablePointer(&y) { y in
          // A product with a vector reads the matrix from memory once: the cost is that of reading.
          Parallel.forEach(m, cost: 0.3 * Double(n), minimum: 64) { part in
            let (count, inner) = (Int32(part.count), Int32(n))
            let first = part.lowerBound * (transposed ? 1 : n)
            unsafe T._gemv(
              transposed ? inner : count, transposed ? count : inner, alpha, a.pointer + first, stride, transposed,
              x.pointer, beta, y.pointer + part.lowerBound)
          }
        }
      }
    }
  }

  /// y := alpha A x + beta y for a symmetric A of which the lower triangle is read.
  public static func symv<T: Scalar>(_ a: Matrix<T>, _ x: [T], into y: inout [T], alpha: T = 1, beta: T = 0) {
    precondition(
      a.rows == a.columns && x.count == a.rows && y.count == a.rows,
      "symv: \(a.rows) x \(a.columns) times \(x.count) does not give \(y.count) elements")
    guard a.rows > 0 else { return }
    BLASKernel.prepare()
    let order = Int32(a.rows)
    a.withPointer { a in
      withPointer(x) { x in
        withMutablePointer(&y) { y in unsafe T._symv(order, alpha, a.pointer, order, x.pointer, beta, y.pointer) }
      }
    }
  }

  /// A := A + alpha x yᵀ.
  public static func ger<T: Scalar>(_ x: [T], _ y: [T], into a: inout Matrix<T>, alpha: T = 1) {
    precondition(
      a.rows == x.count && a.columns == y.count, "ger: \(x.count) by \(y.count) does not fit \(a.rows) x \(a.columns)")
    guard a.rows > 0 && a.columns > 0 else { return }
    BLASKernel.prepare()
    let (rows, columns) = (Int32(x.count), Int32(y.count))
    a.withMutablePointer { a in
      withPointer(x) { x in
        withPointer(y) { y in unsafe T._ger(rows, columns, alpha, x.pointer, y.pointer, a.pointer, columns) }
      }
    }
  }

  /// xᵀy.
  public static func dot<T: Scalar>(_ x: [T], _ y: [T]) -> T {
    precondition(x.count == y.count, "dot: \(x.count) and \(y.count) elements")
    guard !x.isEmpty else { return 0 }
    BLASKernel.prepare()
    let count = Int32(x.count)
    return withPointer(x) { x in withPointer(y) { y in unsafe T._dot(count, x.pointer, y.pointer) } }
  }

  /// y := y + alpha x.
  public static func axpy<T: Scalar>(_ alpha: T, _ x: [T], into y: inout [T]) {
    precondition(x.count == y.count, "axpy: \(x.count) and \(y.count) elements")
    guard !x.isEmpty else { return }
    BLASKernel.prepare()
    let count = Int32(x.count)
    withPointer(x) { x in withMutablePointer(&y) { y in unsafe T._axpy(count, alpha, x.pointer, y.pointer) } }
  }

  private static func withPointer<T, Result>(_ vector: [T], _ body: (Operand<T>) -> Result) -> Result {
    unsafe vector.withUnsafeBufferPointer { body(unsafe Operand($0.baseAddress!)) }
  }

  private static func withMutablePointer<T>(_ vector: inout [T], _ body: (Target<T>) -> Void) {
    unsafe vector.withUnsafeMutableBufferPointer { body(unsafe Target($0.baseAddress!)) }
  }
}
