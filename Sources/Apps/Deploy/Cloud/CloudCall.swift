/// A service of the cloud, as its catalog calls it.
internal enum CloudService: String, Sendable, Hashable {
  case compute, network, image, identity

  /// The version that a catalog's address may lack.
  var version: String? {
    switch self {
    case .network: "v2.0"
    case .image: "v2"
    case .identity: "v3"
    // Nova's address has it, with the project behind it in older clouds.
    case .compute: nil
    }
  }
}

/// A question to a service.
internal struct CloudCall: Sendable {
  var method: String
  var service: CloudService
  /// Begins with a slash; behind the service's version.
  var path: String
  var query: [(name: String, value: String)] = []
  var body: JSONValue?
  /// What is done, for messages: “the server prod is made”.
  var purpose: String

  init(
    _ method: String = "GET", _ service: CloudService, _ path: String, query: [(name: String, value: String)] = [],
    body: JSONValue? = nil, purpose: String
  ) {
    self.method = method
    self.service = service
    self.path = path
    self.query = query
    self.body = body
    self.purpose = purpose
  }

  /// Doing it twice is the same as doing it once.
  var isRepeatable: Bool { method != "POST" }
}

internal struct CloudAnswer: Sendable {
  let status: Int
  let json: JSONValue
}

/// Why a call did not come to its end.
internal enum CallFailure: Error {
  /// It may have been done, and may not: look before doing it again.
  case uncertain(DeployError)
  /// The cloud says no; the status of its answer.
  case refused(DeployError, status: Int)
  /// Nothing was asked, or asking has no sense any more.
  case impossible(DeployError)

  var error: DeployError {
    switch self {
    case .uncertain(let error), .refused(let error, _), .impossible(let error): error
    }
  }
}
