import Extraction
import HTTPClient
import Repositories
import Testing

@Suite struct GitHubClientTests {
  private let clock = JumpingClock()
  private let listener = Listener()

  private func client(
    _ exchange: ScriptedExchange, token: Token? = nil, giveUpAfter: Double = 7_200
  ) -> GitHubClient {
    var settings = GitHubClient.Settings()
    settings.giveUpAfter = giveUpAfter
    return GitHubClient(exchange: exchange, token: token, settings: settings, clock: clock, observer: listener)
  }

  /// Asks for the plan of a search that finds two repositories, which is one request if all goes well.
  @discardableResult
  private func ask(_ client: GitHubClient) throws -> Int {
    try Extractor.plan(client: client, settings: Extractor.Settings()).matching
  }

  private static let good = HTTPResponse.search(total: 2, [(1, 90), (2, 80)])

  @Test func searchesAreTwoSecondsApart() throws {
    let exchange = ScriptedExchange(clock) { _, _ in Self.good }
    let client = client(exchange)
    for _ in 0..<5 { try ask(client) }
    for (first, second) in zip(exchange.asked, exchange.asked.dropFirst()) {
      #expect(second.time.secondsSince1970 - first.time.secondsSince1970 >= 2)
    }
  }

  @Test func requestsAreWhatGitHubWants() throws {
    let exchange = ScriptedExchange(clock) { _, _ in Self.good }
    try ask(client(exchange))
    let request = try #require(exchange.asked.first?.request)
    #expect(
      request.url
        == "https://api.github.com/search/repositories?q=is%3Apublic%20stars%3A%3E%3D50&sort=stars&order=desc&per_page=1&page=1"
    )
    #expect(request.headers.contains(HTTPHeader("Accept", "application/vnd.github+json")))
  }

  /// Until the second behind the reset, and no attempt before.
  @Test func aPrimaryLimitIsWaitedFor() throws {
    let exchange = ScriptedExchange(clock) { [clock] _, number in
      guard number == 0 else { return Self.good }
      let reset = Int(clock.now.secondsSince1970) + 600
      return HTTPResponse(403, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset)])
    }
    #expect(try ask(client(exchange)) == 2)
    #expect(exchange.asked.count == 2)
    #expect(exchange.asked[1].time.days(since: exchange.asked[0].time) * 86_400 >= 599)
    #expect(listener.waits.contains { $0.reason.contains("used up") })
  }

  /// Where the last answer says that nothing is left, nobody tries.
  @Test func nothingIsAskedWhereNothingRemains() throws {
    let exchange = ScriptedExchange(clock) { [clock] _, number in
      let reset = Int(clock.now.secondsSince1970) + 50
      let left = HTTPHeaders([
        HTTPHeader("x-ratelimit-remaining", "0"), HTTPHeader("x-ratelimit-reset", String(reset)),
      ])
      return HTTPResponse(status: 200, headers: number == 0 ? left : HTTPHeaders([]), body: Self.good.body, url: "")
    }
    let client = client(exchange)
    try ask(client)
    try ask(client)
    #expect(exchange.asked.count == 2)
    #expect(exchange.asked[1].time.days(since: exchange.asked[0].time) * 86_400 >= 50)
  }

  /// A minute, then two, then four.
  @Test func aSilentSecondaryLimitIsWaitedForLongerEachTime() throws {
    let exchange = ScriptedExchange(clock) { _, number in
      number < 3 ? HTTPResponse(403, body: #"{"message":"You have exceeded a secondary rate limit"}"#) : Self.good
    }
    try ask(client(exchange))
    let times = exchange.asked.map(\.time.secondsSince1970)
    for (index, least) in [60.0, 120, 240].enumerated() {
      #expect(times[index + 1] - times[index] >= least)
      #expect(times[index + 1] - times[index] < least + 5)
    }
  }

  @Test func passingFaultsAreTriedAgainMoreAndMoreSlowly() throws {
    let exchange = ScriptedExchange(clock) { request, number throws(HTTPError) in
      switch number {
      case 0: throw HTTPError(stage: .resolve, url: request.url, reason: "no such host")
      case 1: throw HTTPError(stage: .connect, url: request.url, reason: "refused")
      case 2: throw HTTPError(stage: .timeout, url: request.url, reason: "slow")
      case 3: throw HTTPError(stage: .interrupted, url: request.url, reason: "cut")
      case 4: return HTTPResponse(502)
      case 5: return HTTPResponse(200, body: #"{"total_count": 2, "items": [{"#)
      case 6: return HTTPResponse.search(total: 2, [(1, 90)], isIncomplete: true)
      default: return Self.good
      }
    }
    #expect(try ask(client(exchange)) == 2)
    #expect(exchange.asked.count == 8)
    #expect(listener.waits.count == 7)
    let times = exchange.asked.map(\.time.secondsSince1970)
    // Back-off 2^n seconds with jitter of half: the seventh is at least 32 s.
    #expect(times[7] - times[6] >= 30)
  }

  @Test func itGivesUpWhenItSaysSo() throws {
    let exchange = ScriptedExchange(clock) { request, _ throws(HTTPError) in
      throw HTTPError(stage: .connect, url: request.url, reason: "refused")
    }
    let start = clock.now
    let error = try #require(throws: ExtractionError.self) { try ask(client(exchange, giveUpAfter: 600)) }
    #expect(error.code == .unavailable)
    #expect(error.description.contains("refused") && error.description.contains("--give-up-after"))
    #expect(clock.now.secondsSince1970 - start.secondsSince1970 <= 600)
    #expect(exchange.asked.count > 8)
  }

  /// A limit that ends later than anybody wants to wait is an error at once.
  @Test func aLimitOfADayIsNotWaitedFor() throws {
    let exchange = ScriptedExchange(clock) { _, _ in HTTPResponse(429, ["Retry-After": "86400"]) }
    #expect(throws: ExtractionError.self) { try ask(client(exchange)) }
    #expect(exchange.asked.count == 1)
  }

  @Test func senselessAnswersAreNotAskedForForEver() throws {
    for body in ["", "[]", "<html>", #"{"total_count":"2","items":[]}"#, "{\"a\":\"\u{0}\"}"] {
      let exchange = ScriptedExchange(clock) { _, _ in HTTPResponse(200, body: body) }
      let error = try #require(throws: ExtractionError.self) { try ask(client(exchange)) }
      #expect(error.code == .badData, "\(error)")
      #expect(exchange.asked.count == 6)
    }
    let exchange = ScriptedExchange(clock) { _, _ in HTTPResponse(304) }
    #expect(throws: ExtractionError.self) { try ask(client(exchange)) }
  }

  @Test func someFaultsEndItAtOnce() throws {
    for stage in [HTTPError.Stage.address, .tls, .redirect, .cancelled] {
      let exchange = ScriptedExchange(clock) { request, _ throws(HTTPError) in
        throw HTTPError(stage: stage, url: request.url, reason: "no")
      }
      #expect(throws: ExtractionError.self) { try ask(client(exchange)) }
      #expect(exchange.asked.count == 1, "\(stage)")
    }
  }

  /// A server that sends the token back finds it neither in what is stored nor in what is said.
  @Test func theTokenIsTakenOutOfAnswers() throws {
    let token = try Token("ghp_0123456789", from: "test")
    let exchange = ScriptedExchange(clock) { _, _ in
      HTTPResponse(422, body: #"{"message":"bad ghp_0123456789 ghp_0123456789"}"#)
    }
    let error = try #require(throws: ExtractionError.self) { try ask(client(exchange, token: token)) }
    #expect(!error.description.contains("ghp_") && error.description.contains("xxxx"))
    #expect("\(token)" == "token" && !String(reflecting: token).contains("ghp"))
  }

  /// Two seconds between searches are no news; all longer waits are said.
  @Test func everyLongWaitIsSaid() throws {
    let exchange = ScriptedExchange(clock) { _, _ in Self.good }
    let usual = client(exchange)
    for _ in 0..<3 { try ask(usual) }
    #expect(listener.waits.isEmpty)
    var settings = GitHubClient.Settings()
    settings.searchInterval = 30
    let slow = GitHubClient(exchange: exchange, token: nil, settings: settings, clock: clock, observer: listener)
    for _ in 0..<2 { try ask(slow) }
    #expect(listener.waits.count == 1 && listener.waits[0].reason.contains("30 s apart"))
  }
}
