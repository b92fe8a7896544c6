/// Matrix products, in the terms of the Basic Linear Algebra Subprograms, for `Float` and `Double`.
///
/// OpenBLAS always runs on one thread here and `Parallel` cuts large products into parts, so that the bits of a
/// result do not depend on the number of threads. Mismatched shapes trap, with both shapes in the message.
public enum BLAS {
  /// C := alpha op(A) op(B) + beta C, where op transposes if asked to. Large products run in parallel.
  public static func gemm<T: Scalar>(
    _ a: Matrix<T>, transposingFirst transposeA: Bool = false, _ b: Matrix<T>, transposingSecond transposeB: Bool = false,
    into c: inout Matrix<T>, alpha: T = 1, beta: T = 0
  ) {
    let (m, k) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
    let (inner, n) = transposeB ? (b.columns, b.rows) : (b.rows, b.columns)
    precondition(
      k == inner && c.rows == m && c.columns == n,
      "gemm: \(m) x \(k) times \(inner) x \(n) does not give \(c.rows) x \(c.columns)")
    guard m > 0 && n > 0 else { return }
    guard k > 0 else { return c.scale(by: beta) }
    let (lda, ldb) = (Int32(a.columns), Int32(b.columns))
    unsafe a.withPointer { a in
      let a = unsafe Operand(a)
      unsafe b.withPointer { b in
        let b = unsafe Operand(b)
        unsafe c.withMutablePointer { c in
          let c = unsafe Target(c)
          // Cut the longer side of C. A part is a few milliseconds; packing the other operand again is then noise.
          let nanosecondsPerFlop = 0.02
          if m >= n {
            let cost = 2 * Double(n) * Double(k) * nanosecondsPerFlop
            Parallel.forEach(m, cost: cost, minimum: 192) { rows in
              let first = transposeA ? rows.lowerBound : rows.lowerBound * k
              unsafe T._gemm(
                Int32(rows.count), Int32(n), Int32(k), alpha, a.pointer + first, lda, transposeA,
                b.pointer, ldb, transposeB, beta, c.pointer + rows.lowerBound * n, Int32(n))
            }
          } else {
            let cost = 2 * Double(m) * Double(k) * nanosecondsPerFlop
            Parallel.forEach(n, cost: cost, minimum: 192) { columns in
              let first = transposeB ? columns.lowerBound * k : columns.lowerBound
              unsafe T._gemm(
                Int32(m), Int32(columns.count), Int32(k), alpha, a.pointer, lda, transposeA,
                b.pointer + first, ldb, transposeB, beta, c.pointer + columns.lowerBound, Int32(n))
            }
          }
        }
      }
    }
  }

  /// y := alpha op(A) x + beta y.
  public static func gemv<T: Scalar>(
    _ a: Matrix<T>, transposed: Bool = false, _ x: [T], into y: inout [T], alpha: T = 1, beta: T = 0
  ) {
    let (m, n) = transposed ? (a.columns, a.rows) : (a.rows, a.columns)
    precondition(
      x.count == n && y.count == m, "gemv: \(m) x \(n) times \(x.count) does not give \(y.count) elements")
    guard m > 0 else { return }
    guard n > 0 else { return y.scale(by: beta) }
    unsafe a.withPointer { a in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeMutableBufferPointer { y in
          unsafe T._gemv(
            Int32(transposed ? n : m), Int32(transposed ? m : n), alpha, a, Int32(transposed ? m : n), transposed,
            x.baseAddress!, beta, y.baseAddress!)
        }
      }
    }
  }

  /// C := alpha AᵀA + beta C when `transposed`, else alpha AAᵀ + beta C; the whole symmetric C is written.
  ///
  /// A tall A is cut into blocks of rows whose partial sums are added in order of rows: the number of blocks depends on
  /// the shape only. Cost: (inner size) n² flops, half a gemm; memory: one n x n matrix a block.
  public static func syrk<T: Scalar>(
    _ a: Matrix<T>, transposed: Bool = false, into c: inout Matrix<T>, alpha: T = 1, beta: T = 0
  ) {
    let (n, k) = transposed ? (a.columns, a.rows) : (a.rows, a.columns)
    precondition(c.rows == n && c.columns == n, "syrk: a \(n) x \(n) result does not fit \(c.rows) x \(c.columns)")
    guard n > 0 else { return }
    guard k > 0 else { return c.scale(by: beta) }
    let blocks = transposed ? max(1, min(16, k / max(2048, 4 * n))) : 1
    guard blocks > 1 else {
      syrkLower(a, transposed: transposed, into: &c, alpha: alpha, beta: beta)
      return c.mirrorLowerTriangle()
    }
    let partials = Parallel.map(blocks) { block in
      var partial = Matrix<T>(rows: n, columns: n)
      let rows = a[rows: k * block / blocks..<k * (block + 1) / blocks]
      syrkLower(rows, transposed: true, into: &partial, alpha: alpha, beta: 0)
      return partial
    }
    c.scale(by: beta)
    for partial in partials { c.add(partial) }
    c.mirrorLowerTriangle()
  }

  /// Like `syrk`, but on the calling thread alone and touching only the lower triangle of C: for sums over many blocks,
  /// which the caller completes once with `mirrorLowerTriangle`.
  public static func syrkLower<T: Scalar>(
    _ a: Matrix<T>, transposed: Bool = false, into c: inout Matrix<T>, alpha: T = 1, beta: T = 0
  ) {
    let (n, k) = transposed ? (a.columns, a.rows) : (a.rows, a.columns)
    precondition(c.rows == n && c.columns == n, "syrk: a \(n) x \(n) result does not fit \(c.rows) x \(c.columns)")
    guard n > 0 && k > 0 else { return }
    unsafe a.withPointer { a in
      unsafe c.withMutablePointer { c in
        unsafe T._syrk(Int32(n), Int32(k), alpha, a, Int32(transposed ? n : k), transposed, beta, c, Int32(n))
      }
    }
  }

  /// y := alpha A x + beta y for a symmetric A of which the lower triangle is read.
  public static func symv<T: Scalar>(_ a: Matrix<T>, _ x: [T], into y: inout [T], alpha: T = 1, beta: T = 0) {
    precondition(
      a.rows == a.columns && x.count == a.rows && y.count == a.rows,
      "symv: \(a.rows) x \(a.columns) times \(x.count) does not give \(y.count) elements")
    guard a.rows > 0 else { return }
    unsafe a.withPointer { a in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeMutableBufferPointer { y in
          unsafe T._symv(Int32(x.count), alpha, a, Int32(x.count), x.baseAddress!, beta, y.baseAddress!)
        }
      }
    }
  }

  /// A := A + alpha x yᵀ.
  public static func ger<T: Scalar>(_ x: [T], _ y: [T], into a: inout Matrix<T>, alpha: T = 1) {
    precondition(
      a.rows == x.count && a.columns == y.count, "ger: \(x.count) by \(y.count) does not fit \(a.rows) x \(a.columns)")
    guard a.rows > 0 && a.columns > 0 else { return }
    unsafe a.withMutablePointer { a in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeBufferPointer { y in
          unsafe T._ger(Int32(x.count), Int32(y.count), alpha, x.baseAddress!, y.baseAddress!, a, Int32(y.count))
        }
      }
    }
  }

  public enum Triangle: Sendable { case lower, upper }

  /// B := op(A)⁻¹ B for a triangular A; only the named triangle of A is read. Its diagonal must not hold a zero.
  public static func trsm<T: Scalar>(
    _ triangle: Triangle, _ a: Matrix<T>, transposed: Bool = false, solving b: inout Matrix<T>
  ) {
    precondition(
      a.rows == a.columns && a.rows == b.rows, "trsm: \(a.rows) x \(a.columns) cannot solve \(b.rows) x \(b.columns)")
    guard b.rows > 0 && b.columns > 0 else { return }
    let (rows, columns) = (Int32(b.rows), Int32(b.columns))
    unsafe a.withPointer { a in
      unsafe b.withMutablePointer { b in unsafe T._trsm(rows, columns, triangle == .upper, transposed, a, rows, b, columns) }
    }
  }

  /// xᵀy.
  public static func dot<T: Scalar>(_ x: [T], _ y: [T]) -> T {
    precondition(x.count == y.count, "dot: \(x.count) and \(y.count) elements")
    guard !x.isEmpty else { return 0 }
    return unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeBufferPointer { y in unsafe T._dot(Int32(x.count), x.baseAddress!, y.baseAddress!) }
    }
  }

  /// y := y + alpha x.
  public static func axpy<T: Scalar>(_ alpha: T, _ x: [T], into y: inout [T]) {
    precondition(x.count == y.count, "axpy: \(x.count) and \(y.count) elements")
    guard !x.isEmpty else { return }
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in unsafe T._axpy(Int32(x.count), alpha, x.baseAddress!, y.baseAddress!) }
    }
  }
}

/// A pointer that several threads read.
@safe private struct Operand<T>: @unchecked Sendable {
  let pointer: UnsafePointer<T>
  @unsafe init(_ pointer: UnsafePointer<T>) { unsafe self.pointer = pointer }
}

/// A pointer to a result of which each thread writes its own part.
@safe private struct Target<T>: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<T>
  @unsafe init(_ pointer: UnsafeMutablePointer<T>) { unsafe self.pointer = pointer }
}
