/// Writes CSV (RFC 4180) that readers take back as it was: the one writer of all outputs.
public enum CSVWriter {
  /// A row with its line end.
  public static func line(_ cells: [String]) -> String {
    if cells.count == 1 && cells[0].isEmpty { return "\"\"\n" }  // a blank line is no row
    return cells.map(cell).joined(separator: ",") + "\n"
  }

  /// The text of a cell: quoted where it has a meaning of its own in this or another dialect of CSV.
  public static func cell(_ text: String) -> String {
    guard text.utf8.contains(where: needsQuotes) || text.first == " " || text.last == " " else { return text }
    // NUL is text in JSON and none in CSV.
    return "\"" + text.replacing("\"", with: "\"\"").replacing("\0", with: "\u{FFFD}") + "\""
  }

  private static func needsQuotes(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "|"), 0..<0x20: true
    default: false
    }
  }

  /// A header in which no name is twice: those that come from the data stay as they are, our own (`row`, `base`, …) get
  /// `_` behind them until they differ from all others.
  /// - Parameter names: in their order, and whether each is our own.
  public static func header(_ names: [(name: String, isOurs: Bool)]) -> String {
    var taken = Set(names.filter { !$0.isOurs }.map(\.name))
    let distinct = names.map { name, isOurs -> String in
      guard isOurs else { return name }
      var own = name
      while !taken.insert(own).inserted { own += "_" }
      return own
    }
    return line(distinct)
  }
}
