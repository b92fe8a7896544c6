extension BLAS {
  /// C := alpha op(A) op(B) + beta C, where op transposes if asked to. Large products run in parallel.
  public static func gemm<T: Scalar>(
    _ a: Matrix<T>, transposingFirst transposeA: Bool = false, _ b: Matrix<T>,
    transposingSecond transposeB: Bool = false,
    into c: inout Matrix<T>, alpha: T = 1, beta: T = 0
  ) {
    let (m, k) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
    let (inner, n) = transposeB ? (b.columns, b.rows) : (b.rows, b.columns)
    precondition(
      k == inner && c.rows == m && c.columns == n,
      "gemm: \(m) x \(k) times \(inner) x \(n) does not give \(c.rows) x \(c.columns)")
    guard m > 0 && n > 0 else { return }
    guard k > 0 else { return c.scale(by: beta) }
    a.withPointer { a in
      b.withPointer { b in
        c.withMutablePointer { c in
          unsafe gemm(
            a.pointer, transposingFirst: transposeA, b.pointer, transposingSecond: transposeB, into: c.pointer,
            rows: m, columns: n, inner: k, alpha: alpha, beta: beta)
        }
      }
    }
  }

  /// C := alpha op(A) op(B) + beta C on dense row-major memory that the caller owns: op(A) is `rows` x `inner`, op(B)
  /// is `inner` x `columns`, all three positive. For solvers that run many products over their own scratch memory.
  ///
  /// - Parameter strideC: the distance between rows of C where it is more than `columns`.
  @unsafe
  package static func gemm<T: Scalar>(
    _ a: UnsafePointer<T>, transposingFirst transposeA: Bool = false, _ b: UnsafePointer<T>,
    transposingSecond transposeB: Bool = false, into c: UnsafeMutablePointer<T>, rows m: Int, columns n: Int,
    inner k: Int, alpha: T = 1, beta: T = 0, strideC: Int? = nil
  ) {
    BLASKernel.prepare()
    let strideC = strideC ?? n
    let (lda, ldb, ldc) = (Int32(transposeA ? m : k), Int32(transposeB ? k : n), Int32(strideC))
    let (a, b, c) = unsafe (Operand(a), Operand(b), Target(c))
    let cutsRows = m >= n
    let strips = Strips(of: max(m, n), flops: 2 * Double(m) * Double(n) * Double(k))
    Parallel.run(strips.count) { strip in
      let rows = cutsRows ? strips[strip] : 0..<m
      let columns = cutsRows ? 0..<n : strips[strip]
      unsafe T._gemm(
        Int32(rows.count), Int32(columns.count), Int32(k), alpha,
        a.pointer + rows.lowerBound * (transposeA ? 1 : k), lda, transposeA,
        b.pointer + columns.lowerBound * (transposeB ? k : 1), ldb, transposeB,
        beta, c.pointer + rows.lowerBound * strideC + columns.lowerBound, ldc)
    }
  }

  /// C := alpha AᵀA + beta C when `transposed`, else alpha AAᵀ + beta C. Of C the lower triangle is read and the whole
  /// is written, so that it is symmetric to the bit.
  ///
  /// A small C with a long inner dimension is the sum, in order, of the products of up to 16 pieces of A; a large one
  /// is cut into rows. Cost: (inner size) n² flops, half a gemm; memory: in the first case n² elements a piece.
  public static func syrk<T: Scalar>(
    _ a: Matrix<T>, transposed: Bool = false, into c: inout Matrix<T>, alpha: T = 1, beta: T = 0
  ) {
    let (n, k) = transposed ? (a.columns, a.rows) : (a.rows, a.columns)
    precondition(c.rows == n && c.columns == n, "syrk: a \(n) x \(n) result does not fit \(c.rows) x \(c.columns)")
    guard n > 0 else { return }
    if k > 0 {
      BLASKernel.prepare()
      let pieces = n < 768 ? min(16, k / max(2048, 4 * n)) : 1
      if pieces > 1 {
        sumLowerProducts(of: a, transposed: transposed, pieces: pieces, into: &c, alpha: alpha, beta: beta)
      } else {
        setLowerProduct(of: a, transposed: transposed, inner: 0..<k, into: &c, alpha: alpha, beta: beta)
      }
    } else {
      c.scale(by: beta)
    }
    c.mirrorLowerTriangle()
  }

  /// Like `syrk`, but on the calling thread alone and touching only the lower triangle of C: for sums over many blocks,
  /// which the caller completes once with `mirrorLowerTriangle`.
  public static func syrkLower<T: Scalar>(
    _ a: Matrix<T>, transposed: Bool = false, into c: inout Matrix<T>, alpha: T = 1, beta: T = 0
  ) {
    let (n, k) = transposed ? (a.columns, a.rows) : (a.rows, a.columns)
    precondition(c.rows == n && c.columns == n, "syrk: a \(n) x \(n) result does not fit \(c.rows) x \(c.columns)")
    guard n > 0 else { return }
    guard k > 0 else { return c.scaleLowerTriangle(by: beta) }
    BLASKernel.prepare()
    let (lda, ldc) = (Int32(a.columns), Int32(n))
    a.withPointer { a in
      c.withMutablePointer { c in unsafe T._syrk(ldc, Int32(k), alpha, a.pointer, lda, transposed, beta, c.pointer, ldc)
      }
    }
  }

  /// The lower triangle of `syrk`, the inner dimension cut into pieces whose products are added in order.
  private static func sumLowerProducts<T: Scalar>(
    of a: Matrix<T>, transposed: Bool, pieces: Int, into c: inout Matrix<T>, alpha: T, beta: T
  ) {
    let (n, k) = (c.rows, transposed ? a.rows : a.columns)
    let products = Parallel.map(pieces) { piece in
      var product = Matrix<T>(rows: n, columns: n)
      let inner = k * piece / pieces..<k * (piece + 1) / pieces
      setLowerProduct(of: a, transposed: transposed, inner: inner, into: &product, alpha: alpha, beta: 0)
      return product
    }
    c.scale(by: beta)
    for product in products { c.add(product) }
  }

  /// The lower triangle of `syrk` over a range of the inner dimension, the result cut into strips of rows.
  private static func setLowerProduct<T: Scalar>(
    of a: Matrix<T>, transposed: Bool, inner: Range<Int>, into c: inout Matrix<T>, alpha: T, beta: T
  ) {
    let n = c.rows
    let (lda, ldc, k) = (Int32(a.columns), Int32(n), Int32(inner.count))
    let start = inner.lowerBound * (transposed ? a.columns : 1)
    let step = transposed ? 1 : a.columns
    let strips = Strips(of: n, flops: Double(n) * Double(n) * Double(inner.count), isTriangle: true)
    a.withPointer { a in
      c.withMutablePointer { c in
        Parallel.run(strips.count) { strip in
          let rows = strips[strip]
          let (first, count) = (rows.lowerBound, Int32(rows.count))
          let part = unsafe a.pointer + start + first * step
          if first > 0 {
            unsafe T._gemm(
              count, Int32(first), k, alpha, part, lda, transposed, a.pointer + start, lda, !transposed,
              beta, c.pointer + first * n, ldc)
          }
          unsafe T._syrk(count, k, alpha, part, lda, transposed, beta, c.pointer + first * n + first, ldc)
        }
      }
    }
  }

  /// B := op(A)⁻¹ B for a triangular A; only the named triangle of A is read. Its diagonal must not hold a zero.
  /// Many right-hand sides run in parallel.
  public static func trsm<T: Scalar>(
    _ triangle: Triangle, _ a: Matrix<T>, transposed: Bool = false, solving b: inout Matrix<T>
  ) {
    precondition(
      a.rows == a.columns && a.rows == b.rows, "trsm: \(a.rows) x \(a.columns) cannot solve \(b.rows) x \(b.columns)")
    guard b.rows > 0 && b.columns > 0 else { return }
    BLASKernel.prepare()
    let (order, ldb) = (Int32(b.rows), Int32(b.columns))
    let strips = Strips(of: b.columns, flops: Double(b.rows) * Double(b.rows) * Double(b.columns))
    a.withPointer { a in
      b.withMutablePointer { b in
        Parallel.run(strips.count) { strip in
          let columns = strips[strip]
          unsafe T._trsm(
            order, Int32(columns.count), triangle == .upper, transposed, a.pointer, order,
            b.pointer + columns.lowerBound, ldb)
        }
      }
    }
  }
}
