internal import NIOCore
internal import NIOHTTP1

/// The body of a form with a file (RFC 7578).
package struct MultipartForm {
  package struct Part {
    package let name: String
    package let fileName: String?
    package let content: [UInt8]
  }

  package let parts: [Part]

  private static let mostParts = 20
  private static let mostHeadBytes = 4_096

  /// - Throws: `Problem` 415 for another kind of body, 400 for one that is not of the form.
  package init(_ request: WebRequest) throws(Problem) {
    guard let type = request.headers.first(name: "content-type"), type.lowercased().hasPrefix("multipart/form-data"),
      let boundary = Self.parameter("boundary", of: type), (1...70).contains(boundary.utf8.count)
    else { throw Problem(415, "media-type", "the body must be multipart/form-data with a boundary") }
    parts = try Self.parts(of: request.body.allBytes, delimiter: Array("\r\n--\(boundary)".utf8))
  }

  package func text(_ name: String) -> String? {
    parts.first { $0.name == name }.flatMap {
      $0.content.count <= 1_000 ? String(validating: $0.content, as: UTF8.self) : nil
    }
  }

  private static func parts(of body: [UInt8], delimiter: [UInt8]) throws(Problem) -> [Part] {
    // The first delimiter may be the beginning of the body, without the line end before it.
    let bytes = [UInt8]("\r\n".utf8) + body
    guard var start = find(delimiter, in: bytes, from: 0) else { throw malformed("it has no boundary") }
    var parts: [Part] = []
    while true {
      let head = start + delimiter.count
      guard head + 2 <= bytes.count else { throw malformed("it is cut off") }
      if bytes[head] == UInt8(ascii: "-") && bytes[head + 1] == UInt8(ascii: "-") { return parts }
      guard let end = find(delimiter, in: bytes, from: head) else { throw malformed("it is cut off") }
      guard parts.count < mostParts else { throw malformed("it has more than \(mostParts) parts") }
      parts.append(try part(bytes[head..<end]))
      start = end
    }
  }

  private static func part(_ bytes: ArraySlice<UInt8>) throws(Problem) -> Part {
    let blank = Array("\r\n\r\n".utf8)
    let limited = Array(bytes.prefix(mostHeadBytes))
    guard let end = find(blank, in: limited, from: 0),
      let head = String(validating: limited[..<end], as: UTF8.self)
    else { throw malformed("a part has no head, or one of more than \(mostHeadBytes) bytes") }
    let lines = head.split(separator: "\r\n")
    guard let line = lines.first(where: { $0.lowercased().hasPrefix("content-disposition:") }),
      let name = parameter("name", of: String(line))
    else { throw malformed("a part has no name") }
    return Part(
      name: name, fileName: parameter("filename", of: String(line)),
      content: Array(bytes.dropFirst(end + blank.count)))
  }

  private static func malformed(_ reason: String) -> Problem {
    Problem(400, "malformed-form", "the form cannot be read: \(reason)")
  }

  /// The value of a parameter behind a `;`, quoted or not. Browsers write a quote in a file's name as %22.
  private static func parameter(_ name: String, of header: String) -> String? {
    var items: [String] = [""]
    var isQuoted = false
    for character in header {
      if character == "\"" { isQuoted.toggle() }
      if character == ";" && !isQuoted { items.append("") } else { items[items.count - 1].append(character) }
    }
    for item in items.dropFirst() {
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0].filter({ $0 != " " }).lowercased() == name else { continue }
      return parts[1].filter { $0 != "\"" }
    }
    return nil
  }

  private static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    guard let first = pattern.first else { return start }
    var place = start
    while place + pattern.count <= bytes.count {
      guard let next = bytes[place...].firstIndex(of: first), next + pattern.count <= bytes.count else { return nil }
      if bytes[next..<next + pattern.count].elementsEqual(pattern) { return next }
      place = next + 1
    }
    return nil
  }
}
