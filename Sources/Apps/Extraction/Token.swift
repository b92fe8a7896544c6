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

  /// Overwrites the token where a server sends it back, so that it can get neither into the store nor into a message.
  package func removed(from bytes: [UInt8]) -> [UInt8] {
    let secret = Array(secret.utf8)
    var cleaned = bytes
    var start = 0
    while let found = position(of: secret, in: cleaned, from: start) {
      for index in found..<found + secret.count { cleaned[index] = UInt8(ascii: "x") }
      start = found + secret.count
    }
    return cleaned
  }

  private func position(of secret: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe secret.withUnsafeBytes { secret in
        guard let base = bytes.baseAddress else { return nil }
        var place = start
        while bytes.count - place >= secret.count {
          let rest = bytes.count - place - secret.count + 1
          guard let found = unsafe memchr(base + place, Int32(secret[0]), rest) else { return nil }
          place = unsafe UnsafeRawPointer(found) - base
          if unsafe memcmp(base + place, secret.baseAddress!, secret.count) == 0 { return place }
          place += 1
        }
        return nil
      }
    }
  }
}
