package import Extraction
package import HTTPClient
internal import Learners
package import Repositories
internal import Synchronization

/// Asks GitHub about single repositories for people who wait: one request at a time, without waiting for limits, and
/// not at all where the answer is known.
///
/// An answer is good for a minute; after that GitHub is asked whether it changed, which costs nothing of the limit where
/// it did not (and there is a token). Where GitHub cannot be asked, the last answer is given with its time.
package final class RepositoryLookup: Sendable {
  package struct Settings: Sendable {
    /// Without a slash at its end.
    package var api = "https://api.github.com"
    /// Seconds for which an answer is taken as it is.
    package var freshFor = 60.0
    /// Seconds for all repositories of one question.
    package var patience = 25.0
    /// Repositories that are remembered.
    package var capacity = 1_000
    /// Questions at the same time; more are turned away.
    package var questions = 2

    package init() {}
  }

  private struct State {
    var cache: RepositoryCache
    var allowance: GitHubAllowance
    /// GitHub wants nobody to come before.
    var pause: Timestamp?
    var questions = 0
  }

  private let exchange: any HTTPExchange
  private let token: Token?
  private let settings: Settings
  private let clock: any WallClock
  private let state: Mutex<State>

  /// - Parameter exchange: adds the token to requests to the API's own origin and to no other.
  package init(exchange: any HTTPExchange, token: Token?, settings: Settings, clock: any WallClock) {
    self.exchange = exchange
    self.token = token
    self.settings = settings
    self.clock = clock
    state = Mutex(
      State(
        cache: RepositoryCache(capacity: settings.capacity), allowance: GitHubAllowance(hasToken: token != nil)))
  }

  /// The limit as far as it is known; once it is renewed, nothing is.
  package var allowance: GitHubAllowance {
    let now = clock.now
    return state.withLock { state in
      if let reset = state.allowance.reset, reset <= now {
        (state.allowance.remaining, state.allowance.reset) = (nil, nil)
      }
      return state.allowance
    }
  }

  package var now: Timestamp { clock.now }

  /// One finding for each name, in their order. It blocks the thread while GitHub answers.
  /// - Parameter detailed: whether what only GraphQL tells is asked for as well; that takes a token.
  package func find(_ names: [RepositoryName], detailed: Bool) -> [Finding] {
    let isAdmitted = state.withLock { state in
      guard state.questions < settings.questions else { return false }
      state.questions += 1
      return true
    }
    guard isAdmitted else { return names.map { _ in .failed(.busy) } }
    defer { state.withLock { $0.questions -= 1 } }
    let deadline = clock.now.secondsSince1970 + settings.patience
    var offline: LookupFailure?
    var findings: [Finding] = []
    for name in names {
      if offline == nil && clock.now.secondsSince1970 > deadline { offline = .unreachable("it takes too long") }
      findings.append(find(name, unless: &offline))
    }
    if detailed && token != nil && offline == nil { addDetails(&findings, names) }
    return findings
  }

  /// - Parameter offline: why nobody needs to be asked; set where that is found out.
  private func find(_ name: RepositoryName, unless offline: inout LookupFailure?) -> Finding {
    let (known, pause) = state.withLock { ($0.cache.entry(name), $0.pause) }
    let now = clock.now
    if let known, now.secondsSince1970 - known.received.secondsSince1970 < settings.freshFor {
      return known.record.map { .found($0, since: nil) } ?? .failed(.unknown)
    }
    let failure: LookupFailure
    if let offline {
      failure = offline
    } else if let pause = [pause, exhaustion].compactMap(\.self).max(), pause > now {
      failure = .limited(until: pause)
    } else {
      switch ask(name, known) {
      case .failed(let reason) where reason.passes:
        // Nobody else is asked where GitHub cannot be reached. A fault with one repository says nothing of the others.
        if case .unreachable = reason { offline = reason }
        failure = reason
      case let finding: return finding
      }
    }
    guard let known, let record = known.record else { return .failed(failure) }
    return .found(record, since: known.received)
  }

  /// Until when nothing is left of the limit.
  private var exhaustion: Timestamp? {
    let allowance = allowance
    return allowance.remaining == 0 ? allowance.reset : nil
  }

  private func ask(_ name: RepositoryName, _ known: RepositoryCache.Entry?) -> Finding {
    var headers = Self.headers
    if let etag = known?.etag { headers.append(HTTPHeader("If-None-Match", etag)) }
    let request = HTTPRequest("GET", "\(settings.api)/repos/\(name.owner)/\(name.name)", headers: headers)
    switch send(request) {
    case .failure(let failure): return .failed(failure)
    case .success(let answer):
      switch answer.status {
      case 404, 410: return keep(nil, answer, name)
      case 451: return .failed(.blocked)
      case 304: return known.map { keep($0.record, answer, name, etag: $0.etag) } ?? .failed(.refused("not modified"))
      default: return read(answer, name)
      }
    }
  }

  private func read(_ answer: Answer, _ name: RepositoryName) -> Finding {
    struct Visibility: Decodable { let `private`: Bool? }
    do throws(DataError) {
      let file = InputFile(name: "GitHub's answer", bytes: answer.body)
      // A token may see what is not public. This page must not show it.
      let isPrivate = try file.json(Visibility.self).private ?? false
      let record = try file.json(RepositoryRecord.self)
      guard record.fullName.flatMap({ RepositoryName($0) }) != nil || isPrivate else {
        return .failed(.refused("the answer is no repository"))
      }
      return keep(isPrivate ? nil : record, answer, name, etag: answer.etag)
    } catch {
      return .failed(.refused("the answer is not what GitHub documents"))
    }
  }

  private func keep(_ record: RepositoryRecord?, _ answer: Answer, _ name: RepositoryName, etag: String? = nil)
    -> Finding
  {
    state.withLock { state in
      let isSame = answer.status == 304 && state.cache.entry(name)?.hasDetails == true
      state.cache.keep(
        .init(record: record, etag: etag, received: answer.received, hasDetails: isSame), of: name)
    }
    return record.map { .found($0, since: nil) } ?? .failed(.unknown)
  }
}

extension RepositoryLookup {
  private static let headers = [
    HTTPHeader("Accept", "application/vnd.github+json"), HTTPHeader("X-GitHub-Api-Version", "2022-11-28"),
  ]

  /// Sends a request, a second time where a fault passes by itself. Content, 304 and what is said about one repository
  /// are answers; all else is a failure.
  private func send(_ request: HTTPRequest, resource: Resource = .core) -> Result<Answer, LookupFailure> {
    var last = LookupFailure.offline("")
    for _ in 0..<2 {
      let response: HTTPResponse
      do throws(HTTPError) { response = try exchange.send(request) } catch {
        let reason = token?.removed(from: error.description) ?? error.description
        switch error.stage {
        case .address, .resolve, .connect, .tls: return .failure(.unreachable(reason))
        // Somebody was there: what came of this question says nothing of others.
        default: last = .offline(reason)
        }
        guard error.stage == .interrupted else { break }
        continue
      }
      let answer = Answer(response, received: clock.now)
      note(answer, limit: response.headers["x-ratelimit-limit"].flatMap { Int($0) }, resource)
      if resource == .core && [404, 410, 451].contains(answer.status) { return .success(answer) }
      switch Verdict(answer, from: resource) {
      case .content, .notModified: return .success(answer)
      case .limited(_, let seconds):
        let until = answer.received.secondsSince1970 + min(seconds ?? 60, 7_200)
        let pause = Timestamp(secondsSince1970: until)
        if resource == .core { state.withLock { $0.pause = pause } }
        return .failure(.limited(until: pause))
      case .passing(let reason): last = .offline(reason)
      case .tooMuch(let reason): return .failure(.refused(reason))
      case .refused(_, let what, _):
        return .failure(answer.status == 401 ? .tokenRefused : .refused(token?.removed(from: what) ?? what))
      }
    }
    return .failure(last)
  }

  private func note(_ answer: Answer, limit: Int?, _ resource: Resource) {
    guard resource == .core, let remaining = answer.remaining, let seconds = answer.secondsToReset else { return }
    let reset = Timestamp(secondsSince1970: answer.received.secondsSince1970 + seconds)
    state.withLock { state in
      state.allowance.limit = limit
      state.allowance.remaining = remaining
      state.allowance.reset = reset
    }
  }

  /// One question to GraphQL about all that were found. Where it fails, what is known is enough for a prediction.
  private func addDetails(_ findings: inout [Finding], _ names: [RepositoryName]) {
    var asked: [(place: Int, id: Int64, node: String)] = []
    for (place, finding) in findings.enumerated() {
      guard case .found(let record, since: nil) = finding, let id = record.id, let node = record.nodeID,
        state.withLock({ $0.cache.entry(names[place])?.hasDetails }) != true
      else { continue }
      asked.append((place, id, node))
    }
    guard !asked.isEmpty else { return }
    let headers = Self.headers + [HTTPHeader("Content-Type", "application/json")]
    let request = HTTPRequest(
      "POST", graphQLAddress(of: settings.api), headers: headers, body: DetailsQuery.body(nodes: asked.map(\.node)))
    guard case .success(let answer) = send(request, resource: .graphQL),
      let page = try? DetailsPage(answer.body, answering: asked.map(\.id), named: asked.map(\.node))
    else { return }
    for (question, node) in zip(asked, page.nodes) {
      guard let node, case .found(var record, let since) = findings[question.place] else { continue }
      node.details.tell(&record.repository)
      findings[question.place] = .found(record, since: since)
      let told = record
      state.withLock { state in
        guard var entry = state.cache.entry(names[question.place]) else { return }
        (entry.record, entry.hasDetails) = (told, true)
        state.cache.keep(entry, of: names[question.place])
      }
    }
  }
}

extension LookupFailure {
  /// Whether the last answer is still worth something.
  fileprivate var passes: Bool {
    switch self {
    case .limited, .offline, .unreachable, .tokenRefused, .refused, .busy: true
    case .unknown, .blocked: false
    }
  }
}

extension LookupFailure: Error {}
