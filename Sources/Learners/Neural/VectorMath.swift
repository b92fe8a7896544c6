// Elementary functions by plain arithmetic: no branch and no call into the C library, so that the compiler turns the loops
// that use them into vector instructions and the bits are the same on every machine.

/// eˣ to 3e-7 relative for |x| ≤ 87; a lesser x counts as -87, a greater one as 87. Branch-free.
///
/// x = k ln 2 + r with |r| ≤ ln 2 / 2: the power of two is put into the exponent bits, eʳ is its Taylor polynomial of
/// degree 6, whose remainder is 1.2e-7.
@inline(__always)
package func boundedExponential(_ x: Float) -> Float {
  let bounded = x > -87 ? (x < 87 ? x : 87) : -87
  // Adding 1.5 * 2²³ rounds to a whole number, which then stands in the low bits.
  let shifted = bounded * 1.442_695_04 + 12_582_912
  let power = shifted - 12_582_912
  let r = (bounded - power * 0.693_359_375) + power * 2.121_944_4e-4  // ln 2 in two parts, the first of few bits
  var polynomial: Float = 1 / 720
  polynomial = polynomial * r + 1 / 120
  polynomial = polynomial * r + 1 / 24
  polynomial = polynomial * r + 1 / 6
  polynomial = polynomial * r + 1 / 2
  polynomial = polynomial * r + 1
  polynomial = polynomial * r + 1
  return polynomial * Float(bitPattern: (shifted.bitPattern &+ 127) &<< 23)
}

/// √x to 3e-7 relative for 0 and 1e-30 ≤ x ≤ 1e30.
///
/// Three steps of Newton's method for 1/√x from a first guess that halves the exponent: the square root of the standard
/// library is a call where the compiler cannot rule out a negative x.
@inline(__always)
package func squareRoot(_ x: Float) -> Float {
  var inverse = Float(bitPattern: 0x5F37_5A86 &- x.bitPattern &>> 1)
  let half = 0.5 * x
  inverse *= 1.5 - half * inverse * inverse
  inverse *= 1.5 - half * inverse * inverse
  inverse *= 1.5 - half * inverse * inverse
  return x * inverse
}
