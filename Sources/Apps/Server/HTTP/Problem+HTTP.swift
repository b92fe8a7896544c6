internal import NIOHTTP1

extension Problem {
  static func bodyTooLarge(limit: Int) -> Problem {
    Problem(413, "too-large", "the body is larger than \(limit) bytes: send several requests, or a stream")
  }

  static var noRoomForBody: Problem {
    Problem(
      503, "busy", "too many large bodies are on their way at the same time: send this again a little later",
      headers: [("retry-after", "1")])
  }

  static func otherHost(_ host: String) -> Problem {
    Problem(
      421, "host-not-allowed",
      "this server does not answer to the name “\(host.prefix(100))”, which was in Host: whoever runs it can allow it with "
        + "learners serve --allowed-host \(AllowedHosts.bareName(host.prefix(100)))"
    )
  }

  static func otherOrigin(_ origin: String, host: String) -> Problem {
    Problem(
      403, "origin",
      "pages of other servers may not send this: it comes from a page of “\(origin.prefix(100))”, this server was asked as "
        + "“\(host.prefix(100))”: a proxy has to pass the Host of its visitors on; a page elsewhere is allowed with "
        + "learners serve --allowed-origin \(origin.prefix(100))")
  }

  /// What is wrong with a head, before anybody looks at what it is for; nil where nothing is.
  init?(of head: HTTPRequestHead, _ facts: HeaderFacts, _ site: Site) {
    guard head.version.major == 1 else {
      self = Problem(505, "http-version", "HTTP/\(head.version.major).\(head.version.minor) is not spoken here")
      return
    }
    guard head.uri.utf8.count <= site.limits.target else {
      self = Problem(414, "target-too-long", "the path and query are longer than \(site.limits.target) bytes")
      return
    }
    guard facts.hostCount == 1 || (facts.hostCount == 0 && head.version.minor == 0) else {
      self = Problem(400, "host", "a request has one Host header")
      return
    }
    guard site.limits.hosts.allow(facts.host) else {
      self = .otherHost(facts.host ?? "")
      return
    }
    let isReading = head.method == .GET || head.method == .HEAD
    guard isReading || !facts.isFromElsewhere || site.limits.origins.allow(facts.origin ?? "") else {
      self = .otherOrigin(facts.origin ?? "", host: facts.host ?? "")
      return
    }
    guard facts.transferEncoding != nil || facts.contentEncoding != nil else { return nil }
    self.init(ofCodings: facts, isOldProtocol: head.version.minor == 0)
  }

  /// The answer where no route is known that would have a form of its own.
  func answer(at path: String?) -> WebAnswer {
    path == "/v2" || path?.hasPrefix("/v2/") == true ? inferenceAnswer : answer
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
