internal import Learners

/// By which keys a host is known. At first by the one that it was given for its first boot, which any process of the host can
/// read at the cloud's metadata address; then by one that it has made itself, and that never leaves it.
extension KeyFolder {
  private struct OwnKey {
    let server: String
    /// Whether the host has shown that it uses it.
    let isProven: Bool
    let publicKey: String

    init(server: String, isProven: Bool, publicKey: String) {
      (self.server, self.isProven, self.publicKey) = (server, isProven, publicKey)
    }

    init?(_ line: Substring) {
      let words = line.split(separator: " ", maxSplits: 2).map(String.init)
      guard words.count == 3 else { return nil }
      self.init(server: words[0], isProven: words[1] == "proven", publicKey: words[2])
    }

    var line: String { "\(server) \(isProven ? "proven" : "promised") \(publicKey)\n" }
  }

  private func file(_ role: Role) -> String { "\(path)/host-\(role.rawValue).own" }

  /// Of this very server: another one of that name has made none of them.
  private func ownKeys(_ role: Role, of server: String) -> [OwnKey] {
    let bytes = (try? InputFile(reading: file(role)).bytes) ?? []
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .compactMap(OwnKey.init).filter { $0.server == server }
  }

  /// - Parameter server: its id; nil where there is none.
  package func hasOwnKey(_ role: Role, of server: String?) -> Bool {
    server.map { ownKeys(role, of: $0).contains(where: \.isProven) } ?? false
  }

  /// Public halves, without comments. While the host changes its key they are several: a change that was stopped anywhere leaves it known.
  package func knownKeys(_ role: Role, of server: String?) throws(DeployError) -> [String] {
    let own = server.map { ownKeys(role, of: $0) } ?? []
    if let proven = own.last(where: \.isProven) { return [proven.publicKey] }
    let first = try hostPublicKey(role).split(separator: " ").prefix(2).joined(separator: " ")
    return [first] + own.map(\.publicKey)
  }

  /// A host says that it is going to use this key.
  func promise(_ publicKey: String, _ role: Role, of server: String) throws(DeployError) {
    let keys = ownKeys(role, of: server) + [OwnKey(server: server, isProven: false, publicKey: publicKey)]
    try writeText(keys.map(\.line).joined(), to: file(role))
  }

  /// It was seen to use it: it is known by this one alone from now on.
  func prove(_ publicKey: String, _ role: Role, of server: String) throws(DeployError) {
    try writeText(OwnKey(server: server, isProven: true, publicKey: publicKey).line, to: file(role))
  }

  package func writeKnownHosts(_ servers: [Role: String]) throws(DeployError) {
    var lines = ""
    for role in Role.allCases {
      for key in try knownKeys(role, of: servers[role]) { lines += "\(alias(role)) \(key)\n" }
    }
    try writeText(lines, to: knownHosts)
  }
}
