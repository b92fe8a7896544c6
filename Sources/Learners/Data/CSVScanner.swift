/// One cell of a CSV file.
struct CSVCell {
  /// Its bytes, without the quotes around it.
  let range: Range<Int>
  let isQuoted: Bool
  /// Whether quotes in it are doubled.
  let hasDoubledQuotes: Bool

  @inline(__always)
  init(_ range: Range<Int>, isQuoted: Bool = false, hasDoubledQuotes: Bool = false) {
    self.range = range
    self.isQuoted = isQuoted
    self.hasDoubledQuotes = hasDoubledQuotes
  }

  func text(_ bytes: Span<UInt8>) -> String {
    unsafe String(unsafeUninitializedCapacity: range.count) { content in
      var count = 0
      var index = range.lowerBound
      while index < range.upperBound {
        unsafe content[count] = bytes[index]
        count += 1
        index += hasDoubledQuotes && bytes[index] == UInt8(ascii: "\"") ? 2 : 1
      }
      return count
    }
  }
}

/// How a cell can offend against RFC 4180.
enum CSVFault: Error {
  case unbalancedQuote
  case quoteInsideCell
  case textAfterQuote
  case binary
  case invalidUTF8
}

/// Cuts CSV (RFC 4180) into cells. Lines end with LF, CR LF or CR; a quoted cell may hold any of them.
struct CSVScanner {
  /// Index of the next byte to look at.
  var position: Int
  /// Index after the last byte. Line ends at the end of the file are not looked at: they make no rows.
  let end: Int
  /// Number of the line that `position` is in, from 1.
  private(set) var line = 1

  init(_ bytes: Span<UInt8>) {
    let hasByteOrderMark = bytes.count >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf
    position = hasByteOrderMark ? 3 : 0
    var end = bytes.count
    while end > position && (bytes[end - 1] == UInt8(ascii: "\n") || bytes[end - 1] == UInt8(ascii: "\r")) { end -= 1 }
    self.end = end
  }

  enum Boundary { case nextCell, nextRow }

  /// Steps over the comma or the line end at `position`. The end of the file ends a row.
  @inline(__always)
  mutating func step(_ bytes: Span<UInt8>) -> Boundary {
    guard position < end else { return .nextRow }
    let byte = bytes[position]
    position += 1
    if byte == UInt8(ascii: ",") { return .nextCell }
    if byte == UInt8(ascii: "\r") && position < end && bytes[position] == UInt8(ascii: "\n") { position += 1 }
    line += 1
    return .nextRow
  }

  /// Whether a cell can end before this index.
  @inline(__always)
  func isBoundary(_ index: Int, _ bytes: Span<UInt8>) -> Bool {
    index >= end || Self.isBoundary(bytes[index])
  }

  @inline(__always)
  private static func isBoundary(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  /// Reads the cell at `position` and stops at the comma or line end after it.
  mutating func cell(_ bytes: Span<UInt8>) throws(CSVFault) -> CSVCell {
    if position < end && bytes[position] == UInt8(ascii: "\"") { return try quotedCell(bytes) }
    let start = position
    var allBits: UInt8 = 0
    while position < end {
      let byte = bytes[position]
      if byte <= UInt8(ascii: ",") {
        if Self.isBoundary(byte) { break }
        if byte == UInt8(ascii: "\"") { throw .quoteInsideCell }
        if byte == 0 { throw .binary }
      }
      allBits |= byte
      position += 1
    }
    try Self.checkUTF8(bytes, start..<position, allBits)
    return CSVCell(start..<position)
  }

  private mutating func quotedCell(_ bytes: Span<UInt8>) throws(CSVFault) -> CSVCell {
    let start = position + 1
    var index = start
    // The last byte before `end` is no line end, so that a CR has a next byte.
    var newLines = 0
    var hasDoubledQuotes = false
    var allBits: UInt8 = 0
    while true {
      guard index < end else { throw .unbalancedQuote }
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        guard index + 1 < end && bytes[index + 1] == UInt8(ascii: "\"") else { break }
        hasDoubledQuotes = true
        index += 1
      } else if byte == UInt8(ascii: "\n") || (byte == UInt8(ascii: "\r") && bytes[index + 1] != UInt8(ascii: "\n")) {
        newLines += 1
      } else if byte == 0 {
        throw .binary
      }
      allBits |= byte
      index += 1
    }
    guard isBoundary(index + 1, bytes) else { throw .textAfterQuote }
    try Self.checkUTF8(bytes, start..<index, allBits)
    position = index + 1
    line += newLines
    return CSVCell(start..<index, isQuoted: true, hasDoubledQuotes: hasDoubledQuotes)
  }

  private static func checkUTF8(_ bytes: Span<UInt8>, _ range: Range<Int>, _ allBits: UInt8) throws(CSVFault) {
    guard allBits >= 0x80 else { return }
    do { _ = try UTF8Span(validating: bytes.extracting(range)) } catch { throw .invalidUTF8 }
  }
}
