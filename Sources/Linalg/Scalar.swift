/// A floating-point type that BLAS and LAPACK have routines for: `Float` or `Double`.
///
/// The underscored requirements pick the single or double precision routine; they are not meant to be called by
/// users of the module, who call `BLAS` and the factorisations. All matrices are row-major and dense.
public protocol Scalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  // BLAS
  static func _gemm(
    _ m: Int32, _ n: Int32, _ k: Int32, _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int32, _ transposeA: Bool,
    _ b: UnsafePointer<Self>, _ ldb: Int32, _ transposeB: Bool, _ beta: Self, _ c: UnsafeMutablePointer<Self>,
    _ ldc: Int32)
  static func _gemv(
    _ rows: Int32, _ columns: Int32, _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int32, _ transpose: Bool,
    _ x: UnsafePointer<Self>, _ beta: Self, _ y: UnsafeMutablePointer<Self>)
  static func _syrk(
    _ n: Int32, _ k: Int32, _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int32, _ transpose: Bool,
    _ beta: Self, _ c: UnsafeMutablePointer<Self>, _ ldc: Int32)
  static func _symv(
    _ n: Int32, _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int32, _ x: UnsafePointer<Self>, _ beta: Self,
    _ y: UnsafeMutablePointer<Self>)
  static func _ger(
    _ rows: Int32, _ columns: Int32, _ alpha: Self, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>,
    _ a: UnsafeMutablePointer<Self>, _ lda: Int32)
  static func _trsm(
    _ rows: Int32, _ columns: Int32, _ upper: Bool, _ transpose: Bool, _ a: UnsafePointer<Self>, _ lda: Int32,
    _ b: UnsafeMutablePointer<Self>, _ ldb: Int32)
  static func _dot(_ count: Int32, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Self
  static func _axpy(_ count: Int32, _ alpha: Self, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)

  // LAPACK; the results are LAPACK's `info`
  static func _potrfLower(_ n: Int32, _ a: UnsafeMutablePointer<Self>) -> Int32
  static func _syevd(_ n: Int32, _ a: UnsafeMutablePointer<Self>, _ values: UnsafeMutablePointer<Self>) -> Int32
  static func _geqrf(
    _ rows: Int32, _ columns: Int32, _ a: UnsafeMutablePointer<Self>, _ tau: UnsafeMutablePointer<Self>
  ) -> Int32
  static func _applyQ(
    _ rows: Int32, _ columns: Int32, _ rightHandSides: Int32, _ transpose: Bool, _ a: UnsafePointer<Self>,
    _ tau: UnsafePointer<Self>, _ c: UnsafeMutablePointer<Self>
  ) -> Int32
  static func _gesdd(
    _ rows: Int32, _ columns: Int32, _ a: UnsafeMutablePointer<Self>, _ values: UnsafeMutablePointer<Self>,
    _ u: UnsafeMutablePointer<Self>, _ vTransposed: UnsafeMutablePointer<Self>
  ) -> Int32
}
