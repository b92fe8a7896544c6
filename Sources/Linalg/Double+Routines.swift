internal import CBLAS

extension Double: Scalar {
  public static func _gemm(
    _ m: Int32, _ n: Int32, _ k: Int32, _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int32, _ transposeA: Bool,
    _ b: UnsafePointer<Double>, _ ldb: Int32, _ transposeB: Bool, _ beta: Double, _ c: UnsafeMutablePointer<Double>,
    _ ldc: Int32
  ) {
    unsafe cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
  }

  public static func _gemv(
    _ rows: Int32, _ columns: Int32, _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int32, _ transpose: Bool,
    _ x: UnsafePointer<Double>, _ beta: Double, _ y: UnsafeMutablePointer<Double>
  ) {
    unsafe cblas_dgemv(
      CblasRowMajor, transpose ? CblasTrans : CblasNoTrans, rows, columns, alpha, a, lda, x, 1, beta, y, 1)
  }

  public static func _syrk(
    _ n: Int32, _ k: Int32, _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int32, _ transpose: Bool,
    _ beta: Double, _ c: UnsafeMutablePointer<Double>, _ ldc: Int32
  ) {
    unsafe cblas_dsyrk(
      CblasRowMajor, CblasLower, transpose ? CblasTrans : CblasNoTrans, n, k, alpha, a, lda, beta, c, ldc)
  }

  public static func _symv(
    _ n: Int32, _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int32, _ x: UnsafePointer<Double>, _ beta: Double,
    _ y: UnsafeMutablePointer<Double>
  ) {
    unsafe cblas_dsymv(CblasRowMajor, CblasLower, n, alpha, a, lda, x, 1, beta, y, 1)
  }

  public static func _ger(
    _ rows: Int32, _ columns: Int32, _ alpha: Double, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>,
    _ a: UnsafeMutablePointer<Double>, _ lda: Int32
  ) {
    unsafe cblas_dger(CblasRowMajor, rows, columns, alpha, x, 1, y, 1, a, lda)
  }

  public static func _trsm(
    _ rows: Int32, _ columns: Int32, _ upper: Bool, _ transpose: Bool, _ a: UnsafePointer<Double>, _ lda: Int32,
    _ b: UnsafeMutablePointer<Double>, _ ldb: Int32
  ) {
    unsafe cblas_dtrsm(
      CblasRowMajor, CblasLeft, upper ? CblasUpper : CblasLower, transpose ? CblasTrans : CblasNoTrans, CblasNonUnit,
      rows, columns, 1, a, lda, b, ldb)
  }

  public static func _dot(_ count: Int32, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>) -> Double {
    unsafe cblas_ddot(count, x, 1, y, 1)
  }

  public static func _axpy(
    _ count: Int32, _ alpha: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) {
    unsafe cblas_daxpy(count, alpha, x, 1, y, 1)
  }

  // LAPACK is column-major: it is handed the row-major matrix as its transpose, so no copy is made. A symmetric matrix
  // only swaps its triangle; QR becomes the LQ of the transpose; the two orthogonal factors of the SVD change places.

  public static func _potrfLower(_ n: Int32, _ a: UnsafeMutablePointer<Double>) -> Int32 {
    unsafe LAPACKE_dpotrf(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), n, a, n)
  }

  public static func _syevd(_ n: Int32, _ a: UnsafeMutablePointer<Double>, _ values: UnsafeMutablePointer<Double>)
    -> Int32
  {
    unsafe LAPACKE_dsyevd(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "U")), n, a, n, values)
  }

  public static func _geqrf(
    _ rows: Int32, _ columns: Int32, _ a: UnsafeMutablePointer<Double>, _ tau: UnsafeMutablePointer<Double>
  ) -> Int32 {
    unsafe LAPACKE_dgelqf(LAPACK_COL_MAJOR, columns, rows, a, columns, tau)
  }

  public static func _applyQ(
    _ rows: Int32, _ columns: Int32, _ rightHandSides: Int32, _ transpose: Bool, _ a: UnsafePointer<Double>,
    _ tau: UnsafePointer<Double>, _ c: UnsafeMutablePointer<Double>
  ) -> Int32 {
    // A = R'Q' of the LQ: with C row-major the product Q C is C' Q' from the right.
    unsafe LAPACKE_dormlq(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "R")), CChar(UInt8(ascii: transpose ? "T" : "N")),
      rightHandSides, rows, min(rows, columns), a, columns, tau, c, rightHandSides)
  }

  public static func _gesdd(
    _ rows: Int32, _ columns: Int32, _ a: UnsafeMutablePointer<Double>, _ values: UnsafeMutablePointer<Double>,
    _ u: UnsafeMutablePointer<Double>, _ vTransposed: UnsafeMutablePointer<Double>
  ) -> Int32 {
    let rank = min(rows, columns)
    return unsafe LAPACKE_dgesdd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "S")), columns, rows, a, columns, values, vTransposed, columns, u, rank)
  }
}
