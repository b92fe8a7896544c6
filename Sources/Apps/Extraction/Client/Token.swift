internal import FoundationEssentials
internal import Glibc
internal import Learners

/// A GitHub token. It has no description: what prints it prints “token”.
public struct Token: Sendable, CustomStringConvertible, CustomReflectable {
  /// For the header of requests to GitHub, and for nothing else.
  public let secret: String

  public var description: String { "token" }
  public var customMirror: Mirror { Mirror(self, children: [:]) }

  /// Where a token comes from.
  public enum Source: Sendable {
    case file(String), environment
  }

  /// - Throws: `ExtractionError` that does not show the text.
  public init(_ text: String, from place: String) throws(ExtractionError) {
    let isFit = text.utf8.count <= 1024 && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    guard !text.isEmpty, isFit else {
      throw ExtractionError(
        .badData, "\(place): the token is \(text.isEmpty ? "empty" : "not one word of ASCII")",
        advice: "copy it again from GitHub's settings")
    }
    secret = text
  }

  /// Reads `{"github_token": "…"}`.
  /// - Returns: also a warning, where others may read the file.
  public static func read(_ path: String) throws(ExtractionError) -> (token: Token, warning: String?) {
    let file: InputFile
    do { file = try InputFile(reading: path) } catch {
      let code: ExtractionError.Code = error.code == .noPermission ? .noPermission : .noInput
      throw ExtractionError(code, "\(path): \(error.what)", advice: "give a file like {\"github_token\": \"…\"}")
    }
    struct Content: Decodable {
      let token: String
      enum CodingKeys: String, CodingKey { case token = "github_token" }
    }
    guard file.bytes.count < 1 << 16, let content = try? JSONDecoder().decode(Content.self, from: Data(file.bytes))
    else {
      throw ExtractionError(
        .badData, "\(path): is not JSON with a text “github_token”",
        advice: "write {\"github_token\": \"…\"} (its content is not shown here)")
    }
    return (try Token(content.token, from: path), othersMayRead(path) ? warning(path) : nil)
  }

  private static func warning(_ path: String) -> String {
    "\(path): other users of this machine may read the token: run chmod 600 \(path)"
  }

  private static func othersMayRead(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & 0o077 != 0
  }

  /// Overwrites the token where a server sends it back, so that it can get neither into the store nor into a message: as it
  /// is, and with letters in JSON's form `\u0061`.
  package func removed(from bytes: [UInt8]) -> [UInt8] {
    let secret = Array(secret.utf8)
    var cleaned = bytes
    var place = 0
    while place < cleaned.count {
      if cleaned[place] == secret[0] || cleaned[place] == UInt8(ascii: "\\"),
        let end = end(of: secret, in: cleaned, from: place)
      {
        for index in place..<end { cleaned[index] = UInt8(ascii: "x") }
        place = end
      } else {
        place += 1
      }
    }
    return cleaned
  }

  package func removed(from text: String) -> String {
    String(decoding: removed(from: Array(text.utf8)), as: UTF8.self)
  }

  private func end(of secret: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    var place = start
    for letter in secret {
      guard place < bytes.count else { return nil }
      if bytes[place] == letter {
        place += 1
      } else if bytes.count - place >= 6, bytes[place] == UInt8(ascii: "\\"), bytes[place + 1] == UInt8(ascii: "u"),
        UInt16(String(decoding: bytes[place + 2..<place + 6], as: UTF8.self), radix: 16) == UInt16(letter)
      {
        place += 6
      } else {
        return nil
      }
    }
    return place
  }
}
