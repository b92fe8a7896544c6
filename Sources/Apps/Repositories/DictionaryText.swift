/// A dictionary that a program printed into a cell, as Python's `str` and JSON do: `{'key': 'mit', 'url': None}`.
///
/// Only texts of its own level are read; numbers, flags, `None` and what is nested are no texts.
internal struct DictionaryText {
  private let texts: [String: String]

  internal subscript(key: String) -> String? { texts[key] }

  /// nil for anything else.
  internal init?(_ text: String) {
    var reader = Reader(text)
    guard let texts = reader.dictionary() else { return nil }
    self.texts = texts
  }

  private struct Reader {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func dictionary() -> [String: String]? {
      skipSpace()
      guard take("{") else { return nil }
      var texts: [String: String] = [:]
      skipSpace()
      while !take("}") {
        guard let key = text() else { return nil }
        skipSpace()
        guard take(":") else { return nil }
        skipSpace()
        if let value = text() {
          texts[key] = value
        } else if !skipOther() {
          return nil
        }
        skipSpace()
        guard take(",") || isNext("}") else { return nil }
        skipSpace()
      }
      skipSpace()
      return position == scalars.count ? texts : nil
    }

    private func isNext(_ scalar: Unicode.Scalar) -> Bool { position < scalars.count && scalars[position] == scalar }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      guard isNext(scalar) else { return false }
      position += 1
      return true
    }

    private mutating func skipSpace() {
      while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
    }

    /// What is between quotes of either kind; an escaped character is itself.
    private mutating func text() -> String? {
      guard position < scalars.count, scalars[position] == "'" || scalars[position] == "\"" else { return nil }
      let quote = scalars[position]
      position += 1
      var text = String.UnicodeScalarView()
      while position < scalars.count {
        let scalar = scalars[position]
        position += 1
        if scalar == quote { return String(text) }
        if scalar == "\\", position < scalars.count {
          text.append(scalars[position])
          position += 1
        } else {
          text.append(scalar)
        }
      }
      return nil
    }

    /// Steps over a number, a word, or something nested.
    private mutating func skipOther() -> Bool {
      var depth = 0
      let start = position
      while position < scalars.count {
        switch scalars[position] {
        case "{", "[", "(": depth += 1
        case "}", "]", ")":
          if depth == 0 { return position > start }
          depth -= 1
        case ",": if depth == 0 { return position > start }
        case "'", "\"":
          guard text() != nil else { return false }
          continue
        default: break
        }
        position += 1
      }
      return false
    }
  }
}
