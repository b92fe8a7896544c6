internal import NIOHTTP1

extension Problem {
  static func bodyTooLarge(limit: Int) -> Problem {
    Problem(413, "too-large", "the body is larger than \(limit) bytes: send several requests, or a stream")
  }

  /// What is wrong with a head, before anybody looks at what it is for; nil where nothing is.
  init?(of head: HTTPRequestHead, limits: Limits) {
    guard head.version.major == 1 else {
      self = Problem(505, "http-version", "HTTP/\(head.version.major).\(head.version.minor) is not spoken here")
      return
    }
    guard head.uri.utf8.count <= limits.target else {
      self = Problem(414, "target-too-long", "the path and query are longer than \(limits.target) bytes")
      return
    }
    let isHostRequired = head.version.minor > 0
    guard head.headers[canonicalForm: "host"].count == 1 || (!isHostRequired && !head.headers.contains(name: "host"))
    else {
      self = Problem(400, "host", "a request has one Host header")
      return
    }
    if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > limits.body,
      !head.uri.hasPrefix("/api/predict/stream")
    {
      self = .bodyTooLarge(limit: limits.body)
      return
    }
    return nil
  }

  /// Why the parser gave up; nil where it is no matter of the protocol, such as a lost connection.
  init?(ofParser error: any Error) {
    guard let error = error as? HTTPParserError else { return nil }
    switch error {
    case .headerOverflow: self = Problem(431, "headers-too-large", "the headers are too large")
    case .invalidVersion: self = Problem(505, "http-version", "this version of HTTP is not spoken here")
    default: self = Problem(400, "malformed-request", "this is not HTTP/1.1")
    }
  }
}
