/// The texts that stand for “no value”: the one rule of all readers, whatever the format.
///
/// Empty, `NA`, `N/A`, `NaN`, `nan`, `null`, `NULL` or `None`. Readers ask with the text as their format gives it, CSV without
/// the spaces around it.
package enum MissingText {
  private static let words: [StaticString] = ["NA", "N/A", "NaN", "nan", "null", "NULL", "None"]
  private static let longest = 4

  package static func matches(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    if range.isEmpty { return true }
    guard range.count <= longest else { return false }
    return words.contains { equals(bytes, range, $0) }
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
