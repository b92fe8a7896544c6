internal import CKernels
internal import Linalg

/// Rows whose numeric features are codes of 16 bits in the order of their values: what trees are grown on.
///
/// Row-major, so that all that a row has lies in few cache lines: a row has 8, 16, or a multiple of 32 places.
internal final class RowCodes: Sendable {
  /// The code of a missing value.
  internal static let missing = UInt32(kernels_missing_code)
  /// So many codes are left for values.
  internal static let limit = kernels_missing_code

  internal let stride: Int
  internal let codes: Scratch<UInt16>

  /// - Parameter columns: the codes of each column.
  internal init(rowCount: Int, columns: [[UInt16]]) {
    let stride = columns.count <= 8 ? 8 : columns.count <= 16 ? 16 : (columns.count + 31) & ~31
    self.stride = stride
    codes = Scratch(count: rowCount * stride, repeating: 0)
    let target = unsafe Disjoint(pointer: codes.pointer)
    Parallel.forEach(rowCount, cost: Double(columns.count), minimum: 256) { range in
      for (column, codes) in columns.enumerated() {
        for row in range { unsafe target.pointer[row * stride + column] = codes[row] }
      }
    }
  }

  /// For the kernels.
  @unsafe internal var view: KernelsCodes { unsafe KernelsCodes(codes: codes.pointer, stride: stride) }

  /// Memory of which every thread writes its own rows.
  @safe private struct Disjoint: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<UInt16>
    @unsafe init(pointer: UnsafeMutablePointer<UInt16>) { unsafe self.pointer = pointer }
  }
}
