internal import CKernels

/// eˣ of eight numbers at a time, for x ≤ 88.
///
/// With n = round(x / ln 2) and r = x - n ln 2 in two parts, of which the larger has bits to spare so that its product
/// is exact, eʳ = 1 + r + r² q(r), q the polynomial of degree 4 with the smallest largest error on |r| ≤ ln 2 / 2 (made
/// for this, 3e-9). Largest error over the whole range: 1.01 units in the last place. Below -87.336, where the result
/// would be under the smallest normal number, it is 0: subnormal operands would slow down all that reads them.
@inline(__always)
internal func exponential(_ x: SIMD8<Float>) -> SIMD8<Float> {
  typealias Lanes = SIMD8<Float>
  let shifter: Float = 12_582_912  // 1.5 · 2²³: adding it leaves round(x) in the low bits
  let shifted = x * 1.442_695_04 + Lanes(repeating: shifter)
  let n = shifted - Lanes(repeating: shifter)
  let r = (x - n * 0.693_359_375) - n * -0.000_212_194_44
  var q = r * 0.001_395_049_04 + Lanes(repeating: 0.008_368_889_8)
  q = q * r + Lanes(repeating: 0.041_666_206)
  q = q * r + Lanes(repeating: 0.166_665_18)
  q = q * r + Lanes(repeating: 0.5)
  let mantissa = (r + r * r * q) + Lanes(repeating: 1)
  let exponent = (SIMD8<Int32>(truncatingIfNeeded: unsafe unsafeBitCast(shifted, to: SIMD8<UInt32>.self)) &+ 127) &<< 23
  let power = unsafe unsafeBitCast(exponent, to: Lanes.self)
  return (mantissa * power).replacing(with: 0, where: x .< -87.336)
}

/// Replaces the elements of `values` by their exponentials: 1 unit in the last place, 0 below -87.336, where subnormal
/// numbers would slow down all that reads them.
package func exponentiate(_ values: inout MutableSpan<Float>) {
  unsafe values.withUnsafeMutableBufferPointer { buffer in
    guard let start = buffer.baseAddress else { return }
    unsafe kernels_exponential(start, buffer.count)
  }
}

@inline(__always)
internal func load8(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
}

@inline(__always)
internal func load8(_ pointer: UnsafeMutablePointer<Float>) -> SIMD8<Float> {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
}

@inline(__always)
internal func store(_ values: SIMD8<Float>, at pointer: UnsafeMutablePointer<Float>) {
  unsafe UnsafeMutableRawPointer(pointer).storeBytes(of: values, as: SIMD8<Float>.self)
}
