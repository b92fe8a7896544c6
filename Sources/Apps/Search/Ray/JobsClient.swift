internal import FoundationEssentials
package import HTTPClient

/// Ray's Jobs API, as far as a search needs it. Calls block and may come from any thread.
///
/// An error of code `unavailable` may pass: nobody answered, or the server had a problem of its own.
package struct JobsClient: Sendable {
  package let address: String
  /// Of Ray, such as 2.60.0.
  package let version: String
  /// Whether a token is asked for.
  package let isGuarded: Bool
  private let client: any HTTPExchange
  private let token: RayToken?

  /// Finds out whether Ray answers and lets us in. The token is only shown to one that asks for it.
  package init(_ address: String, token: RayToken?) throws(SearchError) {
    let plain = try HTTPClient.forRay(address, nil)
    try self.init(
      address, token: token, open: plain,
      guarded: try token.map { token throws(SearchError) in try HTTPClient.forRay(address, token) })
  }

  /// - Parameters:
  ///   - open: asks without a token.
  ///   - guarded: asks with it; nil where there is none.
  package init(_ address: String, token: RayToken?, open: any HTTPExchange, guarded: (any HTTPExchange)?)
    throws(SearchError)
  {
    let address = String(address.reversed().drop { $0 == "/" }.reversed())
    self.address = address
    self.token = token
    var response = try Self.send(HTTPRequest("GET", "\(address)/api/version"), over: open)
    isGuarded = response.status == 401
    if isGuarded, let guarded { response = try Self.send(HTTPRequest("GET", "\(address)/api/version"), over: guarded) }
    client = isGuarded ? guarded ?? open : open
    try Self.check(response, address, token)
    struct Answer: Decodable { let ray_version: String }
    guard response.status == 200, let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body)) else {
      throw SearchError(
        .unavailable, "\(address): it answers, but not as Ray's dashboard does (status \(response.status))",
        advice: "give the address of the dashboard of the cluster's head, as http://HEAD:8265")
    }
    version = answer.ray_version
    if let token, !isGuarded, !Self.knowsTokens(version) {
      throw SearchError(
        .unavailable,
        "\(address): Ray \(version) knows no tokens, so \(token.source) protects nothing: whoever reaches it runs programs there",
        advice: "use Ray 2.52 or newer with RAY_AUTH_MODE=token, or take the token away to go on all the same")
    }
  }

  /// Tokens came with 2.52.
  private static func knowsTokens(_ version: String) -> Bool {
    let parts = version.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
    guard parts.count >= 2 else { return true }
    return parts[0] > 2 || (parts[0] == 2 && parts[1] >= 52)
  }

  // MARK: Packages

  func has(package name: String) throws(SearchError) -> Bool {
    let response = try call("GET", "/api/packages/gcs/\(name)")
    if response.status == 404 { return false }
    try expect(response, "package \(name)")
    return true
  }

  func upload(_ bytes: [UInt8], as name: String) throws(SearchError) {
    let response = try call("PUT", "/api/packages/gcs/\(name)", body: bytes)
    if response.status == 413 { throw ShippedPackage.tooLarge(bytes.count, "\(address) takes no more") }
    try expect(response, "package \(name)")
  }

  // MARK: Jobs

  struct Job: Decodable, Sendable {
    enum Status: String, Decodable, Sendable {
      case pending = "PENDING"
      case running = "RUNNING"
      case succeeded = "SUCCEEDED"
      case failed = "FAILED"
      case stopped = "STOPPED"
    }

    /// Nil for what was not submitted through this API.
    let submission_id: String?
    let status: Status
    let message: String?
    let metadata: [String: String]?

    var isOver: Bool { status != .pending && status != .running }
  }

  /// - Parameter packages: the folder to work in, and a further one on Python's path.
  func submit(
    _ id: String, _ entrypoint: String, packages: (folder: String, further: String), metadata: [String: String]
  ) throws(SearchError) {
    struct Environment: Encodable {
      let working_dir: String
      let py_modules: [String]
    }
    struct Submission: Encodable {
      let submission_id: String
      let entrypoint: String
      let runtime_env: Environment
      let metadata: [String: String]
    }
    let submission = Submission(
      submission_id: id, entrypoint: entrypoint,
      runtime_env: Environment(working_dir: "gcs://\(packages.folder)", py_modules: ["gcs://\(packages.further)"]),
      metadata: metadata)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let body = try? encoder.encode(submission) else { preconditionFailure("a submission has no JSON form") }
    // The path ends with a slash; without it there is no such page.
    let response = try call("POST", "/api/jobs/", body: Array(body))
    // An answer that was lost: the job is there already.
    if response.status == 500, Self.text(response).contains("already exists") { return }
    try expect(response, "job \(id)")
  }

  /// - Returns: nil for one that the cluster does not know.
  func job(_ id: String) throws(SearchError) -> Job? {
    let response = try call("GET", "/api/jobs/\(id)")
    if response.status == 404 { return nil }
    try expect(response, "job \(id)")
    return try decode(Job.self, response)
  }

  func jobs() throws(SearchError) -> [Job] {
    let response = try call("GET", "/api/jobs/")
    try expect(response, "jobs")
    return try decode([Job].self, response)
  }

  /// What a job has written so far, all of it. Nil for one that the cluster does not know.
  func log(_ id: String) throws(SearchError) -> String? {
    let response = try call("GET", "/api/jobs/\(id)/logs")
    if response.status == 404 { return nil }
    try expect(response, "job \(id)")
    struct Log: Decodable { let logs: String? }
    return try decode(Log.self, response).logs ?? ""
  }

  func stop(_ id: String) throws(SearchError) {
    _ = try call("POST", "/api/jobs/\(id)/stop")
  }

  /// - Returns: whether it is gone: only one that is over can be taken away.
  func delete(_ id: String) throws(SearchError) -> Bool {
    [200, 404].contains(try call("DELETE", "/api/jobs/\(id)").status)
  }

  // MARK: Answers

  private func call(_ method: String, _ path: String, body: [UInt8]? = nil) throws(SearchError) -> HTTPResponse {
    let headers = method == "POST" ? [HTTPHeader("Content-Type", "application/json")] : []
    let response = try Self.send(HTTPRequest(method, address + path, headers: headers, body: body), over: client)
    try Self.check(response, address, token)
    return response
  }

  private func expect(_ response: HTTPResponse, _ what: String) throws(SearchError) {
    guard response.status != 200 else { return }
    throw SearchError(
      .unavailable, "\(address): \(what): Ray answers \(response.status): \(Self.text(response))",
      advice: "see what the cluster's dashboard says")
  }

  private func decode<Answer: Decodable>(_ type: Answer.Type, _ response: HTTPResponse) throws(SearchError) -> Answer {
    if let answer = try? JSONDecoder().decode(type, from: Data(response.body)) { return answer }
    throw SearchError(
      .unavailable, "\(address): Ray \(version) answers what this program does not know",
      advice: "use a version of Ray that was tried: see docs/search.md")
  }

  private static func send(_ request: HTTPRequest, over client: any HTTPExchange) throws(SearchError) -> HTTPResponse {
    do { return try client.send(request) } catch {
      throw SearchError(
        error.stage == .address ? .usage : .unavailable, "\(error)",
        advice: "check that Ray's dashboard can be reached from here (ssh -L 8265:localhost:8265 HEAD)")
    }
  }

  private static func check(_ response: HTTPResponse, _ address: String, _ token: RayToken?) throws(SearchError) {
    guard response.status == 401 || response.status == 403 else { return }
    guard let token else {
      throw SearchError(
        .noPermission, "\(address): Ray asks for a token, and there is none here",
        advice: "set RAY_AUTH_TOKEN or RAY_AUTH_TOKEN_PATH, or put it into ~/.ray/auth_token")
    }
    throw SearchError(
      .noPermission, "\(address): Ray refuses the token of \(token.source)", advice: "take the one of this cluster")
  }

  /// What an error says at its end, where Python says what it is.
  private static func text(_ response: HTTPResponse) -> String {
    let lines = String(decoding: response.body.suffix(4000), as: UTF8.self).split(whereSeparator: \.isNewline)
    return String((lines.last ?? "nothing").prefix(300))
  }
}

extension HTTPClient {
  fileprivate static func forRay(_ address: String, _ token: RayToken?) throws(SearchError) -> HTTPClient {
    var configuration = HTTPConfiguration(userAgent: "learners")
    // A package over a slow line, or the predictions of a large job.
    configuration.totalTimeout = .seconds(900)
    configuration.maximumBodySize = 1 << 30
    configuration.maximumRedirects = 0
    if let token {
      configuration.credentials = [
        HTTPCredential(origin: address, header: HTTPHeader("Authorization", "Bearer \(token.text)"))
      ]
    }
    do { return try HTTPClient(configuration: configuration) } catch {
      throw SearchError(
        .usage, "--ray \(error)", advice: "give an address as http://HEAD:8265, and a token of printable letters")
    }
  }
}
