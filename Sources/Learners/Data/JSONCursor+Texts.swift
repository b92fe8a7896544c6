extension JSONCursor {
  /// The bytes between the quotes of the string that comes next, and whether any is an escape.
  @inlinable
  @inline(__always)
  package mutating func string(_ bytes: Span<UInt8>) throws(JSONFlaw) -> (range: Range<Int>, hasEscapes: Bool) {
    guard take(UInt8(ascii: "\""), bytes) else { throw unexpected(bytes, wanted: "a text in quotes") }
    let start = position
    var hasEscapes = false
    while position < end {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return (start..<position - 1, hasEscapes) }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        guard position < end else { break }
        position += 1
      } else if byte < 0x20 {
        throw JSONFlaw(what: "a text holds a control character, which has to be an escape", offset: position - 1)
      }
    }
    throw JSONFlaw(what: "a text is not closed", offset: start - 1)
  }

  /// The text of a string.
  package func text(_ bytes: Span<UInt8>, _ range: Range<Int>, hasEscapes: Bool) throws(JSONFlaw) -> String {
    guard hasEscapes else { return Self.plainText(bytes, range) }
    var content: [UInt8] = []
    content.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      if bytes[index] == UInt8(ascii: "\\") {
        index = try unescape(bytes, index + 1, range.upperBound, into: &content)
      } else {
        content.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: content, as: UTF8.self)
  }

  package static func plainText(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    let span = bytes.extracting(range)
    return unsafe span.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// Reads what follows a backslash; returns where it ends.
  private func unescape(
    _ bytes: Span<UInt8>, _ index: Int, _ end: Int, into content: inout [UInt8]
  ) throws(JSONFlaw) -> Int {
    let flaw = JSONFlaw(what: "a text holds an escape that JSON does not know", offset: index - 1)
    guard index < end else { throw flaw }
    switch bytes[index] {
    case UInt8(ascii: "n"): content.append(10)
    case UInt8(ascii: "t"): content.append(9)
    case UInt8(ascii: "r"): content.append(13)
    case UInt8(ascii: "b"): content.append(8)
    case UInt8(ascii: "f"): content.append(12)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(bytes[index])
    case UInt8(ascii: "u"):
      guard let high = codeUnit(bytes, index + 1, end) else { throw flaw }
      return try unescape(bytes, unit: high, index, end, into: &content)
    default: throw flaw
    }
    return index + 1
  }

  /// The character of `\u` with these digits, of two such escapes where the first is half of a surrogate pair.
  private func unescape(
    _ bytes: Span<UInt8>, unit high: UInt32, _ index: Int, _ end: Int, into content: inout [UInt8]
  ) throws(JSONFlaw) -> Int {
    var (next, code) = (index + 5, high)
    let flaw = JSONFlaw(what: "a text holds half of a surrogate pair", offset: index - 1)
    if high & 0xfc00 == 0xd800 {
      guard next + 1 < end, bytes[next] == UInt8(ascii: "\\"), bytes[next + 1] == UInt8(ascii: "u"),
        let low = codeUnit(bytes, next + 2, end), low & 0xfc00 == 0xdc00
      else { throw flaw }
      code = 0x10000 + (high & 0x3ff) << 10 + low & 0x3ff
      next += 6
    }
    guard let scalar = Unicode.Scalar(code) else { throw flaw }
    content.append(contentsOf: String(scalar).utf8)
    return next
  }

  private func codeUnit(_ bytes: Span<UInt8>, _ index: Int, _ end: Int) -> UInt32? {
    guard end - index >= 4 else { return nil }
    var unit: UInt32 = 0
    for place in index..<index + 4 {
      guard let digit = Character(Unicode.Scalar(bytes[place])).hexDigitValue, bytes[place] < 0x80 else { return nil }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }
}
