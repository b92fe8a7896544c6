/// The texts that stand for “no value”: the one rule of all readers, whatever the format.
///
/// Nothing, what pandas takes for missing, and `NaT`, its missing date. Readers ask with the text as their format gives it, CSV
/// without the spaces around it.
package enum MissingText {
  private static let words: [StaticString] = [
    "NA", "N/A", "n/a", "NaN", "nan", "NaT", "NULL", "null", "None", "<NA>", "#NA", "#N/A", "#N/A N/A", "-NaN", "-nan",
    "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN",
  ]
  private static let longest = 9

  /// Whether one of the texts, or spaces before it, may begin with this byte: most texts are told apart here.
  @inline(__always)
  package static func mayBegin(_ byte: UInt8) -> Bool {
    byte <= UInt8(ascii: "1") || byte == UInt8(ascii: "<") || byte | 0x20 == UInt8(ascii: "n")
  }

  package static func matches(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    if range.isEmpty { return true }
    guard range.count <= longest else { return false }
    switch bytes[range.lowerBound] {
    case UInt8(ascii: "N"), UInt8(ascii: "n"), UInt8(ascii: "<"), UInt8(ascii: "#"), UInt8(ascii: "-"),
      UInt8(ascii: "1"):
      return words.contains { equals(bytes, range, $0) }
    default: return false
    }
  }

  package static func matches(_ text: String) -> Bool {
    guard text.utf8.count <= longest else { return false }
    let bytes = Array(text.utf8)
    return matches(bytes.span, 0..<bytes.count)
  }

  private static func equals(_ bytes: Span<UInt8>, _ range: Range<Int>, _ word: StaticString) -> Bool {
    guard range.count == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { letters in
      for offset in 0..<range.count { if unsafe bytes[range.lowerBound + offset] != letters[offset] { return false } }
      return true
    }
  }
}
