internal import NIOHTTP1

extension HeaderFacts {
  /// What a request is for, in the form that routes know: a path with its query.
  ///
  /// A target may also be a whole address, as clients write it that take the server for a proxy. Its host is then the one
  /// that counts, whatever the `Host` header says (RFC 9112, 3.2.2).
  mutating func target(of head: HTTPRequestHead) -> String {
    let uri = head.uri
    guard uri.utf8.first != UInt8(ascii: "/") else { return uri }
    guard let mark = uri.firstRange(of: "://"), ["http", "https"].contains(uri[..<mark.lowerBound].lowercased()) else {
      return uri
    }
    let rest = uri[mark.upperBound...]
    let path = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    // An address of nobody, or one with a user in it, is no address of this server.
    guard path > rest.startIndex, !rest[..<path].contains("@") else { return uri }
    host = String(rest[..<path])
    return rest[path...].first == "/" ? String(rest[path...]) : "/" + rest[path...]
  }
}
