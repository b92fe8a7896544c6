internal import CCurl

/// Who is talked to: what may be told to one origin may not be told to another.
internal struct Origin: Sendable, Hashable {
  let scheme: String
  let host: String
  let port: String
}

/// An http or https URL that libcurl has taken apart, so that what was checked is what is asked.
internal struct Address: Sendable {
  /// In normal form, without a fragment.
  let url: String
  let origin: Origin

  init(_ text: String) throws(HTTPError) {
    self = try Address(text, from: nil)
  }

  /// - Parameter location: what a redirect says, absolute or relative to this address.
  func resolving(_ location: String) throws(HTTPError) -> Address {
    do {
      return try Address(location, from: url)
    } catch {
      throw HTTPError(stage: .redirect, url: url, reason: "it redirects to \(error.url): \(error.reason)")
    }
  }

  private init(_ text: String, from base: String?) throws(HTTPError) {
    func refused(_ reason: String) -> HTTPError { HTTPError(stage: .address, url: text, reason: reason) }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      throw refused("a URL has neither spaces nor control characters")
    }
    guard text.utf8.count <= 8000 else { throw refused("the URL is longer than 8,000 bytes") }
    guard let parts = unsafe curl_url() else { throw refused("no memory") }
    defer { unsafe curl_url_cleanup(parts) }
    for piece in [base, text].compactMap(\.self) where unsafe curl_url_set(parts, CURLUPART_URL, piece, 0) != CURLUE_OK
    {
      throw refused("it is not a URL with a scheme, a host and valid parts")
    }
    unsafe curl_url_set(parts, CURLUPART_FRAGMENT, nil, 0)
    guard unsafe part(CURLUPART_USER, of: parts) == nil && part(CURLUPART_PASSWORD, of: parts) == nil else {
      throw refused("a URL must not hold a user or password")
    }
    guard let url = unsafe part(CURLUPART_URL, of: parts), let scheme = unsafe part(CURLUPART_SCHEME, of: parts),
      ["http", "https"].contains(scheme), let host = unsafe part(CURLUPART_HOST, of: parts),
      let port = unsafe part(CURLUPART_PORT, of: parts)
    else { throw refused("only http and https are spoken") }
    self.url = url
    origin = Origin(scheme: scheme, host: host.lowercased(), port: port)
  }
}

private func part(_ kind: CURLUPart, of parts: OpaquePointer) -> String? {
  var text: UnsafeMutablePointer<CChar>?
  guard unsafe curl_url_get(parts, kind, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let found = unsafe text else {
    return nil
  }
  defer { unsafe curl_free(found) }
  return unsafe String(cString: found)
}
