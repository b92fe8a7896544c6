internal import CKernels
internal import Linalg

/// Line ends of a piece of a CSV file.
struct CSVLines: Sendable {
  /// Those that are not within quotes if the piece begins outside of them, and if it begins inside.
  private(set) var outside = 0
  private(set) var inside = 0
  /// Whether the number of quotes is odd.
  private(set) var isOdd = false

  var all: Int { outside + inside }

  /// - Parameter following: the byte behind the piece; nil at the end of the file.
  init(_ bytes: Span<UInt8>, following: UInt8?) {
    let found = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe buffer.baseAddress.map {
        unsafe kernels_line_ends($0, buffer.count, following.map(Int32.init) ?? -1)
      }
    }
    guard let found else { return }
    (outside, inside, isOdd) = (found.outside, found.inside, found.odd != 0)
  }

  /// Index of the last byte of the first line end at or behind `start` that is not within quotes; nil where there is none.
  static func firstEnd(_ bytes: Span<UInt8>, from start: Int, isQuoted: Bool, following: UInt8?) -> Int? {
    var isQuoted = isQuoted
    for index in start..<bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if !isQuoted && (byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")) {
        let next = index + 1 < bytes.count ? bytes[index + 1] : following
        if byte == UInt8(ascii: "\n") || next != UInt8(ascii: "\n") { return index }
      }
    }
    return nil
  }
}

/// The rows of a CSV file in parts that can be read at the same time.
///
/// Whether a part begins within quotes is the parity of the quotes before it: in RFC 4180 a quote opens or closes, and a
/// doubled one does both. In a file that offends, this holds up to the first offence, which ends the reading: the error
/// of the first part that has one is the file's. Rows are those that begin behind a line end of the part; the first part
/// also has the first row. So each row has its number before any is read, and parts write to places of their own.
struct CSVPlan: Sendable {
  struct Part: Sendable {
    let range: Range<Int>
    let startsQuoted: Bool
    /// Number of the first of its rows, from 0 in the file.
    let firstRow: Int
    let rowCount: Int
    /// Line ends before the part, within quotes or not.
    let linesBefore: Int
  }

  let header: CSVHeader
  let parts: [Part]
  let rowCount: Int
  /// Index after the last byte of the last row.
  let end: Int
  /// Lines without any byte behind the last row.
  let blankLinesAtEnd: Int

  /// - Parameter partSize: in bytes. What is read does not depend on it.
  init(_ header: CSVHeader, partSize: Int) throws(DataError) {
    self.header = header
    let content = header.file.content
    (end, blankLinesAtEnd) = try Self.end(content)
    let start = header.start
    guard start < end else {
      (parts, rowCount) = ([], 0)
      return
    }
    let end = end
    let count = (end - start + partSize - 1) / partSize
    let ranges = (0..<count).map { start + $0 * partSize..<min(end, start + ($0 + 1) * partSize) }
    let before = try Self.lineEnds(content, 0..<start, end: end)
    let found = try Parallel.map(count) { index throws(DataError) in
      try Self.lineEnds(content, ranges[index], end: end)
    }
    var parts: [Part] = []
    var (isQuoted, row, lines) = (false, 0, before.all)
    for (index, ends) in found.enumerated() {
      let rows = (isQuoted ? ends.inside : ends.outside) + (index == 0 ? 1 : 0)
      parts.append(
        Part(range: ranges[index], startsQuoted: isQuoted, firstRow: row, rowCount: rows, linesBefore: lines))
      row += rows
      lines += ends.all
      if ends.isOdd { isQuoted.toggle() }
    }
    self.parts = parts
    rowCount = row
  }

  private static func lineEnds(
    _ content: FileContent, _ range: Range<Int>, end: Int
  ) throws(DataError) -> CSVLines {
    let isLast = range.upperBound == end
    return try content.withBytes(range.lowerBound..<range.upperBound + (isLast ? 0 : 1)) {
      bytes throws(DataError) in
      CSVLines(bytes.extracting(0..<range.count), following: isLast ? nil : bytes[range.count])
    }
  }

  /// Leaves out line ends that only end the file.
  private static func end(_ content: FileContent) throws(DataError) -> (end: Int, blankLines: Int) {
    var end = content.count
    var lines = 0
    while end > 0 {
      let start = max(0, end - 4096)
      let kept = try content.withBytes(start..<end) { bytes throws(DataError) in
        var count = bytes.count
        while count > 0 && (bytes[count - 1] == UInt8(ascii: "\n") || bytes[count - 1] == UInt8(ascii: "\r")) {
          // A CR LF counts once.
          if bytes[count - 1] == UInt8(ascii: "\n") || count == bytes.count || bytes[count] != UInt8(ascii: "\n") {
            lines += 1
          }
          count -= 1
        }
        return count
      }
      if kept > 0 { return (start + kept, max(0, lines - 1)) }
      end = start
    }
    return (0, 0)
  }
}
