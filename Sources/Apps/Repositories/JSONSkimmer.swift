/// Finds where the values of a JSON text begin and end, without reading them: decoders say what is wrong inside.
internal struct JSONSkimmer {
  private let bytes: [UInt8]

  internal init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The values one after the other, as a program writes them that prints page by page; nil where there is none or the last
  /// one is cut short.
  internal func documents() -> [Range<Int>]? {
    var documents: [Range<Int>] = []
    var position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    while true {
      position = skipSpace(position, to: bytes.count)
      guard position < bytes.count else { return documents.isEmpty ? nil : documents }
      guard let end = endOfValue(position, bytes.count) else { return nil }
      documents.append(position..<end)
      position = end
    }
  }

  internal func first(_ range: Range<Int>) -> UInt8 { range.isEmpty ? 0 : bytes[range.lowerBound] }

  internal func isObject(_ range: Range<Int>) -> Bool { first(range) == UInt8(ascii: "{") }

  internal func isArray(_ range: Range<Int>) -> Bool { first(range) == UInt8(ascii: "[") }

  /// The bytes of a value on one line.
  internal func line(_ range: Range<Int>) -> [UInt8] {
    bytes[range].map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0 }
  }

  internal func content(_ range: Range<Int>) -> [UInt8] { Array(bytes[range]) }

  /// The values of an array; as many as are whole.
  internal func elements(_ range: Range<Int>, most: Int = .max) -> [Range<Int>] {
    var elements: [Range<Int>] = []
    guard isArray(range) else { return [] }
    var position = skipSpace(range.lowerBound + 1, to: range.upperBound)
    while elements.count < most, position < range.upperBound, bytes[position] != UInt8(ascii: "]"),
      let end = endOfValue(position, range.upperBound)
    {
      elements.append(position..<end)
      position = skipSpace(end, to: range.upperBound)
      guard position < range.upperBound, bytes[position] == UInt8(ascii: ",") else { break }
      position = skipSpace(position + 1, to: range.upperBound)
    }
    return elements
  }

  /// The members of an object, each with the bytes of its key; of an escaped key they are the escapes.
  internal func members(_ range: Range<Int>) -> [(key: String, value: Range<Int>)] {
    var members: [(key: String, value: Range<Int>)] = []
    guard isObject(range) else { return [] }
    var position = skipSpace(range.lowerBound + 1, to: range.upperBound)
    while position < range.upperBound, bytes[position] == UInt8(ascii: "\""),
      let endOfKey = endOfValue(position, range.upperBound)
    {
      let key = String(decoding: bytes[position + 1..<max(position + 1, endOfKey - 1)], as: UTF8.self)
      position = skipSpace(endOfKey, to: range.upperBound)
      guard position < range.upperBound, bytes[position] == UInt8(ascii: ":") else { break }
      position = skipSpace(position + 1, to: range.upperBound)
      guard let end = endOfValue(position, range.upperBound) else { break }
      members.append((key, position..<end))
      position = skipSpace(end, to: range.upperBound)
      guard position < range.upperBound, bytes[position] == UInt8(ascii: ",") else { break }
      position = skipSpace(position + 1, to: range.upperBound)
    }
    return members
  }

  /// Space, and the mark that RFC 7464 puts before each text.
  private func skipSpace(_ start: Int, to end: Int) -> Int {
    var position = start
    while position < end {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d, 0x1e: position += 1
      default: return position
      }
    }
    return position
  }

  /// nil for a value that has no end, or no beginning.
  private func endOfValue(_ start: Int, _ end: Int) -> Int? {
    guard start < end else { return nil }
    switch bytes[start] {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return endOfNesting(start, end)
    case UInt8(ascii: "\""): return endOfText(start, end)
    default:
      var position = start
      while position < end, isWord(bytes[position]) { position += 1 }
      return position > start ? position : nil
    }
  }

  private func endOfNesting(_ start: Int, _ end: Int) -> Int? {
    var (depth, position) = (0, start)
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return position + 1 }
      case UInt8(ascii: "\""):
        guard let close = endOfText(position, end) else { return nil }
        position = close
        continue
      default: break
      }
      position += 1
    }
    return nil
  }

  private func endOfText(_ start: Int, _ end: Int) -> Int? {
    var position = start + 1
    while position < end {
      if bytes[position] == UInt8(ascii: "\"") { return position + 1 }
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  /// Of a number, or of true, false, null, NaN.
  private func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
