internal import Linalg

/// How many rows can go through a product of BLAS together so that the bits of a row do not depend on its place among them.
///
/// Kernels take rows in groups, and what is left over by other instructions that round in another order: on AVX2 the rows
/// 12 to 15 of 16 differ from the first twelve, on AVX-512 none of them does. The library does not say so; equal rows in
/// products of some shapes do, once a process.
package enum BatchSize {
  /// Of the sizes tried the largest.
  package static let alike = [16, 8, 4, 2].first(where: areAlike) ?? 1

  package static func areAlike(_ rows: Int) -> Bool {
    [1, 2, 5, 7, 11, 17, 64, 131, 300].allSatisfy { inner in
      [1, 2, 5, 16, 31, 64, 130, 256].allSatisfy { outputs in isAlike(rows: rows, inner: inner, outputs: outputs) }
    }
  }

  private static func isAlike(rows: Int, inner: Int, outputs: Int) -> Bool {
    var random = RandomStream(seed: 0, purpose: RandomPurpose("row-places"))
    let row = (0..<inner).map { _ in Float(random.normal()) }
    let x = Matrix<Float>(rows: rows, columns: inner) { row[$1] }
    let weights = (0..<inner * outputs).map { _ in Float(random.normal()) }
    var products = Matrix<Float>(rows: rows, columns: outputs)
    BLAS.gemm(x, Matrix(rows: inner, columns: outputs, elements: weights), into: &products)
    return (1..<rows).allSatisfy { place in (0..<outputs).allSatisfy { products[place, $0] == products[0, $0] } }
  }
}
