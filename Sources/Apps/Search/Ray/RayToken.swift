internal import FoundationEssentials

/// What proves to Ray who asks, from where Ray's own tools take it.
package struct RayToken: Sendable {
  package let text: String
  /// Where it comes from, for messages.
  package let source: String

  /// - Returns: nil where there is none.
  /// - Throws: `SearchError` where a file is named that cannot be read.
  package static func find(_ environment: [String: String]) throws(SearchError) -> RayToken? {
    if let text = environment["RAY_AUTH_TOKEN"].flatMap(plain) { return RayToken(text: text, source: "RAY_AUTH_TOKEN") }
    if let path = environment["RAY_AUTH_TOKEN_PATH"].flatMap(plain) {
      guard let text = read(path) else {
        throw SearchError(
          .noInput, "\(path): RAY_AUTH_TOKEN_PATH names it, and it cannot be read or is empty",
          advice: "correct the variable, or unset it")
      }
      return RayToken(text: text, source: path)
    }
    guard let home = environment["HOME"].flatMap(plain), let text = read("\(home)/.ray/auth_token") else { return nil }
    return RayToken(text: text, source: "\(home)/.ray/auth_token")
  }

  private static func read(_ path: String) -> String? {
    (try? Data(contentsOf: URL(filePath: path))).flatMap { plain(String(decoding: $0, as: UTF8.self)) }
  }

  private static func plain(_ text: String) -> String? {
    let text = text.drop(while: \.isWhitespace)
    let end = text.lastIndex { !$0.isWhitespace }
    return end.map { String(text[...$0]) }
  }
}
