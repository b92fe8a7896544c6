internal import CKernels

/// An array that several threads fill, each its own part, before anybody reads it.
///
/// The memory is that of an array nobody else holds, so the pointer is good until `array` is taken, which whoever made
/// this does after all parts are written.
@safe internal final class ColumnMemory<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  private(set) var array: [Element]
  private let start: UnsafeMutablePointer<Element>?

  init(count: Int) {
    var base: UnsafeMutablePointer<Element>?
    array = unsafe [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      unsafe base = buffer.baseAddress
      unsafe kernels_prefer_large_pages(base, count * MemoryLayout<Element>.stride)
      filled = count
    }
    unsafe start = base
  }

  /// The memory of a part, which belongs to the caller alone.
  @unsafe func part(_ range: Range<Int>) -> UnsafeMutablePointer<Element>? {
    precondition(range.lowerBound >= 0 && range.upperBound <= array.count, "ColumnMemory: \(range) of \(array.count)")
    return unsafe start.map { unsafe $0 + range.lowerBound }
  }

  /// The array, which is no longer held here.
  func take() -> [Element] {
    defer { array = [] }
    return array
  }
}
