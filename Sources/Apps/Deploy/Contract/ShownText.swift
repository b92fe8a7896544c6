/// A text from outside for a message: short, on one line, without what would move a terminal's cursor.
internal func shown(_ text: String) -> String {
  let plain = text.unicodeScalars.prefix(500).map { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: Unicode.Scalar(" ")
    default: scalar
    }
  }
  return String(String.UnicodeScalarView(plain))
}

/// “a, b, c”, or that there are none; not more than anybody reads.
internal func listed(_ names: [String]) -> String {
  guard !names.isEmpty else { return "none" }
  let shownNames = names.prefix(20).map(shown).joined(separator: ", ")
  return names.count > 20 ? "\(shownNames) and \(names.count - 20) more" : shownNames
}
