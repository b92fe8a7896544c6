/// A piece of markup. It is written as a literal; whatever is put into one is escaped unless it is markup itself.
///
/// There is no other way to make one, so that no text from outside can become a tag or leave an attribute: attributes are
/// written in double quotes, and texts never become URLs, styles or scripts. What is written is XML as well, which tests
/// parse.
public struct HTML: Sendable, Hashable, ExpressibleByStringInterpolation {
  /// As it is sent.
  public let markup: String

  public init(stringLiteral markup: String) { self.markup = markup }

  public init(stringInterpolation: StringInterpolation) { markup = stringInterpolation.markup }

  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var markup = ""

    public init(literalCapacity: Int, interpolationCount: Int) {
      markup.reserveCapacity(literalCapacity + 32 * interpolationCount)
    }

    public mutating func appendLiteral(_ literal: String) { markup += literal }

    public mutating func appendInterpolation(_ text: String) { markup += escaped(text) }

    public mutating func appendInterpolation(_ number: Int) { markup += String(number) }

    public mutating func appendInterpolation(_ piece: HTML) { markup += piece.markup }

    /// Nothing for nil.
    public mutating func appendInterpolation(_ piece: HTML?) { markup += piece?.markup ?? "" }

    public mutating func appendInterpolation(_ pieces: [HTML]) { for piece in pieces { markup += piece.markup } }
  }

  public static let none: HTML = ""
}

/// Text that is only text, between tags and in a quoted attribute.
///
/// Besides the five marks of XML, control characters and those that turn the direction of writing are replaced: a name
/// must not show another name than it is.
private func escaped(_ text: String) -> String {
  var escaped = ""
  escaped.reserveCapacity(text.utf8.count)
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": escaped += "&amp;"
    case "<": escaped += "&lt;"
    case ">": escaped += "&gt;"
    case "\"": escaped += "&quot;"
    case "'": escaped += "&#39;"
    case "\n", "\t": escaped.unicodeScalars.append(scalar)
    case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}"..."\u{FFFF}": escaped += "\u{FFFD}"
    case "\u{200E}"..."\u{200F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": escaped += "\u{FFFD}"
    default: escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}
