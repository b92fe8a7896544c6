/// Walks through JSON (RFC 8259, strictly) without making anything of it: what is of use is taken where it is met.
///
/// It holds a position only; every method gets the same bytes. What is to be shown of a text must be UTF-8: who uses it
/// checks that, before or where it takes the text. The parts that run for every byte are inlined where they are used, in
/// other modules too.
package struct JSONCursor {
  /// Arrays and objects within each other, in what is stepped over.
  @inlinable package static var largestDepth: Int { 32 }

  package var position: Int
  package let end: Int

  /// - Parameter range: where the text is; all bytes where it is not given.
  @inlinable
  package init(_ bytes: Span<UInt8>, in range: Range<Int>? = nil) {
    position = range?.lowerBound ?? 0
    end = range?.upperBound ?? bytes.count
  }

  @inlinable
  @inline(__always)
  package mutating func skipSpace(_ bytes: Span<UInt8>) {
    while position < end {
      let byte = bytes[position]
      guard byte <= 0x20, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return }
      position += 1
    }
  }

  /// Whether `byte` comes next.
  @inlinable
  @inline(__always)
  package func isAt(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool { position < end && bytes[position] == byte }

  /// Steps over `byte` if it comes next.
  @inlinable
  @inline(__always)
  package mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard isAt(byte, bytes) else { return false }
    position += 1
    return true
  }

  /// Steps over `null`, `true` or `false`, if it comes next.
  @inlinable
  @inline(__always)
  package mutating func take(word: StaticString, _ bytes: Span<UInt8>) -> Bool {
    let count = word.utf8CodeUnitCount
    guard end - position >= count else { return false }
    let isNext = word.withUTF8Buffer { letters in
      for offset in 0..<count { if unsafe bytes[position + offset] != letters[offset] { return false } }
      return true
    }
    if isNext { position += count }
    return isNext
  }

  @inlinable
  @inline(__always)
  package mutating func expect(_ byte: UInt8, _ bytes: Span<UInt8>) throws(JSONFlaw) {
    guard take(byte, bytes) else { throw unexpected(bytes, wanted: byte) }
  }

  /// After a member or an element: whether another one follows. Steps over `closing` otherwise.
  @inlinable
  @inline(__always)
  package mutating func hasNext(before closing: UInt8, _ bytes: Span<UInt8>) throws(JSONFlaw) -> Bool {
    skipSpace(bytes)
    if take(UInt8(ascii: ","), bytes) {
      skipSpace(bytes)
      return true
    }
    if take(closing, bytes) { return false }
    throw unexpected(bytes, wanted: UInt8(ascii: ","), or: closing)
  }

  /// The colon behind a key, with the space around it.
  @inlinable
  @inline(__always)
  package mutating func colon(_ bytes: Span<UInt8>) throws(JSONFlaw) {
    skipSpace(bytes)
    try expect(UInt8(ascii: ":"), bytes)
    skipSpace(bytes)
  }

  /// A key with its colon; the cursor is at the value then.
  package mutating func key(_ bytes: Span<UInt8>) throws(JSONFlaw) -> String {
    let (range, hasEscapes) = try string(bytes)
    let key = try text(bytes, range, hasEscapes: hasEscapes)
    try colon(bytes)
    return key
  }

  /// Throws unless only white space is left.
  package mutating func expectEnd(_ bytes: Span<UInt8>) throws(JSONFlaw) {
    skipSpace(bytes)
    guard position == end else { throw unexpected(bytes, wanted: "the end") }
  }
}

// MARK: Messages

extension JSONCursor {
  /// What kind of value comes next.
  package func found(_ bytes: Span<UInt8>) -> String {
    guard position < end else { return "the end" }
    switch bytes[position] {
    case UInt8(ascii: "\""): return "a text"
    case UInt8(ascii: "{"): return "an object"
    case UInt8(ascii: "["): return "an array"
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return "true or false"
    case UInt8(ascii: "n"): return "null"
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return "a number"
    case 0x21..<0x7f: return "“\(Character(Unicode.Scalar(bytes[position])))”"
    default: return "what is no JSON"
    }
  }

  package func unexpected(_ bytes: Span<UInt8>, wanted: String, kind: JSONFlaw.Kind = .syntax) -> JSONFlaw {
    JSONFlaw(kind: kind, what: "\(wanted) is expected, \(found(bytes)) is there", offset: position)
  }

  @usableFromInline
  package func unexpected(_ bytes: Span<UInt8>, wanted: UInt8, or other: UInt8? = nil) -> JSONFlaw {
    let texts = [wanted, other].compactMap(\.self).map { "“\(Character(Unicode.Scalar($0)))”" }
    return unexpected(bytes, wanted: texts.joined(separator: " or "))
  }
}
