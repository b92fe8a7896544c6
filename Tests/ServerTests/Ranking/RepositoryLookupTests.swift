import Extraction
import HTTPClient
import Repositories
import Server
import Synchronization
import Testing

@Suite struct RepositoryLookupTests {
  @Test func asksOnceAMinuteAndThenWhetherItChanged() throws {
    let (network, clock) = (Network([.repository("x/y", etag: "\"1\"")]), StoppedClock())
    let lookup = lookup(network, clock)
    let name = try #require(RepositoryName("x/y"))
    #expect(stars(lookup.find([name], detailed: false)) == [7])
    #expect(stars(lookup.find([RepositoryName("X/Y")!], detailed: false)) == [7])
    #expect(network.requests.count == 1)
    clock.advance(61)
    network.answers = [.init(status: 304)]
    #expect(stars(lookup.find([name], detailed: false)) == [7])
    #expect(network.requests.last?.headers.contains(HTTPHeader("If-None-Match", "\"1\"")) == true)
    #expect(network.requests.count == 2)
    #expect(stars(lookup.find([name], detailed: false)) == [7])
    #expect(network.requests.count == 2)
  }

  @Test func remembersThatThereIsNone() throws {
    let network = Network([.init(status: 404, body: #"{"message":"Not Found"}"#)])
    let lookup = lookup(network, StoppedClock())
    for _ in 0..<2 { #expect(failures(lookup.find([RepositoryName("x/y")!], detailed: false)) == [.unknown]) }
    #expect(network.requests.count == 1)
  }

  @Test func doesNotAskWhereTheLimitIsReached() throws {
    let headers = [
      HTTPHeader("x-ratelimit-limit", "60"), HTTPHeader("x-ratelimit-remaining", "0"),
      HTTPHeader("x-ratelimit-reset", "\(Int(StoppedClock.start) + 600)"),
    ]
    let (network, clock) = (
      Network([.init(status: 403, headers: headers, body: #"{"message":"rate limit"}"#)]), StoppedClock()
    )
    let lookup = lookup(network, clock)
    let found = failures(lookup.find([RepositoryName("x/y")!, RepositoryName("x/z")!], detailed: false))
    #expect(network.requests.count == 1)
    #expect(found.count == 2)
    for failure in found {
      guard case .limited(let until?) = failure else { return #expect(Bool(false), "\(failure)") }
      #expect(abs(until.secondsSince1970 - StoppedClock.start - 600) <= 1)
    }
    #expect(lookup.allowance.remaining == 0)
    clock.advance(602)
    network.answers = [.repository("x/y")]
    #expect(stars(lookup.find([RepositoryName("x/y")!], detailed: false)) == [7])
  }

  @Test func tellsWhatItKnewWhereGitHubCannotBeReached() throws {
    let (network, clock) = (Network([.repository("x/y")]), StoppedClock())
    let lookup = lookup(network, clock)
    _ = lookup.find([RepositoryName("x/y")!], detailed: false)
    clock.advance(100)
    network.answers = []
    let findings = lookup.find([RepositoryName("x/y")!, RepositoryName("x/z")!], detailed: false)
    guard case .found(_, let since?) = findings[0], case .failed(.unreachable) = findings[1] else {
      return #expect(Bool(false), "\(findings)")
    }
    #expect(since.secondsSince1970 == StoppedClock.start)
    // The second is not asked for: nobody is there.
    #expect(network.requests.count == 2)
  }

  /// Each repository is a question of its own: what is cut off or late says nothing of the next one.
  @Test(arguments: [HTTPError.Stage.interrupted, .timeout, .protocolViolation])
  func oneThatFailsLeavesTheOthersAlone(stage: HTTPError.Stage) throws {
    let fault = Network.Reply(status: 0, fault: stage)
    let network = Network([fault] + (stage == .interrupted ? [fault] : []) + [.repository("x/z")])
    let findings = lookup(network, StoppedClock()).find(
      [RepositoryName("x/y")!, RepositoryName("x/z")!], detailed: false)
    guard case .failed(.offline) = findings[0], case .found = findings[1] else {
      return #expect(Bool(false), "\(findings)")
    }
  }

  /// The operator's token may see what visitors must not.
  @Test func hidesWhatIsPrivate() throws {
    let network = Network([.repository("x/y", more: #","private":true"#)])
    #expect(failures(lookup(network, StoppedClock()).find([RepositoryName("x/y")!], detailed: false)) == [.unknown])
  }

  @Test func tellsThatTheTokenIsRefused() throws {
    let network = Network([.init(status: 401, body: #"{"message":"Bad credentials"}"#)])
    #expect(
      failures(lookup(network, StoppedClock()).find([RepositoryName("x/y")!], detailed: false)) == [.tokenRefused])
  }

  @Test(arguments: ["", "{", "[]", #"{"full_name":"../x"}"#, #"{"full_name":5}"#, #"{"stargazers_count":1}"#])
  func refusesAnswersThatAreNoRepository(body: String) throws {
    let network = Network([.init(status: 200, body: body)])
    guard
      case .refused = failures(lookup(network, StoppedClock()).find([RepositoryName("x/y")!], detailed: false)).first
    else { return #expect(Bool(false)) }
  }

  @Test func forgetsTheOldest() throws {
    let network = Network(["a", "b", "c", "a"].map { .repository("x/\($0)") })
    let lookup = lookup(network, StoppedClock()) { $0.capacity = 2 }
    for name in ["x/a", "x/b", "x/c", "x/c", "x/a"] { _ = lookup.find([RepositoryName(name)!], detailed: false) }
    #expect(network.requests.map { String($0.url.suffix(3)) } == ["x/a", "x/b", "x/c", "x/a"])
  }

  private func lookup(
    _ network: Network, _ clock: StoppedClock, _ change: (inout RepositoryLookup.Settings) -> Void = { _ in }
  ) -> RepositoryLookup {
    var settings = RepositoryLookup.Settings()
    change(&settings)
    return RepositoryLookup(exchange: network, token: nil, settings: settings, clock: clock)
  }

  private func stars(_ findings: [Finding]) -> [Double?] {
    findings.map { if case .found(let record, _) = $0 { record.stars } else { nil } }
  }

  private func failures(_ findings: [Finding]) -> [LookupFailure] {
    findings.compactMap { if case .failed(let failure) = $0 { failure } else { nil } }
  }
}

/// Answers in the order in which they are written down; without any, nobody is there.
private final class Network: HTTPExchange {
  struct Reply {
    var status: Int
    /// No answer, but this.
    var fault: HTTPError.Stage?
    var headers: [HTTPHeader] = []
    var body = ""

    static func repository(_ name: String, etag: String? = nil, more: String = "") -> Reply {
      Reply(
        status: 200, headers: etag.map { [HTTPHeader("etag", $0)] } ?? [],
        body: #"{"id":1,"full_name":"\#(name)","stargazers_count":7,"forks_count":3\#(more)}"#)
    }
  }

  private let state: Mutex<(answers: [Reply], requests: [HTTPRequest])>

  init(_ answers: [Reply]) { state = Mutex((answers, [])) }

  var requests: [HTTPRequest] { state.withLock(\.requests) }
  var answers: [Reply] {
    get { state.withLock(\.answers) }
    set { state.withLock { $0.answers = newValue } }
  }

  func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let reply = state.withLock { state -> Reply? in
      state.requests.append(request)
      return state.answers.isEmpty ? nil : state.answers.removeFirst()
    }
    if let fault = reply?.fault { throw HTTPError(stage: fault, url: request.url, reason: "as planned") }
    guard let reply else { throw HTTPError(stage: .connect, url: request.url, reason: "nobody is there") }
    return HTTPResponse(
      status: reply.status, headers: HTTPHeaders(reply.headers), body: Array(reply.body.utf8), url: request.url)
  }
}

private final class StoppedClock: WallClock {
  static let start = 1_790_000_000.0

  private let seconds = Mutex(StoppedClock.start)

  var now: Timestamp { Timestamp(secondsSince1970: seconds.withLock(\.self)) }
  var isSimulated: Bool { true }

  func sleep(seconds: Double) { advance(seconds) }
  func advance(_ duration: Double) { seconds.withLock { $0 += duration } }
}
