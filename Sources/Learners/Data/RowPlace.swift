/// Where in its file a row of a table is, for a message about the row: looked for only when there is one.
public enum RowPlace {
  /// - Parameters:
  ///   - row: counted from 0 over all files.
  ///   - rowCount: rows of the table; where all lines are rows, no line holds names.
  /// - Returns: "line 14", with the file's name where there are several; "row 13", counted from 1, in files without lines.
  public static func description(ofRow row: Int, in paths: [String], rowCount: Int? = nil) -> String {
    guard let place = line(ofRow: row, in: paths, rowCount: rowCount) else { return "row \(row + 1)" }
    return (paths.count > 1 ? "\(place.path), " : "") + "line \(place.line)"
  }

  /// - Returns: nil in files without lines.
  public static func line(ofRow row: Int, in paths: [String], rowCount: Int? = nil) -> (path: String, line: Int)? {
    let files = paths.map { (path: $0, lines: (try? starts($0)) ?? []) }
    guard !files.isEmpty, !files.contains(where: \.lines.isEmpty) else { return nil }
    let hasHeader = isCells(paths[0]) && files.reduce(0, { $0 + $1.lines.count }) != rowCount
    var left = row
    for (path, lines) in files {
      let rows = lines.dropFirst(hasHeader ? 1 : 0)
      guard left >= rows.count else { return (path, rows[rows.startIndex + left]) }
      left -= rows.count
    }
    return nil
  }

  private static func isCells(_ path: String) -> Bool { TableFormat(fileName: path)?.content == .cells }

  /// The line in which each record begins; none for a format that has no lines.
  private static func starts(_ path: String) throws(DataError) -> [Int] {
    guard let format = TableFormat(fileName: path), format.content != .array else { return [] }
    let file = try InputFile(reading: path)
    return starts(format.isGzipped ? try Gzip.decompress(file) : file.bytes, quotes: format.content == .cells)
  }

  /// Lines that are not blank, but for those that begin within quotes.
  private static func starts(_ bytes: [UInt8], quotes: Bool) -> [Int] {
    var starts: [Int] = []
    var (line, isQuoted, isBlank) = (1, false, true)
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        let isHalf = byte == UInt8(ascii: "\r") && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n")
        if !isHalf { line += 1 }
        if !isQuoted { isBlank = true }
        continue
      case UInt8(ascii: "\""): if quotes { isQuoted.toggle() }
      default: break
      }
      if isBlank {
        starts.append(line)
        isBlank = false
      }
    }
    return starts
  }
}
