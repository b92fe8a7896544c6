/// A text from outside for a message: short, on one line, without what would move a terminal's cursor.
internal func shown(_ text: String) -> String {
  let plain = text.unicodeScalars.prefix(200).map { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: Unicode.Scalar(" ")
    default: scalar
    }
  }
  return String(String.UnicodeScalarView(plain))
}
