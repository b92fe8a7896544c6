internal import CKernels

/// One cell of a CSV file.
struct CSVCell {
  /// Its bytes, without the quotes around it.
  let range: Range<Int>
  let isQuoted: Bool
  /// Whether quotes in it are doubled.
  let hasDoubledQuotes: Bool
  let isASCII: Bool

  @inline(__always)
  init(_ range: Range<Int>, isQuoted: Bool = false, hasDoubledQuotes: Bool = false, isASCII: Bool = false) {
    self.isASCII = isASCII
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
  /// Index after the last byte.
  let end: Int
  let delimiter: UInt8

  enum Boundary { case nextCell, nextRow }

  /// Steps over the delimiter or the line end at `position`. The end of the bytes ends a row.
  @inline(__always)
  mutating func step(_ bytes: Span<UInt8>) -> Boundary {
    guard position < end else { return .nextRow }
    let byte = bytes[position]
    position += 1
    if byte == delimiter { return .nextCell }
    if byte == UInt8(ascii: "\r") && position < end && bytes[position] == UInt8(ascii: "\n") { position += 1 }
    return .nextRow
  }

  /// Whether a cell can end before this index.
  @inline(__always)
  func isBoundary(_ index: Int, _ bytes: Span<UInt8>) -> Bool {
    guard index < end else { return true }
    let byte = bytes[index]
    return byte == delimiter || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  /// Reads the cell at `position` and stops at the delimiter or line end after it.
  @inline(__always)
  mutating func cell(_ bytes: Span<UInt8>) throws(CSVFault) -> CSVCell {
    if position < end && bytes[position] == UInt8(ascii: "\"") { return try quotedCell(bytes) }
    let start = position
    var bits: UInt8 = 0
    position = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe kernels_cell_end($0, start, end, delimiter, &bits) } ?? start
    }
    if position < end {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") { throw .quoteInsideCell }
      if byte == 0 { throw .binary }
    }
    if bits != 0 { try Self.checkUTF8(bytes, start..<position) }
    return CSVCell(start..<position, isASCII: bits == 0)
  }

  private mutating func quotedCell(_ bytes: Span<UInt8>) throws(CSVFault) -> CSVCell {
    let start = position + 1
    var index = start
    var hasDoubledQuotes = false
    var allBits: UInt8 = 0
    while true {
      var bits: UInt8 = 0
      index = unsafe bytes.withUnsafeBufferPointer { buffer in
        unsafe buffer.baseAddress.map { unsafe kernels_quote_end($0, index, end, &bits) } ?? end
      }
      allBits |= bits
      guard index < end else { throw .unbalancedQuote }
      if bytes[index] == 0 { throw .binary }
      guard index + 1 < end && bytes[index + 1] == UInt8(ascii: "\"") else { break }
      hasDoubledQuotes = true
      index += 2
    }
    guard isBoundary(index + 1, bytes) else { throw .textAfterQuote }
    if allBits != 0 { try Self.checkUTF8(bytes, start..<index) }
    position = index + 1
    return CSVCell(start..<index, isQuoted: true, hasDoubledQuotes: hasDoubledQuotes, isASCII: allBits == 0)
  }

  private static func checkUTF8(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(CSVFault) {
    do { _ = try UTF8Span(validating: bytes.extracting(range)) } catch { throw .invalidUTF8 }
  }
}
