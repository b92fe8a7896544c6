public import HTTPClient
internal import Learners
internal import Repositories

/// Asks GitHub one thing at a time, as slowly as it wants, and again where a fault passes.
///
/// The token is no part of it: the HTTP client adds it to requests to the API's own origin and to no other.
public final class GitHubClient {
  public struct Settings: Sendable {
    /// Without a slash at its end.
    public var api = "https://api.github.com"
    /// Seconds between two searches; other requests come after half of it.
    public var searchInterval = 2.0
    /// Seconds of failure after which it stops trying.
    public var giveUpAfter = 7_200.0
    /// Of the jitter.
    public var seed: UInt64 = 0

    public init() {}
  }

  private let exchange: any HTTPExchange
  private let token: Token?
  internal let settings: Settings
  private let clock: any WallClock
  private weak let observer: (any ExtractionObserver)?
  private var paces: [Resource: Pace] = [:]
  /// Whether an answer was ever good: then the token is.
  private var hasBeenAnswered = false
  /// Sent so far.
  internal private(set) var requests = 0
  /// Answers 304: what did not have to be sent.
  internal private(set) var unchanged = 0

  public init(
    exchange: any HTTPExchange, token: Token?, settings: Settings, clock: any WallClock,
    observer: (any ExtractionObserver)?
  ) {
    self.exchange = exchange
    self.token = token
    self.settings = settings
    self.clock = clock
    self.observer = observer
    for resource in Resource.allCases {
      let interval = settings.searchInterval / (resource == .search ? 1 : 2)
      paces[resource] = Pace(interval: interval, countsFromAnswer: clock.isSimulated)
    }
  }

  internal var hasToken: Bool { token != nil }
  internal var now: Timestamp { clock.now }
  internal func interval(_ resource: Resource) -> Double { paces[resource]?.interval ?? 0 }

  /// What GitHub said last about its limits.
  internal func limits(_ resource: Resource) -> (remaining: Int?, reset: Timestamp?) {
    (paces[resource]?.remaining, paces[resource]?.reset)
  }

  /// What came of a request.
  internal enum Outcome<Content> {
    case content(Content, Answer)
    case notModified(Answer)
    /// A smaller question may be answered.
    case tooMuch(String)
  }

  /// What a body turned out to be.
  internal enum Reading<Content> {
    case whole(Content)
    /// GitHub ran out of time: asked again, it may find more.
    case incomplete(Content)
  }

  /// Sends a request until there is an answer to work with.
  ///
  /// - Parameter read: what the body holds; it throws where the body is not what GitHub documents.
  /// - Throws: `ExtractionError` where GitHub refuses for good, or has not answered for `giveUpAfter`.
  internal func ask<Content>(
    _ resource: Resource, _ request: HTTPRequest, reading read: (Answer) throws(DataError) -> Reading<Content>
  ) throws(ExtractionError) -> Outcome<Content> {
    var patience = makePatience()
    var hasDoubtedToken = false
    while true {
      try waitForTurn(resource, &patience)
      switch attempt(resource, request, read) {
      case .done(let outcome): return outcome
      case .failed(let error): throw error
      case .unknownToken(let error):
        // Now and then GitHub does not know a token that it knew a moment ago.
        guard hasBeenAnswered, !hasDoubtedToken else { throw error }
        hasDoubtedToken = true
        try pause("GitHub does not know the token that it knew before (401): once more", 5, &patience)
      case .again(let reason, let fault, let last):
        if let seconds = patience.wait(after: fault) {
          try pause(reason, seconds, &patience)
        } else if let last {
          return last
        } else {
          throw ExtractionError(
            .badData, "\(request.url.prefix { $0 != "?" }): \(reason), again and again",
            advice: "check --api and what is between here and there")
        }
      }
    }
  }

  /// Seconds that nobody needs to be told of: a little more than what GitHub wants between two searches.
  private static let silentPause = 2.01

  internal func makePatience() -> Patience {
    Patience(giveUpAfter: settings.giveUpAfter, seed: settings.seed, request: requests)
  }

  private enum Attempt<Content> {
    case done(Outcome<Content>)
    case failed(ExtractionError)
    /// GitHub does not know the token.
    case unknownToken(ExtractionError)
    /// With what there is, should it never get better.
    case again(String, RequestFault, Outcome<Content>?)
  }

  private func attempt<Content>(
    _ resource: Resource, _ request: HTTPRequest, _ read: (Answer) throws(DataError) -> Reading<Content>
  ) -> Attempt<Content> {
    let answer: Answer
    do { answer = try send(request, resource) } catch { return failure(error, resource) }
    switch Verdict(answer, from: resource) {
    case .content:
      hasBeenAnswered = true
      return content(of: answer, read)
    case .notModified:
      guard request.headers.contains(where: { $0.name == "If-None-Match" }) else {
        return .again("GitHub says that nothing changed, which nobody asked (304)", .damaged, nil)
      }
      unchanged += 1
      return .done(.notModified(answer))
    case .limited(let reason, let seconds): return .again(reason, .limited(seconds: seconds), nil)
    case .passing(let reason): return .again(reason, .passing, nil)
    case .tooMuch(let reason): return .done(.tooMuch(reason))
    case .refused(let code, let what, let advice):
      let error = ExtractionError(code, what, advice: advice)
      return answer.status == 401 && hasToken ? .unknownToken(error) : .failed(error)
    }
  }

  private func content<Content>(
    of answer: Answer, _ read: (Answer) throws(DataError) -> Reading<Content>
  ) -> Attempt<Content> {
    do throws(DataError) {
      switch try read(answer) {
      case .whole(let content): return .done(.content(content, answer))
      case .incomplete(let content):
        return .again("GitHub's search ran out of time", .incomplete, .content(content, answer))
      }
    } catch {
      let place = error.location.column.map { "\($0): " } ?? ""
      return .again("the answer is not what GitHub documents (\(place)\(shown(error.what)))", .damaged, nil)
    }
  }

  private func send(_ request: HTTPRequest, _ resource: Resource) throws(HTTPError) -> Answer {
    requests += 1
    paces[resource]?.sent(at: clock.now)
    do {
      let response = try exchange.send(request)
      let answer = Answer(withoutToken(response, url: request.url), received: clock.now)
      paces[resource]?.answered(at: answer.received, answer)
      return answer
    } catch {
      paces[resource]?.answered(at: clock.now, nil)
      throw error
    }
  }

  private func withoutToken(_ response: HTTPResponse, url: String) -> HTTPResponse {
    guard let token else { return response }
    let fields = response.headers.fields.map { HTTPHeader($0.name, token.removed(from: $0.value)) }
    return HTTPResponse(
      status: response.status, headers: HTTPHeaders(fields), body: token.removed(from: response.body), url: url)
  }

  /// What a request that got no answer means.
  private func failure<Content>(_ error: HTTPError, _ resource: Resource) -> Attempt<Content> {
    let reason = token?.removed(from: error.description) ?? error.description
    switch error.stage {
    case .resolve, .connect, .interrupted: return .again(reason, .passing, nil)
    case .timeout: return resource == .graphQL ? .done(.tooMuch(reason)) : .again(reason, .passing, nil)
    case .protocolViolation, .tooLarge: return .again(reason, .damaged, nil)
    case .address: return .failed(ExtractionError(.usage, reason, advice: "check --api"))
    case .tls:
      return .failed(
        ExtractionError(.unavailable, reason, advice: "give the certificate authority with --cacert, or check --api"))
    case .redirect: return .failed(ExtractionError(.unavailable, reason, advice: "check --api"))
    case .cancelled:
      return .failed(ExtractionError(.unavailable, reason, advice: "run the same command again: it goes on"))
    }
  }

  private func waitForTurn(_ resource: Resource, _ patience: inout Patience) throws(ExtractionError) {
    guard let turn = paces[resource]?.next(now: clock.now) else { return }
    if turn.limit != nil {
      try pause("the requests that GitHub allows for now are used up", turn.pause, &patience)
    } else {
      if turn.pause > Self.silentPause {
        observer?.waits(
          "requests are \(Int(interval(resource).rounded())) s apart", until: clock.now.adding(turn.pause))
      }
      clock.sleep(seconds: turn.pause)
    }
  }

  internal func pause(_ reason: String, _ seconds: Double, _ patience: inout Patience) throws(ExtractionError) {
    let end = clock.now.adding(seconds)
    guard !patience.isExhausted(now: clock.now, wait: seconds) else {
      throw ExtractionError(
        .unavailable, "\(reason), until \(end) at least: that is longer than --give-up-after",
        advice: "run the same command again later: it goes on where it was")
    }
    observer?.waits(reason, until: end)
    clock.sleep(seconds: seconds)
  }
}
