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

  /// Whether a request with this `Host` is answered. Only HTTP/1.0 has requests without one, which no browser sends.
  func allow(_ host: String?) -> Bool {
    guard let names, let host else { return true }
    guard let name = Self.withoutPort(host.utf8) else { return false }
    return Self.isLoopback(name) || names.contains { Self.equal(name, $0.utf8) }
  }

  // MARK: Parts

  private typealias Name = Substring.UTF8View

  /// nil where what follows the name is no port.
  private static func withoutPort(_ host: String.UTF8View) -> Name? {
    var end = host.endIndex
    if host.first == UInt8(ascii: "[") {
      guard let bracket = host.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      end = host.index(after: bracket)
    } else if let colon = host.firstIndex(of: UInt8(ascii: ":")) {
      end = colon
    }
    let port = host[end...]
    guard port.isEmpty || (port.first == UInt8(ascii: ":") && port.dropFirst().allSatisfy(isDigit)) else { return nil }
    let name = host[..<end]
    // A name that ends with a point is the same name.
    return name.last == UInt8(ascii: ".") ? name.dropLast() : name
  }

  /// A name that every machine calls itself by. None of digits and points alone can be another machine's name.
  private static func isLoopback(_ name: Name) -> Bool {
    if equal(name, "localhost".utf8) || equal(name, "[::1]".utf8) { return true }
    return name.starts(with: "127.".utf8) && name.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") }
  }

  private static func isLoopback(address: String) -> Bool {
    let resolved = (try? SocketAddress.makeAddressResolvingHost(address, port: 0))?.ipAddress
    return resolved == "::1" || resolved?.hasPrefix("127.") == true
  }

  /// - Parameter lower: without capital letters.
  private static func equal(_ name: Name, _ lower: String.UTF8View) -> Bool {
    name.elementsEqual(lower) { byte, letter in (byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte) == letter }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 26
  }
}
