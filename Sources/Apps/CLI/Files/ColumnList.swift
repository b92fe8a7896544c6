/// Names of columns that an option lists with commas between them.
enum ColumnList {
  /// The names in a list: of pieces that are columns only together, the longest such name (`price, gross` is one name where a
  /// column is called so). A name in double quotes is one whatever it holds, as in CSV.
  /// - Parameter isKnown: whether a column has this name.
  static func names(in list: String, where isKnown: (String) -> Bool) -> [String] {
    let pieces = pieces(of: list)
    var names: [String] = []
    var start = 0
    while start < pieces.count {
      var end = start + 1
      for candidate in stride(from: pieces.count, to: start + 1, by: -1) {
        let joined = pieces[start..<candidate].map(\.text).joined(separator: ",")
        if isKnown(String(joined[...].trimmed)) {
          end = candidate
          break
        }
      }
      let joined = pieces[start..<end].map(\.text).joined(separator: ",")
      let name = pieces[start].isQuoted && end == start + 1 ? joined : String(joined[...].trimmed)
      if !name.isEmpty { names.append(name) }
      start = end
    }
    return names
  }

  private static func pieces(of list: String) -> [(text: String, isQuoted: Bool)] {
    var pieces: [(text: String, isQuoted: Bool)] = []
    var rest = list[...]
    while true {
      if rest.first == "\"", let quoted = quotedPiece(rest) {
        pieces.append((quoted.text, true))
        rest = quoted.rest
      } else {
        let piece = rest.prefix { $0 != "," }
        pieces.append((String(piece), false))
        rest = rest.dropFirst(piece.count)
      }
      guard rest.first == "," else { return pieces }
      rest = rest.dropFirst()
    }
  }

  /// What is between quotes that end before a comma or the end; nil where they do not.
  private static func quotedPiece(_ list: Substring) -> (text: String, rest: Substring)? {
    var text = ""
    var rest = list.dropFirst()
    while let character = rest.first {
      rest = rest.dropFirst()
      guard character == "\"" else {
        text.append(character)
        continue
      }
      if rest.first == "\"" {
        text.append("\"")
        rest = rest.dropFirst()
      } else {
        return rest.isEmpty || rest.first == "," ? (text, rest) : nil
      }
    }
    return nil
  }
}
