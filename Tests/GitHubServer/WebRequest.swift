/// A request as it arrived.
package struct WebRequest: Sendable {
  let method: String
  /// Path and query, as sent.
  let target: String
  let path: String
  let query: [String: String]
  let headers: [(name: String, value: String)]
  let body: [UInt8]
  /// Such as `http://127.0.0.1:4711`, for links.
  let base: String

  init(method: String, target: String, headers: [(name: String, value: String)], body: [UInt8], base: String) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
    self.base = base
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = percentDecoded(parts[0])
    query = parts.count < 2 ? [:] : queryItems(parts[1])
  }

  func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }

  var resource: Resource { path == "/graphql" ? .graphql : path.hasPrefix("/search/") ? .search : .core }
}

/// What has a limit of its own.
package enum Resource: String, Sendable, CaseIterable {
  case core, search, graphql
}

private func queryItems(_ text: Substring) -> [String: String] {
  var items: [String: String] = [:]
  for item in text.split(separator: "&") {
    let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    items[percentDecoded(parts[0])] =
      parts.count < 2
      ? ""
      : percentDecoded(
        Substring(String(parts[1]).split(separator: "+", omittingEmptySubsequences: false).joined(separator: " ")))
  }
  return items
}

private func percentDecoded(_ text: Substring) -> String {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    if byte == UInt8(ascii: "%"), rest.count >= 2,
      let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
    {
      bytes.append(code)
      rest = rest.dropFirst(2)
    } else {
      bytes.append(byte)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
