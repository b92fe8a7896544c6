/// Why there is no answer.
public struct HTTPError: Error, Sendable, CustomStringConvertible {
  public enum Stage: Sendable, Hashable {
    /// The request itself: a URL, method or header that cannot be sent. Nothing was.
    case address
    /// No address for the name of the host or proxy.
    case resolve
    /// Nobody accepts connections there.
    case connect
    /// No encryption, or a certificate that is not trusted.
    case tls
    /// Not connected, no byte, or not done in the time allowed.
    case timeout
    /// The answer is not HTTP, or not encoded as it says.
    case protocolViolation
    /// The answer's head or body is larger than allowed.
    case tooLarge
    /// A redirect that must not be followed, or too many.
    case redirect
    /// `HTTPClient.cancel()` was called.
    case cancelled
    /// The connection was cut before the answer was complete.
    case interrupted
  }

  public let stage: Stage
  /// Without what may be secret in it: user, password, and the values of the query.
  public let url: String
  /// For a person; free of control characters, never holds a header of the request.
  public let reason: String

  /// - Parameter url: any text; what is kept of it is safe to show.
  public init(stage: Stage, url: String, reason: String) {
    self.stage = stage
    self.url = shownURL(url)
    self.reason = String(
      String.UnicodeScalarView(reason.unicodeScalars.filter { $0.properties.generalCategory != .control }))
  }

  public var description: String { "\(url): \(stage.words): \(reason)" }
}

extension HTTPError.Stage {
  fileprivate var words: String {
    switch self {
    case .address: "cannot be asked for"
    case .resolve: "host not found"
    case .connect: "no connection"
    case .tls: "no trusted TLS connection"
    case .timeout: "no answer in time"
    case .protocolViolation: "broken answer"
    case .tooLarge: "answer too large"
    case .redirect: "redirect not followed"
    case .cancelled: "cancelled"
    case .interrupted: "connection cut"
    }
  }
}

/// Scheme, host, port and path of a URL; of a query only that it is there. Control characters are left out.
private func shownURL(_ url: String) -> String {
  let plain = String(String.UnicodeScalarView(url.unicodeScalars.filter { $0.properties.generalCategory != .control }))
  let end = plain.firstIndex { $0 == "?" || $0 == "#" } ?? plain.endIndex
  var shown = plain[..<end]
  if let start = shown.firstRange(of: "://")?.upperBound {
    // Whatever an unusual parser could take for a password goes: up to the last @ before a slash.
    let authority = shown[start...].prefix { $0 != "/" && $0 != "\\" }
    if let at = authority.lastIndex(of: "@") { shown.removeSubrange(start...at) }
  }
  let short = shown.prefix(500)
  return short + (short.count < shown.count ? "…" : "") + (end < plain.endIndex && plain[end] == "?" ? "?…" : "")
}
