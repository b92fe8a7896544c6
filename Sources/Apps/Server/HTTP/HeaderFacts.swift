internal import NIOHTTP1

/// What the server wants to know of a request's headers, found in one pass over them.
struct HeaderFacts {
  private(set) var hostCount = 0
  /// Of the header, or of the target where that is a whole address.
  var host: String?
  private(set) var origin: String?
  private(set) var requestID: String?
  private(set) var contentType: String?
  private(set) var contentLength: Int?
  /// All of them, as one list.
  private(set) var contentEncoding: String?
  private(set) var transferEncoding: String?
  private(set) var expectsContinue = false
  private(set) var hasUpgrade = false

  init(_ headers: HTTPHeaders) {
    for (name, sent) in headers {
      let value = Self.withoutTrailingBlanks(sent)
      switch name.utf8.count {
      case 4 where Self.equal(name, "host"):
        hostCount += 1
        host = value
      case 6 where Self.equal(name, "expect"): expectsContinue = Self.equal(value, "100-continue")
      case 6 where Self.equal(name, "origin"): origin = value
      case 7 where Self.equal(name, "upgrade"): hasUpgrade = true
      case 12 where Self.equal(name, "x-request-id"): requestID = value
      case 12 where Self.equal(name, "content-type"): contentType = value
      case 14 where Self.equal(name, "content-length"): contentLength = Int(value)
      case 16 where Self.equal(name, "content-encoding"):
        contentEncoding = contentEncoding.map { "\($0), \(value)" } ?? value
      case 17 where Self.equal(name, "transfer-encoding"):
        transferEncoding = transferEncoding.map { "\($0), \(value)" } ?? value
      default: break
      }
    }
  }

  /// Blanks behind a value are no part of it (RFC 9110, 5.5), and the parser leaves them.
  private static func withoutTrailingBlanks(_ value: String) -> String {
    func isBlank(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    guard isBlank(value.utf8.last) else { return value }
    var rest = value.utf8[...]
    while isBlank(rest.last) { rest.removeLast() }
    return String(Substring(rest))
  }

  /// - Parameter lower: lower-case letters, digits and strokes.
  private static func equal(_ text: String, _ lower: StaticString) -> Bool {
    guard text.utf8.count == lower.utf8CodeUnitCount else { return false }
    let bytes = text.utf8.span
    return lower.withUTF8Buffer { letters in
      bytes.indices.allSatisfy { index in
        let byte = bytes[index]
        return unsafe (byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte) == letters[index]
      }
    }
  }

  var isGzip: Bool {
    let coding = contentEncoding?.lowercased()
    return coding == "gzip" || coding == "x-gzip"
  }

  /// Whether a page of another server made a browser send this.
  var isFromElsewhere: Bool {
    guard let origin else { return false }
    guard let host, let scheme = ["http://", "https://"].first(where: origin.hasPrefix) else { return true }
    return origin.dropFirst(scheme.count).lowercased() != host.lowercased()
  }
}
