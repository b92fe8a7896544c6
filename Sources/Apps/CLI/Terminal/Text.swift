extension Substring {
  /// Without white space at both ends.
  var trimmed: Substring {
    var rest = drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}

/// Names come from files of strangers: without what would move the cursor, colour the terminal or turn the direction of
/// writing.
func printable(_ text: String) -> String {
  String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isHarmless ? $0 : "\u{FFFD}" }))
}

/// The same, where lines may end.
func printable(lines text: String) -> String {
  String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isHarmless || $0 == "\n" ? $0 : "\u{FFFD}" }))
}

extension Unicode.Scalar {
  fileprivate var isHarmless: Bool {
    switch value {
    case 0..<0x20, 0x7f..<0xa0, 0x2028...0x202e, 0x2066...0x2069: false
    default: true
    }
  }
}

/// "1 fold", "5 folds".
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
