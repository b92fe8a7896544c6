/// A line of the head of a request or an answer.
public struct HTTPHeader: Sendable, Hashable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// What is asked. Nothing is checked before it is sent.
public struct HTTPRequest: Sendable {
  public var method: String
  /// Absolute, `http` or `https`, without user or password, percent-encoded where it has to be.
  public var url: String
  public var headers: [HTTPHeader]
  public var body: [UInt8]?

  public init(_ method: String = "GET", _ url: String, headers: [HTTPHeader] = [], body: [UInt8]? = nil) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}

/// The head of an answer, in its order.
public struct HTTPHeaders: Sendable {
  public let fields: [HTTPHeader]

  public init(_ fields: [HTTPHeader]) { self.fields = fields }

  /// The value of a header whatever the case of its name; several of one name are joined by commas (RFC 9110, 5.2).
  public subscript(name: String) -> String? {
    let name = name.lowercased()
    let values = fields.filter { $0.name.lowercased() == name }.map(\.value)
    return values.isEmpty ? nil : values.joined(separator: ", ")
  }
}

/// A whole answer. That it is there says nothing about its status: 404 and 500 are answers too.
public struct HTTPResponse: Sendable {
  public let status: Int
  public let headers: HTTPHeaders
  /// Decompressed.
  public let body: [UInt8]
  /// Where the answer came from, after redirects.
  public let url: String

  public init(status: Int, headers: HTTPHeaders, body: [UInt8], url: String) {
    self.status = status
    self.headers = headers
    self.body = body
    self.url = url
  }
}

/// Something that answers requests: the network, or what a test puts in its place.
public protocol HTTPExchange: Sendable {
  func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse
}
