/// A password or token. It has no description: what prints it prints “secret”.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  /// For the request that proves who asks, and for nothing else.
  internal let text: String

  public init(_ text: String) { self.text = text }

  public var description: String { "secret" }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
