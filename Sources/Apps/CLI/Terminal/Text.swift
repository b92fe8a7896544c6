extension Substring {
  /// Without white space at both ends.
  var trimmed: Substring {
    var rest = drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}

/// Names come from files of strangers: without what would move the cursor or colour the terminal.
func printable(_ text: String) -> String {
  let scalars = text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
  return String(String.UnicodeScalarView(scalars))
}
