/// What a stream of random numbers is for. Streams of different purposes are independent for the same seed.
public struct RandomPurpose: Sendable, Hashable {
  internal let code: UInt32

  /// - Parameter name: unique within the program, such as "forest.bootstrap"; it becomes a 32-bit FNV-1a hash.
  public init(_ name: StaticString) {
    code = name.withUTF8Buffer { bytes in
      unsafe bytes.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
  }
}

/// A counter-based stream of random numbers, keyed by (seed, purpose, index).
///
/// The numbers depend on the key and on the position only, never on what other streams or threads did: tree 17 sees
/// the same numbers whoever grows it and when. Generator: Philox4x32-10, checked against its published test vectors.
/// A stream has 2³⁴ 32-bit words before it would repeat.
/// Source: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011,
/// doi:10.1145/2063384.2063405.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private let key: SIMD2<UInt32>
  private var counter: SIMD4<UInt32>
  private var block = SIMD4<UInt32>()
  private var used = 4
  private var spareNormal: Double?

  public init(seed: UInt64, purpose: RandomPurpose, index: UInt64 = 0) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    counter = SIMD4(0, purpose.code, UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32))
  }

  /// 32 random bits.
  @inline(__always)
  public mutating func nextWord() -> UInt32 {
    if used == 4 {
      block = philox4x32(counter: counter, key: key)
      counter[0] &+= 1
      used = 0
    }
    defer { used += 1 }
    return block[used]
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    let low = nextWord()
    return UInt64(low) | UInt64(nextWord()) << 32
  }

  /// Uniform on [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform on 0..<bound without bias (Lemire, arXiv:1805.10941). Traps unless 0 < bound ≤ 2³².
  public mutating func uniform(below bound: Int) -> Int {
    precondition(bound > 0 && bound <= 1 << 32, "RandomStream: bound \(bound) is outside 1 ... 2^32")
    let bound = UInt64(bound)
    var product = UInt64(nextWord()) &* bound
    if product & 0xFFFF_FFFF < bound {
      let threshold = (1 << 32 - bound) % bound
      while product & 0xFFFF_FFFF < threshold { product = UInt64(nextWord()) &* bound }
    }
    return Int(product >> 32)
  }

  /// Standard normal, by Marsaglia's polar method.
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let u = 2 * uniform() - 1
      let v = 2 * uniform() - 1
      let s = u * u + v * v
      guard s > 0 && s < 1 else { continue }
      let scale = (-2 * naturalLogarithm(s) / s).squareRoot()
      spareNormal = v * scale
      return u * scale
    }
  }

  /// 0..<count in random order (Fisher-Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, uniform(below: last + 1)) }
    return order
  }

  /// How often each of `count` items is drawn in `draws` draws with replacement.
  public mutating func bootstrap(_ count: Int, draws: Int) -> [UInt32] {
    var times = [UInt32](repeating: 0, count: count)
    for _ in 0..<draws { times[uniform(below: count)] += 1 }
    return times
  }
}

/// Ten rounds of Philox on a 128-bit counter with a 64-bit key.
@inline(__always)
package func philox4x32(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
  var (c0, c1, c2, c3) = (counter[0], counter[1], counter[2], counter[3])
  var (k0, k1) = (key[0], key[1])
  for _ in 0..<10 {
    let first = UInt64(c0) &* 0xD251_1F53
    let second = UInt64(c2) &* 0xCD9E_8D57
    (c0, c1, c2, c3) = (
      UInt32(truncatingIfNeeded: second >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: second),
      UInt32(truncatingIfNeeded: first >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: first)
    )
    k0 &+= 0x9E37_79B9
    k1 &+= 0xBB67_AE85
  }
  return SIMD4(c0, c1, c2, c3)
}
