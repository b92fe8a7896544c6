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

  /// Of a product: columns of the left and of the right matrix.
  package struct Shape: Hashable, Sendable {
    let inner, outputs: Int

    package init(inner: Int, outputs: Int) { (self.inner, self.outputs) = (inner, outputs) }
  }

  private struct Trial: Hashable {
    let rows: Int
    let shape: Shape
  }

  private static let known = Mutex<[Trial: Bool]>([:])

  /// The fewest rows, but not fewer than `rows`, whose products of all these shapes have the bits that `alike` rows together
  /// have: a row that comes alone need not bring fifteen others. Which kernel is taken depends on the shape alone, so each is
  /// tried once.
  package static func fewest(atLeast rows: Int, _ shapes: [Shape]) -> Int {
    [1, 2, 4, 8].first { size in
      rows <= size && size < alike && shapes.allSatisfy { isLikeMany(Trial(rows: size, shape: $0)) }
    } ?? alike
  }

  private static func isLikeMany(_ trial: Trial) -> Bool {
    if let found = known.withLock({ $0[trial] }) { return found }
    let found = givesTheSame(rows: trial.rows, inner: trial.shape.inner, outputs: trial.shape.outputs)
    known.withLock { $0[trial] = found }
    return found
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
