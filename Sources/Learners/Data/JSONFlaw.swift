/// Why bytes are not the JSON that they have to be.
package struct JSONFlaw: Error {
  package enum Kind: Sendable {
    /// It is no JSON at all.
    case syntax
    /// It is JSON, but not of the form or type that is due there.
    case value
    /// There is more of something than may be.
    case excess
  }

  package let kind: Kind
  package let what: String
  /// The byte at which it was noticed.
  package let offset: Int

  package init(kind: Kind = .syntax, what: String, offset: Int) {
    self.kind = kind
    self.what = what
    self.offset = offset
  }
}
