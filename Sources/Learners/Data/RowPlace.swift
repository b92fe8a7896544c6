/// Where in its file a row of a table is, for a message about the row: looked for only when there is one.
public enum RowPlace {
  /// - Parameters:
  ///   - row: counted from 0 over all files.
  ///   - hasHeader: whether the first line of each CSV file holds names.
  /// - Returns: "line 14", with the file's name where there are several; "row 13", counted from 1, in files without lines.
  public static func description(ofRow row: Int, in paths: [String], hasHeader: Bool = true) -> String {
    var left = row
    for path in paths {
      guard let format = TableFormat(fileName: path), let lines = try? starts(path, format, hasHeader: hasHeader) else {
        break
      }
      guard left >= lines.count else {
        return (paths.count > 1 ? "\(path), " : "") + "line \(lines[left])"
      }
      left -= lines.count
    }
    return "row \(row + 1)"
  }

  /// The line in which each row begins; nil for a format that has no lines.
  private static func starts(_ path: String, _ format: TableFormat, hasHeader: Bool) throws(DataError) -> [Int]? {
    let file = try InputFile(reading: path)
    switch format {
    case .csv: return Array(starts(file.bytes, quotes: true).dropFirst(hasHeader ? 1 : 0))
    case .gzippedCSV: return Array(starts(try Gzip.decompress(file), quotes: true).dropFirst(hasHeader ? 1 : 0))
    case .jsonLines: return starts(file.bytes, quotes: false)
    default: return nil
    }
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
