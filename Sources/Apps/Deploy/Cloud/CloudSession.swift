public import HTTPClient
internal import Learners

/// Asks an OpenStack cloud as one user: with a token that is renewed when the cloud does not know it any more, and again
/// where a fault passes.
///
/// Only tokens and questions leave it; passwords go to Keystone alone. Redirects must not be followed by the exchange: a
/// token is for the addresses of the catalog.
public final class CloudSession {
  private let exchange: any HTTPExchange
  internal let credentials: Credentials
  internal let clock: any DeployClock
  internal weak let observer: (any DeployObserver)?
  private let seed: UInt64
  private var token: String?
  private var catalog: Catalog?
  private var calls = 0

  /// Nova's version of 2018 (Rocky) and later: names of flavors in servers, tags, and faults in words.
  static let computeVersion = "2.67"

  public init(
    _ credentials: Credentials, exchange: any HTTPExchange, clock: any DeployClock, observer: (any DeployObserver)?,
    seed: UInt64 = 0
  ) {
    self.credentials = credentials
    self.exchange = exchange
    self.clock = clock
    self.observer = observer
    self.seed = seed
  }

  // MARK: Calls

  /// Asks until there is an answer.
  /// - Parameter accepting: statuses beyond 2xx that are answers, too.
  internal func send(_ call: CloudCall, accepting: Set<Int> = []) throws(DeployError) -> CloudAnswer {
    do { return try attempt(call, accepting: accepting) } catch { throw error.error }
  }

  /// Makes something once, although the cloud has no means to tell a question that is repeated from another one.
  ///
  /// Where it is not known whether it was made (no answer, or one that a broken machine gives), and where the cloud says
  /// that it is there (409), it is looked for before anything is asked again.
  internal func make<Made>(
    _ call: CloudCall, lookup: () throws(DeployError) -> Made?, reading: (JSONValue) -> Made?
  ) throws(DeployError) -> Made {
    var patience = CloudPatience(seed: seed, call: calls)
    while true {
      do throws(CallFailure) {
        let answer = try attempt(call)
        if let made = reading(answer.json) { return made }
        if let found = try found(lookup) { return found }
        throw .impossible(
          DeployError(.badData, "\(call.purpose): the answer is not what OpenStack documents", advice: "run it again"))
      } catch {
        switch error {
        case .impossible(let error): throw error
        case .refused(let error, let status):
          guard status == 409, let found = try lookup() else { throw error }
          return found
        case .uncertain(let error):
          guard let seconds = patience.wait() else { throw error }
          wait(error.what, seconds)
          if let found = try lookup() { return found }
        }
      }
    }
  }

  private func found<Made>(_ lookup: () throws(DeployError) -> Made?) throws(CallFailure) -> Made? {
    do { return try lookup() } catch { throw .impossible(error) }
  }

  /// All elements of a list, page after page.
  internal func list(
    _ service: CloudService, _ path: String, key: String, query: [(name: String, value: String)] = [], purpose: String
  ) throws(DeployError) -> [JSONValue] {
    var elements: [JSONValue] = []
    var page = query
    var markers: Set<String> = []
    while true {
      let answer = try send(CloudCall("GET", service, path, query: page, purpose: purpose))
      guard let found = answer.json[key] else {
        throw DeployError(
          .badData, "\(purpose): the answer has no “\(key)”", advice: "check the addresses of the cloud's catalog")
      }
      elements += found.elements
      guard let next = Self.nextPage(answer.json, key: key) else { return elements }
      let marker = next.first { $0.name == "marker" }?.value ?? ""
      // A cloud that gives the same page again and again must not keep us for ever.
      guard markers.insert(marker).inserted, !marker.isEmpty else { return elements }
      page = query.filter { own in !next.contains { $0.name == own.name } } + next
    }
  }

  /// The query of the link to the next page. Its host may be one that only the cloud's own machines reach.
  private static func nextPage(_ json: JSONValue, key: String) -> [(name: String, value: String)]? {
    let links = json["\(key)_links"]?.elements ?? []
    let next = links.first { $0["rel"]?.text == "next" }?["href"]?.text ?? json["next"]?.text
    guard let next, let mark = next.firstIndex(of: "?") else { return nil }
    return next[next.index(after: mark)...].split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { unescaped($0) }
      return (parts[0], parts.count > 1 ? parts[1] : "")
    }
  }

  // MARK: One call

  private func attempt(_ call: CloudCall, accepting: Set<Int> = []) throws(CallFailure) -> CloudAnswer {
    calls += 1
    var patience = CloudPatience(seed: seed, call: calls)
    var isRenewed = false
    while true {
      let request = try request(call)
      guard let response = try answer(to: request, call, &patience) else { continue }
      let json = JSONValue(parsing: response.body)
      switch response.status {
      case 200..<300: return CloudAnswer(status: response.status, json: json ?? .null)
      case _ where accepting.contains(response.status):
        return CloudAnswer(status: response.status, json: json ?? .null)
      case 401 where !isRenewed:
        isRenewed = true
        token = nil
      case 429:
        try pause(call, CloudFault.message(of: json) ?? "the cloud wants fewer requests", response, &patience)
      case 500..<600:
        let reason = CloudFault.message(of: json) ?? "the cloud answers \(response.status)"
        guard call.isRepeatable else {
          throw .uncertain(CloudFault.error(call, status: response.status, message: reason))
        }
        try pause(call, reason, response, &patience)
      default:
        throw .refused(
          CloudFault.error(call, status: response.status, message: CloudFault.message(of: json)),
          status: response.status)
      }
    }
  }

  /// Waits after a request without an answer, or gives up.
  private func passing(_ error: HTTPError, _ call: CloudCall, _ patience: inout CloudPatience) throws(CallFailure) {
    let failure = Self.failure(error, call)
    switch error.stage {
    // Nothing was asked.
    case .resolve, .connect: break
    case .timeout, .interrupted, .protocolViolation:
      guard call.isRepeatable else { throw .uncertain(failure) }
    case .address, .tls, .tooLarge, .redirect, .cancelled: throw .impossible(failure)
    }
    guard let seconds = patience.wait() else { throw .impossible(failure) }
    wait(failure.what, seconds)
  }

  private func pause(
    _ call: CloudCall, _ reason: String, _ response: HTTPResponse, _ patience: inout CloudPatience
  ) throws(CallFailure) {
    let asked = response.headers["retry-after"].flatMap(Double.init)
    guard let seconds = patience.wait(asked: asked) else {
      throw .refused(CloudFault.error(call, status: response.status, message: reason), status: response.status)
    }
    wait("\(call.purpose): \(reason)", seconds)
  }

  private func wait(_ reason: String, _ seconds: Double) {
    observer?.waits(for: "\(reason): once more in \(Int(seconds.rounded(.up))) s")
    clock.sleep(seconds: seconds)
  }

  private static func failure(_ error: HTTPError, _ call: CloudCall) -> DeployError {
    let advice =
      switch error.stage {
      case .tls: "name the certificate authority with OS_CACERT"
      case .address, .redirect: "check OS_AUTH_URL and the cloud's catalog"
      default: "check the network, and run the same command again: it goes on"
      }
    return DeployError(.unavailable, "\(call.purpose): \(error)", advice: advice)
  }

  private func request(_ call: CloudCall) throws(CallFailure) -> HTTPRequest {
    do throws(DeployError) {
      let (token, catalog) = try authenticated()
      var headers = [HTTPHeader("X-Auth-Token", token), HTTPHeader("Accept", "application/json")]
      if call.service == .compute {
        headers.append(HTTPHeader("OpenStack-API-Version", "compute \(Self.computeVersion)"))
      }
      if call.body != nil { headers.append(HTTPHeader("Content-Type", "application/json")) }
      let query = call.query.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }.joined(separator: "&")
      let url = try catalog.address(of: call.service) + call.path + (query.isEmpty ? "" : "?\(query)")
      return HTTPRequest(call.method, url, headers: headers, body: call.body?.bytes)
    } catch {
      throw .impossible(error)
    }
  }

  // MARK: Tokens

  private func authenticated() throws(DeployError) -> (token: String, catalog: Catalog) {
    if let token, let catalog { return (token, catalog) }
    let purpose = "\(credentials.description) at \(credentials.identityURL)"
    let call = CloudCall("GET", .identity, "", purpose: purpose)
    var patience = CloudPatience(seed: seed, call: calls)
    while true {
      let request = HTTPRequest(
        "POST", credentials.identityURL + "/auth/tokens", headers: [HTTPHeader("Content-Type", "application/json")],
        body: credentials.request.bytes)
      do throws(CallFailure) {
        // A token that was asked for twice is two tokens: nothing is lost.
        guard let response = try answer(to: request, call, &patience) else { continue }
        if response.status != 429 && response.status < 500 { return try read(response, purpose) }
        try pause(call, "Keystone answers \(response.status)", response, &patience)
      } catch {
        throw error.error
      }
    }
  }

  /// nil after a wait, where there is none.
  private func answer(
    to request: HTTPRequest, _ call: CloudCall, _ patience: inout CloudPatience
  ) throws(CallFailure) -> HTTPResponse? {
    do throws(HTTPError) { return try exchange.send(request) } catch {
      try passing(error, call, &patience)
      return nil
    }
  }

  private func read(_ response: HTTPResponse, _ purpose: String) throws(CallFailure) -> (String, Catalog) {
    do { return try token(of: response, purpose) } catch { throw .impossible(error) }
  }

  private func token(of response: HTTPResponse, _ purpose: String) throws(DeployError) -> (String, Catalog) {
    let json = JSONValue(parsing: response.body)
    guard response.status == 201, let json, let token = response.headers["x-subject-token"] else {
      let reason = CloudFault.message(of: json) ?? "the answer is \(response.status) and no token"
      let advice =
        response.status == 401
        ? "check user, password and project: source the RC file again"
        : "check OS_AUTH_URL: it is the address of Keystone, such as https://cloud.example.org:5000/v3"
      throw DeployError(response.status == 401 ? .noPermission : .unavailable, "\(purpose): \(reason)", advice: advice)
    }
    let catalog = try Catalog(json, region: credentials.region, interface: credentials.interface)
    (self.token, self.catalog) = (token, catalog)
    return (token, catalog)
  }
}

/// The text of a part of a query.
private func unescaped(_ text: Substring) -> String {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    if byte == UInt8(ascii: "%"), rest.count >= 2,
      let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
    {
      bytes.append(value)
      rest = rest.dropFirst(2)
    } else {
      bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
