internal import Linalg
internal import Synchronization

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

  // MARK: Few rows

  private struct Shape: Hashable { let inner, outputs: Int }

  private static let known = Mutex<[Shape: Int]>([:])

  /// The fewest rows whose products of this shape have the bits that `alike` rows together have: a row that comes alone need
  /// not bring fifteen others. Which kernel is taken depends on the shape alone, so it is tried once for each.
  package static func fewest(inner: Int, outputs: Int) -> Int {
    let shape = Shape(inner: inner, outputs: outputs)
    if let rows = known.withLock({ $0[shape] }) { return rows }
    let rows = [1, 2, 4, 8].first { $0 < alike && givesTheSame(rows: $0, inner: inner, outputs: outputs) } ?? alike
    known.withLock { $0[shape] = rows }
    return rows
  }

  /// Sums in another order may be the same by chance, all of so many hardly ever.
  private static let fewestSums = 512

  private static func givesTheSame(rows: Int, inner: Int, outputs: Int) -> Bool {
    var random = RandomStream(seed: 0, purpose: RandomPurpose("few-rows"))
    return (0..<max(1, fewestSums / (rows * outputs))).allSatisfy { _ in
      let x = (0..<alike * inner).map { _ in Float(random.normal()) }
      let weights = (0..<inner * outputs).map { _ in Float(random.normal()) }
      let all = products(x, weights, rows: alike, inner: inner, outputs: outputs)
      let few = products(x, weights, rows: rows, inner: inner, outputs: outputs)
      return few.elementsEqual(all.prefix(few.count))
    }
  }

  /// As a network has them: with an element more behind each row.
  private static func products(_ x: [Float], _ weights: [Float], rows: Int, inner: Int, outputs: Int) -> [Float] {
    var products = [Float](repeating: 0, count: rows * (outputs + 1))
    unsafe x.withUnsafeBufferPointer { x in
      unsafe weights.withUnsafeBufferPointer { weights in
        unsafe products.withUnsafeMutableBufferPointer { products in
          unsafe BLAS.gemm(
            x.baseAddress!, weights.baseAddress!, into: products.baseAddress!, rows: rows, columns: outputs,
            inner: inner, strideC: outputs + 1)
        }
      }
    }
    return products
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
