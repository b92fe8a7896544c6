import Linalg
import Testing

@Suite struct RandomStreamTests {
  static let purpose = RandomPurpose("test.random")

  /// The known answers that Salmon et al. publish with Random123 (kat_vectors) for Philox4x32-10.
  @Test func philoxGivesThePublishedAnswers() {
    #expect(
      philox4x32(counter: .zero, key: .zero) == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      philox4x32(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      philox4x32(
        counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: SIMD2(0xa409_3822, 0x299f_31d0))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  /// The layout of key and counter is part of every result that was ever published with a seed.
  @Test func wordsComeFromSeedPurposeAndIndex() {
    var stream = RandomStream(seed: 0x1122_3344_5566_7788, purpose: RandomPurpose("a"), index: 0x99AA_BBCC_DDEE_FF00)
    let hash = UInt32(truncatingIfNeeded: (2_166_136_261 ^ 97) * 16_777_619 as UInt64)  // FNV-1a of "a"
    for block in 0..<3 {
      let expected = philox4x32(
        counter: SIMD4(UInt32(block), hash, 0xDDEE_FF00, 0x99AA_BBCC), key: SIMD2(0x5566_7788, 0x1122_3344))
      for lane in 0..<4 { #expect(stream.nextWord() == expected[lane]) }
    }
    var words = RandomStream(seed: 1, purpose: Self.purpose), pairs = words
    #expect(pairs.next() == UInt64(words.nextWord()) | UInt64(words.nextWord()) << 32)
  }

  /// 10^5 draws: tolerances are 5 standard errors of the moment, so a right generator with another seed fails one in
  /// a million times, and this one always gives the same.
  @Test func momentsOfUniformAndNormal() {
    let count = 100_000
    var stream = RandomStream(seed: 3, purpose: Self.purpose)
    let uniform = (0..<count).map { _ in stream.uniform() }
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(moment(uniform, 1) - 1 / 2) < 5 * (1.0 / 12 / Double(count)).squareRoot())
    #expect(abs(moment(uniform, 2) - 1 / 3) < 5 * (4.0 / 45 / Double(count)).squareRoot())
    let normal = (0..<count).map { _ in stream.normal() }
    #expect(abs(moment(normal, 1)) < 5 * (1 / Double(count)).squareRoot())
    #expect(abs(moment(normal, 2) - 1) < 5 * (2 / Double(count)).squareRoot())
    #expect(abs(moment(normal, 3)) < 5 * (15 / Double(count)).squareRoot())
    #expect(abs(moment(normal, 4) - 3) < 5 * (96 / Double(count)).squareRoot())
    // Normals come in pairs: the two of a pair must not depend on each other.
    let products = stride(from: 0, to: count, by: 2).map { normal[$0] * normal[$0 + 1] }
    #expect(abs(moment(products, 1)) < 5 * (2 / Double(count)).squareRoot())

    func moment(_ numbers: [Double], _ power: Int) -> Double {
      numbers.reduce(0) { sum, number in sum + (0..<power).reduce(1.0) { product, _ in product * number } }
        / Double(numbers.count)
    }
  }

  @Test(arguments: [1, 2, 3, 10, 1000])
  func boundedNumbersAreUniform(bound: Int) {
    var stream = RandomStream(seed: 5, purpose: Self.purpose)
    let draws = 100 * max(bound, 100)
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<draws { counts[stream.uniform(below: bound)] += 1 }
    // χ² has bound - 1 degrees of freedom: mean bound - 1, variance 2 (bound - 1).
    let expected = Double(draws) / Double(bound)
    let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    #expect(abs(chiSquare - Double(bound - 1)) <= 5 * (2 * Double(bound - 1)).squareRoot())
  }

  /// 2³² words are not a multiple of 3 · 2³⁰: unless some are refused, every third value is twice as likely.
  @Test func largeBoundsAreWithoutBias() {
    var stream = RandomStream(seed: 0, purpose: Self.purpose)
    for remainder in 0..<3 {
      let count = (0..<10_000).count { _ in stream.uniform(below: 3 << 30) % 3 == remainder }
      #expect(abs(Double(count) - 10_000 / 3) < 5 * (10_000.0 * 2 / 9).squareRoot())
    }
  }

  @Test func boundsReachTheirEdges() async {
    var stream = RandomStream(seed: 0, purpose: Self.purpose), words = stream
    // The largest bound takes words as they are.
    for _ in 0..<100 { #expect(stream.uniform(below: 1 << 32) == Int(words.nextWord())) }
    for _ in 0..<100 { #expect(stream.uniform(below: 1) == 0) }
    // Half of all words are refused here: the worst case.
    let bound = 1 << 31 + 1
    #expect((0..<1000).allSatisfy { _ in (0..<bound).contains(stream.uniform(below: bound)) })
    await #expect(processExitsWith: .failure) { boundOf(0) }
    await #expect(processExitsWith: .failure) { boundOf(-1) }
    await #expect(processExitsWith: .failure) { boundOf(1 << 32 + 1) }
  }

  @Test(arguments: [0, 1, 2, 17, 1000])
  func permutationHoldsEachIndexOnce(count: Int) {
    var stream = RandomStream(seed: 0, purpose: Self.purpose)
    #expect(stream.permutation(count).sorted() == Array(0..<count))
  }

  /// All 6 orders of 3, each a sixth of the time: 5 standard errors.
  @Test func permutationsAreEquallyLikely() {
    var stream = RandomStream(seed: 0, purpose: Self.purpose)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<12_000 { counts[stream.permutation(3), default: 0] += 1 }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs(Double($0) - 2000) < 5 * (12_000.0 * 5 / 36).squareRoot() })
  }

  @Test func bootstrapCountsAddUp() {
    var stream = RandomStream(seed: 0, purpose: Self.purpose)
    let times = stream.bootstrap(1000, draws: 1000)
    #expect(times.count == 1000)
    #expect(times.reduce(0, +) == 1000)
    // About 1/e are never drawn: 5 standard deviations of that number (Var ≈ n (1/e)(1 - 2/e)).
    #expect(abs(Double(times.count { $0 == 0 }) - 367.9) < 5 * 9.9)
    #expect(stream.bootstrap(5, draws: 0) == [0, 0, 0, 0, 0])
  }

  @Test func sameKeyGivesSameNumbersAndOthersOthers() {
    func words(_ seed: UInt64, _ purpose: RandomPurpose, _ index: UInt64) -> [UInt32] {
      var stream = RandomStream(seed: seed, purpose: purpose, index: index)
      return (0..<1000).map { _ in stream.nextWord() }
    }
    let other = RandomPurpose("test.other")
    let streams = [
      words(0, Self.purpose, 0), words(1, Self.purpose, 0), words(0, Self.purpose, 1), words(0, other, 0),
      words(1 << 32, Self.purpose, 0), words(0, Self.purpose, 1 << 32),
    ]
    #expect(words(0, Self.purpose, 0) == streams[0])
    for (first, a) in streams.enumerated() {
      for b in streams[(first + 1)...] {
        // Words of independent streams agree in half of their 32 000 bits: 5 standard deviations.
        let agreeing = zip(a, b).reduce(0) { $0 + (~($1.0 ^ $1.1)).nonzeroBitCount }
        #expect(abs(Double(agreeing) - 16_000) < 5 * 8000.0.squareRoot())
      }
    }
  }

  @Test func worksAsAGeneratorOfTheStandardLibrary() {
    var stream = RandomStream(seed: 0, purpose: Self.purpose)
    #expect(Array(0..<100).shuffled(using: &stream).sorted() == Array(0..<100))
  }
}

private func boundOf(_ bound: Int) {
  var stream = RandomStream(seed: 0, purpose: RandomStreamTests.purpose)
  _ = stream.uniform(below: bound)
}
