internal import CKernels

/// Texts one behind the other in one piece of memory, each with a number: 0, 1, … in the order in which they came.
@safe internal final class PackedTexts: @unchecked Sendable {
  private let texts: OpaquePointer

  /// Where texts are kept depends on this, their numbers do not: nobody can prepare texts that collide.
  private static let seed = UInt64.random(in: .min ... .max)

  /// - Parameters:
  ///   - expected: how many texts find room at once.
  ///   - isLoose: whether a text may get several numbers, where most come once.
  init(expecting expected: Int = 0, isLoose: Bool = false) {
    unsafe texts = kernels_texts_make(Self.seed, expected, isLoose ? 1 : 0)!
  }

  deinit { unsafe kernels_texts_free(texts) }

  var count: Int { unsafe kernels_texts_count(texts) }
  var isASCII: Bool { unsafe kernels_texts_beyond_ascii(texts) == 0 }

  /// What a loop that adds many texts holds in place of this object, which has to outlive it.
  @safe struct Adder {
    fileprivate let texts: OpaquePointer

    /// The number of a text.
    @inline(__always)
    func add(_ bytes: Span<UInt8>, _ cell: CSVCell) -> Int32 {
      let range = cell.range
      precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "PackedTexts: \(range) of \(bytes.count)")
      return unsafe bytes.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return unsafe Int32(kernels_texts_add(texts, [], 0, 0)) }
        let start = unsafe base + range.lowerBound
        let code =
          unsafe cell.hasDoubledQuotes
          ? kernels_texts_add_doubled(texts, start, range.count, cell.isASCII ? 0 : 1)
          : kernels_texts_add(texts, start, range.count, cell.isASCII ? 0 : 1)
        return Int32(bitPattern: code)
      }
    }
  }

  var adder: Adder { unsafe Adder(texts: texts) }

  /// Whether a text may have several numbers.
  var mayRepeat: Bool { unsafe kernels_texts_may_repeat(texts) != 0 }

  /// Adds some of the texts of another in their order, and writes the number of each to its place in `codes`.
  ///
  /// Their bytes stay with the other: `adopt` has to follow before anything is asked of the texts or the other is gone.
  func merge(_ others: PackedTexts, _ range: Range<Int>, _ codes: inout [UInt32]) {
    precondition(range.upperBound <= others.count && others.count == codes.count, "PackedTexts: \(range)")
    unsafe codes.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe kernels_texts_merge(texts, others.texts, range.lowerBound, range.upperBound, base)
    }
  }

  /// Takes over the bytes of all texts that came from others, of which nothing may be asked afterwards.
  func adopt(_ others: [PackedTexts]) {
    let pointers = unsafe others.map { unsafe Optional($0.texts) }
    unsafe kernels_texts_adopt(texts, pointers, others.count)
  }

  /// To be called once, when nothing more will be added.
  func seal() { unsafe kernels_texts_seal(texts) }

  func withBytes<Result, Thrown: Error>(
    _ code: Int, _ body: (Span<UInt8>) throws(Thrown) -> Result
  ) throws(Thrown) -> Result {
    precondition(code >= 0 && code < count, "PackedTexts: text \(code) of \(count)")
    var length = 0
    let start = unsafe kernels_texts_bytes(texts, code, &length)
    return try unsafe body(Span(_unsafeStart: start!, count: length))
  }

  /// What was added is UTF-8: readers have checked it.
  func text(_ code: Int) -> String { withBytes(code) { unsafe String(copying: UTF8Span(unchecked: $0)) } }
}
