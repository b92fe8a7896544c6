/// A header that proves who asks, and the only place that may see it.
public struct HTTPCredential: Sendable {
  /// Scheme, host and port, such as `https://api.github.com`; a path behind them has no meaning.
  public var origin: String
  public var header: HTTPHeader

  public init(origin: String, header: HTTPHeader) {
    self.origin = origin
    self.header = header
  }
}

/// How a client behaves. All limits are for one `send`, redirects included.
public struct HTTPConfiguration: Sendable {
  /// Sent as `User-Agent`.
  public var userAgent: String
  /// Added to requests to their origin, also behind a redirect, and to no other.
  public var credentials: [HTTPCredential] = []
  /// A file of certificates in PEM form to trust in place of the system's.
  public var certificateAuthority: String?
  /// To resolve, connect and agree on encryption.
  public var connectTimeout: Duration = .seconds(15)
  /// From the call to the last byte.
  public var totalTimeout: Duration = .seconds(120)
  /// Without a byte in either direction.
  public var stallTimeout: Duration = .seconds(30)
  /// Bytes of the answer's body, before and after decompression.
  public var maximumBodySize = 64 << 20
  /// Bytes of the answer's head, all lines together.
  public var maximumHeaderSize = 64 << 10
  public var maximumRedirects = 5
  /// Where a connection that was used before ends without an answer, libcurl sends the request once more by itself,
  /// POST too. Without reuse it never does: for servers that must not do a thing twice.
  public var reusesConnections = true

  public init(userAgent: String) { self.userAgent = userAgent }
}
