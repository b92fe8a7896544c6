/// Pages of other servers that may send requests here and read the answers (CORS), as `Origin` names them.
package struct AllowedOrigins: Sendable, Hashable {
  private let names: Set<String>

  /// Nobody but this server's own pages.
  package static let none = AllowedOrigins([])

  /// - Parameter names: as `name(parsing:)` returns them; `*` for any.
  package init(_ names: [String]) { self.names = Set(names) }

  /// `https://app.example.org`, with a port where it is none of the usual; nil for what is none.
  package static func name(parsing text: String) -> String? {
    guard text != "*" else { return text }
    let lower = text.lowercased()
    guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else { return nil }
    let rest = lower.dropFirst(scheme.count)
    guard !rest.isEmpty, !rest.contains(where: { "/?#@ ".contains($0) || $0.isWhitespace }) else { return nil }
    return lower
  }

  func allow(_ origin: String) -> Bool {
    !names.isEmpty && (names.contains("*") || names.contains(origin.lowercased()))
  }
}
