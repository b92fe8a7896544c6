internal import NIOHTTP1

/// The word that somebody has to know who loads or unloads models. It has no description.
package struct AdminToken: Sendable, CustomStringConvertible, CustomReflectable {
  private let secret: [UInt8]

  package var description: String { "token" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }

  /// A token shorter than this can be guessed.
  package static let shortest = 16

  /// nil for a text that is too short or holds what cannot be sent in a header.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard (Self.shortest...1024).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      return nil
    }
    secret = bytes
  }

  /// Takes as long for any given text of one length: what was guessed right so far does not show.
  func matches(_ given: some Collection<UInt8>) -> Bool {
    var difference = secret.count ^ given.count
    var index = 0
    for byte in given {
      difference |= Int(byte ^ secret[index])
      index = index + 1 == secret.count ? 0 : index + 1
    }
    return difference == 0
  }

  /// - Throws: `Problem` 403 where nobody may, 401 for whoever does not know the token.
  static func check(_ request: WebRequest, against token: AdminToken?) throws(Problem) {
    guard let token else {
      throw Problem(
        403, "admin-off", "loading and unloading models is switched off: start the server with --admin-token-file")
    }
    let prefix = "bearer "
    let given = request.headers.first(name: "authorization")
    guard let given, given.lowercased().hasPrefix(prefix), token.matches(given.utf8.dropFirst(prefix.count)) else {
      throw Problem(
        401, "unauthorized", "the admin token is missing or wrong: send it as Authorization: Bearer TOKEN",
        headers: [("www-authenticate", "Bearer")])
    }
  }
}
