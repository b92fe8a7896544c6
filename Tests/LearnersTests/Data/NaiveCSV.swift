/// RFC 4180 one character after the other, for tests of the reader that is fast.
enum NaiveCSV {
  /// The cells of all rows, the header among them; nil where the text offends.
  static func rows(_ bytes: [UInt8], delimiter: UInt8 = UInt8(ascii: ",")) -> [[String]]? {
    var end = bytes.count
    while end > 0 && (bytes[end - 1] == 10 || bytes[end - 1] == 13) { end -= 1 }
    var rows: [[String]] = []
    var row: [String] = []
    var cell: [UInt8] = []
    var index = 0
    func text() -> String? { String(validating: cell, as: UTF8.self) }
    while true {
      cell = []
      if index < end && bytes[index] == UInt8(ascii: "\"") {
        index += 1
        while true {
          guard index < end, bytes[index] != 0 else { return nil }
          if bytes[index] == UInt8(ascii: "\"") {
            index += 1
            guard index < end && bytes[index] == UInt8(ascii: "\"") else { break }
          }
          cell.append(bytes[index])
          index += 1
        }
        guard index == end || bytes[index] == delimiter || bytes[index] == 10 || bytes[index] == 13 else { return nil }
      } else {
        while index < end && bytes[index] != delimiter && bytes[index] != 10 && bytes[index] != 13 {
          guard bytes[index] != UInt8(ascii: "\""), bytes[index] != 0 else { return nil }
          cell.append(bytes[index])
          index += 1
        }
      }
      guard let text = text() else { return nil }
      row.append(text)
      if index < end && bytes[index] == delimiter {
        index += 1
        continue
      }
      guard row.count == (rows.first ?? row).count else { return nil }
      rows.append(row)
      row = []
      guard index < end else { return rows }
      index += bytes[index] == 13 && index + 1 < end && bytes[index + 1] == 10 ? 2 : 1
    }
  }
}
