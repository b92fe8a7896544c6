internal import CKernels

/// Replaces the elements of `values` by their exponentials: 1 unit in the last place, 0 below -87.336, where subnormal
/// numbers would slow down all that reads them, infinity above 88.72.
package func exponentiate(_ values: inout MutableSpan<Float>) {
  unsafe values.withUnsafeMutableBufferPointer { buffer in
    guard let start = buffer.baseAddress else { return }
    unsafe kernels_exponential(start, buffer.count)
  }
}
