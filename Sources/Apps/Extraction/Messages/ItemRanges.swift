/// Finds where the elements of the top-level list `items` begin and end in a JSON text that is known to be valid.
package enum ItemRanges {
  /// Empty where there is no such list.
  package static func of(_ bytes: Span<UInt8>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var depth = 0
    var position = 0
    var key: Range<Int>?
    var start: Int?
    var isInItems = false
    while position < bytes.count {
      let byte = bytes[position]
      if isInItems, depth == 2, start == nil, !isSpace(byte), byte != comma, byte != closingBracket { start = position }
      switch byte {
      case quote:
        let end = endOfText(bytes, from: position)
        if depth == 1 { key = position + 1..<end }
        position = end
      case openingBrace, openingBracket:
        depth += 1
        if depth == 2 && byte == openingBracket, let key, isItems(bytes, key) {
          isInItems = true
          ranges = []
        }
      case closingBrace, closingBracket:
        if isInItems && depth == 2 {
          close(&ranges, &start, at: position, bytes)
          isInItems = false
        }
        depth -= 1
      case comma where isInItems && depth == 2: close(&ranges, &start, at: position, bytes)
      default: break
      }
      position += 1
    }
    return ranges
  }

  private static func close(_ ranges: inout [Range<Int>], _ start: inout Int?, at position: Int, _ bytes: Span<UInt8>) {
    guard let first = start else { return }
    var end = position
    while end > first && isSpace(bytes[end - 1]) { end -= 1 }
    ranges.append(first..<end)
    start = nil
  }

  /// The closing quote of the text that is opened at `start`.
  private static func endOfText(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var position = start + 1
    while position < bytes.count && bytes[position] != quote { position += bytes[position] == backslash ? 2 : 1 }
    return min(position, bytes.count)
  }

  private static func isItems(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let name: StaticString = "items"
    guard range.count == name.utf8CodeUnitCount else { return false }
    return name.withUTF8Buffer { letters in
      for offset in 0..<range.count { if unsafe bytes[range.lowerBound + offset] != letters[offset] { return false } }
      return true
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }
}

private let quote = UInt8(ascii: "\"")
private let backslash = UInt8(ascii: "\\")
private let comma = UInt8(ascii: ",")
private let openingBrace = UInt8(ascii: "{")
private let closingBrace = UInt8(ascii: "}")
private let openingBracket = UInt8(ascii: "[")
private let closingBracket = UInt8(ascii: "]")
