internal import NIOCore

/// The names that requests may call the server by, in their `Host`.
///
/// A page elsewhere can have its own host name lead to this machine (DNS rebinding): to a browser the server is then part
/// of that page's site, and nothing else keeps the page out. But its requests still carry that name.
package struct AllowedHosts: Sendable, Hashable {
  /// In small letters, beside those of this machine itself; nil: any.
  private let names: [String]?

  /// Answers to any name.
  package static let any = AllowedHosts(names: nil)

  private init(names: [String]?) { self.names = names }

  /// - Parameters:
  ///   - address: where the server listens. At a loopback address only this machine's own programs can want something,
  ///     and they know it by the names of that; elsewhere names are not known, and any is right unless some are given.
  ///   - names: further ones, as `name(parsing:)` returns them; `*` for any.
  package init(listeningAt address: String, names: [String]) {
    let own = Self.name(parsing: address).map { [$0] } ?? []
    let isAny = names.contains("*") || (names.isEmpty && !Self.isLoopback(address: address))
    self.names = isAny ? nil : names + own
  }

  /// A name or address as it stands in `Host`, without a port; nil for what is neither.
  package static func name(parsing text: String) -> String? {
    let isAddress = text.contains(":")
    var name = text.lowercased()
    if isAddress && !name.hasPrefix("[") { name = "[\(name)]" }
    if !isAddress && name.hasSuffix(".") { name.removeLast() }
    guard name != "*" else { return name }
    let isGood =
      isAddress
      ? name.hasSuffix("]") && (try? SocketAddress(ipAddress: String(name.dropFirst().dropLast()), port: 0)) != nil
      : !name.isEmpty && name.utf8.allSatisfy { isLetterOrDigit($0) || ".-_".utf8.contains($0) }
    return isGood ? name : nil
  }

  /// Without its port, as `--allowed-host` wants it.
  static func bareName(_ host: some StringProtocol) -> String {
    let text = String(host)
    guard let end = endOfName(text.utf8.span) else { return text }
    return String(decoding: Array(text.utf8.prefix(end)), as: UTF8.self)
  }

  /// Whether a request with this `Host` is answered. Only HTTP/1.0 has requests without one, which no browser sends.
  func allow(_ host: String?) -> Bool {
    guard let names, let host else { return true }
    // Every request comes by here: a span's bytes are there at once, those of a slice of a string are asked for one by one.
    let bytes = host.utf8.span
    guard let end = Self.endOfName(bytes) else { return false }
    return Self.isLoopback(bytes, end) || names.contains { Self.equal(bytes, end, $0) }
  }

  // MARK: Parts

  /// Bytes of the name, without a port; nil where what follows the name is no port.
  private static func endOfName(_ host: Span<UInt8>) -> Int? {
    var end = host.count
    if !host.isEmpty, host[0] == UInt8(ascii: "[") {
      guard let bracket = host.indices.first(where: { host[$0] == UInt8(ascii: "]") }) else { return nil }
      end = bracket + 1
    } else if let colon = host.indices.first(where: { host[$0] == UInt8(ascii: ":") }) {
      end = colon
    }
    if end < host.count {
      guard host[end] == UInt8(ascii: ":"), (end + 1..<host.count).allSatisfy({ isDigit(host[$0]) }) else { return nil }
    }
    // A name that ends with a point is the same name.
    return end > 0 && host[end - 1] == UInt8(ascii: ".") ? end - 1 : end
  }

  /// A name that every machine calls itself by. None of digits and points alone can be another machine's name.
  private static func isLoopback(_ host: Span<UInt8>, _ end: Int) -> Bool {
    if equal(host, end, "localhost") || equal(host, end, "[::1]") { return true }
    return end >= 4 && equal(host, 4, "127.")
      && (4..<end).allSatisfy { isDigit(host[$0]) || host[$0] == UInt8(ascii: ".") }
  }

  private static func isLoopback(address: String) -> Bool {
    let resolved = (try? SocketAddress.makeAddressResolvingHost(address, port: 0))?.ipAddress
    return resolved == "::1" || resolved?.hasPrefix("127.") == true
  }

  /// Whether the first `end` bytes are this name.
  /// - Parameter lower: without capital letters.
  @inline(__always)
  private static func equal(_ host: Span<UInt8>, _ end: Int, _ lower: String) -> Bool {
    let letters = lower.utf8.span
    guard letters.count == end else { return false }
    return letters.indices.allSatisfy { index in
      let byte = host[index]
      return (byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte) == letters[index]
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 26
  }
}
