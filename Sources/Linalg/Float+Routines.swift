internal import CBLAS

extension Float: Scalar {
  public static func _gemm(
    _ m: Int32, _ n: Int32, _ k: Int32, _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int32, _ transposeA: Bool,
    _ b: UnsafePointer<Float>, _ ldb: Int32, _ transposeB: Bool, _ beta: Float, _ c: UnsafeMutablePointer<Float>,
    _ ldc: Int32
  ) {
    unsafe cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
  }

  public static func _gemv(
    _ rows: Int32, _ columns: Int32, _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int32, _ transpose: Bool,
    _ x: UnsafePointer<Float>, _ beta: Float, _ y: UnsafeMutablePointer<Float>
  ) {
    unsafe cblas_sgemv(
      CblasRowMajor, transpose ? CblasTrans : CblasNoTrans, rows, columns, alpha, a, lda, x, 1, beta, y, 1)
  }

  public static func _syrk(
    _ n: Int32, _ k: Int32, _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int32, _ transpose: Bool,
    _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ ldc: Int32
  ) {
    unsafe cblas_ssyrk(
      CblasRowMajor, CblasLower, transpose ? CblasTrans : CblasNoTrans, n, k, alpha, a, lda, beta, c, ldc)
  }

  public static func _symv(
    _ n: Int32, _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int32, _ x: UnsafePointer<Float>, _ beta: Float,
    _ y: UnsafeMutablePointer<Float>
  ) {
    unsafe cblas_ssymv(CblasRowMajor, CblasLower, n, alpha, a, lda, x, 1, beta, y, 1)
  }

  public static func _ger(
    _ rows: Int32, _ columns: Int32, _ alpha: Float, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    _ a: UnsafeMutablePointer<Float>, _ lda: Int32
  ) {
    unsafe cblas_sger(CblasRowMajor, rows, columns, alpha, x, 1, y, 1, a, lda)
  }

  public static func _trsm(
    _ rows: Int32, _ columns: Int32, _ upper: Bool, _ transpose: Bool, _ a: UnsafePointer<Float>, _ lda: Int32,
    _ b: UnsafeMutablePointer<Float>, _ ldb: Int32
  ) {
    unsafe cblas_strsm(
      CblasRowMajor, CblasLeft, upper ? CblasUpper : CblasLower, transpose ? CblasTrans : CblasNoTrans, CblasNonUnit,
      rows, columns, 1, a, lda, b, ldb)
  }

  public static func _dot(_ count: Int32, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>) -> Float {
    unsafe cblas_sdot(count, x, 1, y, 1)
  }

  public static func _axpy(_ count: Int32, _ alpha: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>)
  {
    unsafe cblas_saxpy(count, alpha, x, 1, y, 1)
  }

  // LAPACK is column-major: it is handed the row-major matrix as its transpose, so no copy is made. A symmetric matrix
  // only swaps its triangle; QR becomes the LQ of the transpose; the two orthogonal factors of the SVD change places.

  public static func _potrfLower(_ n: Int32, _ a: UnsafeMutablePointer<Float>) -> Int32 {
    unsafe LAPACKE_spotrf(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), n, a, n)
  }

  public static func _syevd(_ n: Int32, _ a: UnsafeMutablePointer<Float>, _ values: UnsafeMutablePointer<Float>)
    -> Int32
  {
    unsafe LAPACKE_ssyevd(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "U")), n, a, n, values)
  }

  public static func _geqrf(
    _ rows: Int32, _ columns: Int32, _ a: UnsafeMutablePointer<Float>, _ tau: UnsafeMutablePointer<Float>
  ) -> Int32 {
    unsafe LAPACKE_sgelqf(LAPACK_COL_MAJOR, columns, rows, a, columns, tau)
  }

  public static func _applyQ(
    _ rows: Int32, _ columns: Int32, _ rightHandSides: Int32, _ transpose: Bool, _ a: UnsafePointer<Float>,
    _ tau: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>
  ) -> Int32 {
    // A = R'Q' of the LQ: with C row-major the product Q C is C' Q' from the right.
    unsafe LAPACKE_sormlq(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "R")), CChar(UInt8(ascii: transpose ? "T" : "N")),
      rightHandSides, rows, min(rows, columns), a, columns, tau, c, rightHandSides)
  }

  public static func _gesdd(
    _ rows: Int32, _ columns: Int32, _ a: UnsafeMutablePointer<Float>, _ values: UnsafeMutablePointer<Float>,
    _ u: UnsafeMutablePointer<Float>, _ vTransposed: UnsafeMutablePointer<Float>
  ) -> Int32 {
    let rank = min(rows, columns)
    return unsafe LAPACKE_sgesdd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "S")), columns, rows, a, columns, values, vTransposed, columns, u, rank)
  }
}
