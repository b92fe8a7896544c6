/// "owner/name" as GitHub allows it: nothing in it can lead to another address than that repository's.
package struct RepositoryName: Sendable, Hashable, CustomStringConvertible {
  package let owner: String
  package let name: String

  package var description: String { owner + "/" + name }
  /// GitHub does not tell upper from lower case.
  var key: String { description.lowercased() }

  /// nil for anything else than two words. An owner has letters, digits, hyphens and the underscore of managed users, at
  /// most 39, and begins with a letter or digit; a name has letters, digits, `-`, `_` and `.`, at most 100, and is neither
  /// `.` nor `..`.
  package init?(_ text: some StringProtocol) {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let (owner, name) = (String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self))
    guard (1...39).contains(owner.utf8.count), (1...100).contains(name.utf8.count), name != ".", name != "..",
      let first = owner.utf8.first, isAlphanumeric(first),
      owner.utf8.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }),
      name.utf8.allSatisfy({ isAlphanumeric($0) || "-_.".utf8.contains($0) })
    else { return nil }
    (self.owner, self.name) = (owner, name)
  }

  /// Also understands what people copy: the address of a repository's page, or of something on it, and ".git" behind it.
  package init?(pasted text: some StringProtocol) {
    var rest = Substring(text)
    if rest.lowercased().hasPrefix("git@github.com:") {
      rest = rest.dropFirst("git@github.com:".count)
    } else {
      for scheme in ["https://", "http://"] where rest.lowercased().hasPrefix(scheme) {
        rest = rest.dropFirst(scheme.count)
      }
      for host in ["www.github.com/", "github.com/"] where rest.lowercased().hasPrefix(host) {
        rest = rest.dropFirst(host.count).prefix { $0 != "?" && $0 != "#" }
        // Behind owner and name comes what of the repository is looked at.
        rest = Substring(rest.split(separator: "/", omittingEmptySubsequences: false).prefix(2).joined(separator: "/"))
      }
    }
    if rest.hasSuffix(".git") { rest = rest.dropLast(4) }
    self.init(rest)
  }
}

private func isAlphanumeric(_ byte: UInt8) -> Bool {
  (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
}
