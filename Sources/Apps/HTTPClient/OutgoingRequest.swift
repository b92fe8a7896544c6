/// A request that has been checked, with the headers that its origin may see.
internal struct OutgoingRequest {
  private(set) var method: String
  private(set) var address: Address
  private(set) var body: [UInt8]?
  private var headers: [HTTPHeader]
  private let credentials: Credentials

  init(_ request: HTTPRequest, credentials: Credentials) throws(HTTPError) {
    address = try Address(request.url)
    func refused(_ reason: String) -> HTTPError { HTTPError(stage: .address, url: request.url, reason: reason) }
    guard isToken(request.method) else { throw refused("the method is not a word") }
    for header in request.headers where !header.isValid {
      throw refused("a header cannot be sent: its name is not a word or its value has control characters")
    }
    method = request.method
    headers = request.headers
    body = request.body
    self.credentials = credentials
  }

  /// What is sent to the present address.
  var sentHeaders: [HTTPHeader] {
    let own = Set(headers.map { $0.name.lowercased() })
    return headers + credentials.headers(for: address.origin).filter { !own.contains($0.name.lowercased()) }
  }

  /// Whether everybody on the way could read what proves who asks: nobody but the host itself may be on it then.
  var showsSecrets: Bool { address.origin.scheme == "http" && sentHeaders.contains(where: credentials.isSecret) }

  /// The request that a redirect asks for. Nothing is sent without TLS that was asked for with it, and what proves who
  /// asks stays with the origin that it was meant for, also when a later redirect leads back.
  func redirected(status: Int, to location: String) throws(HTTPError) -> OutgoingRequest {
    var next = self
    next.address = try address.resolving(location)
    guard address.origin.scheme == "http" || next.address.origin.scheme == "https" else {
      throw HTTPError(stage: .redirect, url: address.url, reason: "it redirects from https to http")
    }
    if next.address.origin != address.origin { next.headers.removeAll(where: credentials.isSecret) }
    // As browsers do: a 303 is fetched with GET, and so is what follows a POST, but for 307 and 308.
    if (status == 303 && method != "HEAD") || (status < 303 && method == "POST") {
      next.method = "GET"
      next.body = nil
      next.headers.removeAll { $0.name.lowercased() == "content-type" }
    }
    return next
  }
}

/// What proves who asks, by the origin that may see it.
internal struct Credentials: Sendable {
  private var headers: [Origin: [HTTPHeader]] = [:]
  private var names: Set = ["authorization", "cookie", "proxy-authorization"]

  init(_ credentials: [HTTPCredential]) throws(HTTPError) {
    for credential in credentials {
      guard credential.header.isValid else {
        throw HTTPError(stage: .address, url: credential.origin, reason: "its credential cannot be sent as a header")
      }
      headers[try Address(credential.origin).origin, default: []].append(credential.header)
      names.insert(credential.header.name.lowercased())
    }
  }

  func headers(for origin: Origin) -> [HTTPHeader] { headers[origin] ?? [] }

  func isSecret(_ header: HTTPHeader) -> Bool { names.contains(header.name.lowercased()) }
}

extension HTTPHeader {
  /// Whether it is one line, as RFC 9110 has it: nothing in it can end the line and begin another.
  internal var isValid: Bool { isToken(name) && value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 } }
}

private func isToken(_ text: String) -> Bool {
  !text.isEmpty
    && text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
      }
    }
}
