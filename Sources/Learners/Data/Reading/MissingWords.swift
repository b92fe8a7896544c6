/// Texts that stand for a missing value among numbers and dates, beside those that always do (`MissingText`).
internal enum MissingWords {
  /// Words, in lower case, that mean a missing value among numbers and dates, and elsewhere are names like others.
  private static let amongNumbers: [StaticString] = [
    "na", "nd", "\\n", "n/a", "n/d", "n.a", "n.d", "nan", "nat", "nil", "tbd", "none", "null", "void", "n.a.", "n.d.",
    "#n/a", "<na>", "empty", "blank", "#ref!", "#num!", "(null)", "#name?", "#null!", "missing", "unknown", "no data",
    "#value!", "#div/0!", "undefined", "(missing)", "not available", "not applicable",
  ]

  /// Whether a text among numbers means that there is none: such a word in any case, or nothing but marks (`?`, `-`, `*`, `—`).
  static func isMissingAmongNumbers(_ bytes: Span<UInt8>) -> Bool {
    let range = CellMeaning.trim(bytes, 0..<bytes.count)
    guard range.count <= 16 else { return false }
    guard let first = range.first.map({ bytes[$0] }) else { return true }
    if !isMark(first) && first < 0x80 {
      let letter = first | 0x20
      let canBegin = first < UInt8(ascii: "A") || "neubmtv\\|".utf8.contains(letter) || first == UInt8(ascii: "\\")
      return canBegin && amongNumbers.contains { equals(bytes, range, $0, ignoringCase: true) }
    }
    return range.allSatisfy { isMark(bytes[$0]) } || (first >= 0x80 && areDashes(bytes, range))
      || amongNumbers.contains { equals(bytes, range, $0, ignoringCase: true) }
  }

  static func isMissingAmongNumbers(_ text: String) -> Bool { isMissingAmongNumbers(Array(text.utf8).span) }

  /// Nothing but `–`, `—`, `―`, `−` and `…`.
  private static func areDashes(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count % 3 == 0 else { return false }
    return stride(from: range.lowerBound, to: range.upperBound, by: 3).allSatisfy { index in
      let (a, b, c) = (bytes[index], bytes[index + 1], bytes[index + 2])
      return a == 0xe2 && ((b == 0x80 && [0x93, 0x94, 0x95, 0xa6].contains(c)) || (b == 0x88 && c == 0x92))
    }
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "?"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "*"), UInt8(ascii: "/"),
      UInt8(ascii: "_"),
      UInt8(ascii: "~"), UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "#"), 0x20, 9:
      true
    default: false
    }
  }

  /// - Parameter ignoringCase: of letters; the word is in lower case then.
  private static func equals(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ word: StaticString, ignoringCase: Bool = false
  ) -> Bool {
    guard range.count == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { letters in
      for offset in 0..<range.count {
        let byte = bytes[range.lowerBound + offset]
        let isUpper = ignoringCase && byte &- UInt8(ascii: "A") < 26
        if unsafe (isUpper ? byte | 0x20 : byte) != letters[offset] { return false }
      }
      return true
    }
  }
}
