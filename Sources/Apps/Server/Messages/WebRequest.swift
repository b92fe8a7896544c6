package import NIOCore
package import NIOHTTP1

/// A request as it arrived, whole.
package struct WebRequest: Sendable {
  package let method: HTTPMethod
  /// As sent, without the query; nothing in it is decoded.
  package let path: String
  /// Behind the `?`, as sent; empty where there is none.
  package let query: String
  package let headers: HTTPHeaders
  package let contentType: String?
  package var body: ByteBuffer
  /// Names the request in the log and in the answer.
  package let id: String

  package init(
    method: HTTPMethod, target: String, headers: HTTPHeaders = [:], contentType: String? = nil,
    body: ByteBuffer = ByteBuffer(), id: String = "-"
  ) {
    self.method = method
    self.headers = headers
    self.contentType = contentType
    self.body = body
    self.id = id
    if let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) {
      path = String(target[..<mark])
      query = String(target[target.utf8.index(after: mark)...])
    } else {
      path = target
      query = ""
    }
  }

  /// The parts of the path between its strokes, decoded; nil where an escape is broken or the text is not UTF-8.
  package static func segments(of path: String) -> [String]? {
    var segments: [String] = []
    for part in path.split(separator: "/", omittingEmptySubsequences: true) {
      guard let text = percentDecoded(part.utf8, plusIsSpace: false) else { return nil }
      segments.append(text)
    }
    return segments
  }

  /// The first value of a name in the query.
  package func parameter(_ name: String) -> String? {
    query.isEmpty ? nil : parameters.first { $0.name == name }?.value
  }

  /// Names and values of the query, decoded; what is broken is as it was sent.
  package var parameters: [(name: String, value: String)] { Self.parameters(of: query) }

  /// Names and values of a text such as `a=1&b=x+y`. What cannot be decoded stays as it is: it is not the same as nothing.
  package static func parameters(of text: String) -> [(name: String, value: String)] {
    text.utf8.split(separator: UInt8(ascii: "&")).map { item in
      let parts = item.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        .map { percentDecoded($0, plusIsSpace: true) ?? String(decoding: $0, as: UTF8.self) }
      return (parts[0], parts.count == 2 ? parts[1] : "")
    }
  }
}

/// `%41` becomes `A`; nil where an escape is broken or the bytes are not UTF-8.
private func percentDecoded(_ text: some Collection<UInt8>, plusIsSpace: Bool) -> String? {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.count)
  var position = text.startIndex
  while position != text.endIndex {
    let byte = text[position]
    position = text.index(after: position)
    guard byte == UInt8(ascii: "%") else {
      bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      continue
    }
    var code: UInt8 = 0
    for _ in 0..<2 {
      guard position != text.endIndex, let digit = Character(Unicode.Scalar(text[position])).hexDigitValue else {
        return nil
      }
      code = code << 4 | UInt8(digit)
      position = text.index(after: position)
    }
    bytes.append(code)
  }
  return String(validating: bytes, as: UTF8.self)
}
