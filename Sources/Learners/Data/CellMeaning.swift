/// What the text of a cell says, whatever column it is in. Quotes and surrounding spaces make no difference.
enum CellMeaning {
  /// What `MissingText` names.
  case missing
  case number(DecimalNumber)
  /// `true` or `false` in any case.
  case boolean(Bool)
  /// `inf` or `infinity` in any case, with or without a sign. A number too large for a double is a `number`.
  case infinity
  case text

  init(_ bytes: Span<UInt8>, in range: Range<Int>) {
    let trimmed = Self.trim(bytes, range)
    if MissingText.matches(bytes, trimmed) { self = .missing; return }
    if let number = DecimalNumber(scanning: bytes, in: trimmed), number.end == trimmed.upperBound {
      self = .number(number)
    } else if Self.equals(bytes, trimmed, "true", ignoringCase: true) {
      self = .boolean(true)
    } else if Self.equals(bytes, trimmed, "false", ignoringCase: true) {
      self = .boolean(false)
    } else if Self.isInfinity(bytes, trimmed) {
      self = .infinity
    } else {
      self = .text
    }
  }

  /// The truth value of a cell that is `true` or `false` in any case and nothing else, which columns of flags hold.
  @inline(__always)
  static func plainTruth(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool? {
    guard range.count == 4 || range.count == 5 else { return nil }
    if range.count == 4 { return equals(bytes, range, "true", ignoringCase: true) ? true : nil }
    return equals(bytes, range, "false", ignoringCase: true) ? false : nil
  }

  static func trim(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end && isSpace(bytes[start]) { start += 1 }
    while start < end && isSpace(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private static func isInfinity(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let isSigned = bytes[range.lowerBound] == UInt8(ascii: "-") || bytes[range.lowerBound] == UInt8(ascii: "+")
    let word = isSigned ? range.dropFirst() : range
    return equals(bytes, word, "inf", ignoringCase: true) || equals(bytes, word, "infinity", ignoringCase: true)
  }

  /// - Parameter ignoringCase: `word` is in lower-case letters then.
  private static func equals(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ word: StaticString, ignoringCase: Bool = false
  ) -> Bool {
    guard range.count == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { letters in
      for offset in 0..<range.count {
        let byte = bytes[range.lowerBound + offset]
        guard unsafe (ignoringCase ? byte | 0x20 : byte) == letters[offset] else { return false }
      }
      return true
    }
  }
}
