internal import Linalg
internal import Repositories

/// Decides what each request is answered with, and keeps the books. One request at a time.
struct RequestDesk {
  /// A request that is being answered.
  struct Ticket: Sendable {
    let resource: Resource
    let isWatched: Bool
  }

  private let options: ServerOptions
  private let clock: FastClock
  private let population: Population
  private let json = RepositoryJSON()
  private var search: Search
  private var limits: RateLimits
  private var judge: Judge
  private var faults: FaultDrawing
  private var books = ServerReport()

  init(_ options: ServerOptions, clock: FastClock) {
    self.options = options
    self.clock = clock
    population = Population(options.population)
    search = Search(population, json)
    limits = RateLimits(options.limits)
    judge = Judge(options.limits, clock: clock)
    faults = FaultDrawing(options.faults)
  }

  var report: ServerReport {
    var report = books
    report.violations = judge.violations
    return report
  }

  mutating func arrived(_ request: WebRequest) -> (WebAnswer, Ticket) {
    guard !request.path.hasPrefix("/_test/") else {
      return (testAnswer(request), Ticket(resource: .core, isWatched: false))
    }
    let now = clock.now
    // What tells of limits is free of them.
    let isWatched = request.path != "/rate_limit"
    if isWatched { judge.arrived(request, at: now) }
    limits.refresh(at: now)
    let token = request.header("authorization")
    var drawn: FaultDrawing.Drawn?
    var answer: WebAnswer
    if let refusal = refusal(request, token: token) {
      answer = refusal
    } else {
      drawn = faults.draw(for: request)
      answer = self.answer(request, &drawn, authorized: token != nil)
    }
    if let etag = answer.etag, answer.status == 200 {
      answer.headers.append(("ETag", etag))
      if matches(request.header("if-none-match"), etag) { (answer.status, answer.body) = (304, []) }
    }
    charge(request, &answer, drawn?.fault, authorized: token != nil)
    record(request, answer, drawn?.fault, at: now, authorized: token != nil)
    finishHead(&answer, request.resource, authorized: token != nil)
    return (answer, Ticket(resource: request.resource, isWatched: isWatched))
  }

  /// The answer has been sent, or the client has gone.
  mutating func left(_ ticket: Ticket) { if ticket.isWatched { judge.left(ticket.resource) } }

  private func refusal(_ request: WebRequest, token: String?) -> WebAnswer? {
    guard request.header("user-agent") != nil else {
      return WebAnswer(
        status: 403,
        message: "Request forbidden by administrative rules. Please make sure your request has a User-Agent header")
    }
    if let token {
      let words = token.split(separator: " ")
      guard words.count == 2, ["bearer", "token"].contains(words[0].lowercased()),
        options.token == nil || options.token == String(words[1])
      else { return WebAnswer(status: 401, message: "Bad credentials") }
    } else if request.resource == .graphql {
      return WebAnswer(status: 401, message: "This endpoint requires you to be authenticated.")
    }
    return nil
  }

  private mutating func answer(
    _ request: WebRequest, _ drawn: inout FaultDrawing.Drawn?, authorized: Bool
  ) -> WebAnswer {
    if let drawn, drawn.isInstead { return drawn.answer(request, faults.plan) }
    if request.path != "/rate_limit" && limits.isExhausted(request.resource, authorized: authorized) {
      return RateLimits.exceeded(request.resource, status: 403)
    }
    var answer = rightAnswer(request, drawn, authorized: authorized)
    drawn?.spoil(&answer, faults.plan)
    return answer
  }

  private mutating func rightAnswer(
    _ request: WebRequest, _ drawn: FaultDrawing.Drawn?, authorized: Bool
  ) -> WebAnswer {
    let isIncomplete = drawn?.fault == .incompleteResults
    let parts = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
    switch (parts.first, parts.count) {
    case ("search", 2) where parts[1] == "repositories": return search.answer(request, isIncomplete: isIncomplete)
    case ("repos", 3): return repository(population.position(of: parts[1] + "/" + parts[2]), request, isByID: false)
    case ("repositories", 2):
      return repository(Int(parts[1]).flatMap(population.position(ofID:)), request, isByID: true)
    case ("users", 2): return user(parts[1])
    case ("rate_limit", 1): return WebAnswer(status: 200, json: limits.overview(authorized: authorized).bytes)
    case ("graphql", 1):
      let reset = Timestamp(secondsSince1970: limits.reset(.graphql)).description
      let outcome = GraphQLEndpoint(population: population, spoiler: drawn?.spoiler(request)).outcome(
        request, search: search, remaining: limits.remaining(.graphql, authorized: authorized), reset: reset)
      limits.use(.graphql, points: outcome.cost)
      return outcome.answer
    default: return .notFound
    }
  }

  private func repository(_ position: Int?, _ request: WebRequest, isByID: Bool) -> WebAnswer {
    guard let repository = position.map({ population.repositories[$0] }) else { return .notFound }
    switch repository.fate {
    case .missing: return .notFound
    case .blocked: return WebAnswer(status: 451, message: "Repository access blocked")
    case .renamed where !isByID:
      let target = "\(request.base)/repositories/\(repository.id)"
      var answer = WebAnswer(
        status: 301,
        json: JSONValue.object([("message", .string("Moved Permanently")), ("url", .string(target))]).bytes)
      answer.headers = [("Location", target)]
      return answer
    case .renamed, .plain:
      var writer = JSONWriter()
      json.write(repository.renamed, isSearchResult: false, to: &writer)
      var hash = StableHash(repository.renamed.fullName)
      hash.add(repository.version)
      return WebAnswer(status: 200, json: writer.bytes, etag: hash.etag)
    }
  }

  private func user(_ login: String) -> WebAnswer {
    guard let repository = population.repositories.first(where: { $0.owner == login }) else { return .notFound }
    return WebAnswer(
      status: 200,
      json: JSONValue.object([
        ("login", .string(login)), ("id", .number(repository.id / 14)),
        ("type", .string(repository.isOrganization ? "Organization" : "User")), ("site_admin", .bool(false)),
        ("public_repos", .number(2)), ("followers", .number(repository.watchers)),
      ]).bytes, etag: StableHash(login).etag)
  }

  /// Takes the request from its limit and notes what the client has been told about waiting.
  private mutating func charge(_ request: WebRequest, _ answer: inout WebAnswer, _ fault: Fault?, authorized: Bool) {
    let (now, wait) = (clock.now, Double(faults.plan.wait))
    let resource = request.resource
    switch fault {
    case .secondary403?, .secondary429?: judge.told(toLeave: nil, until: now + wait)
    case .secondarySilent?: judge.told(toLeave: nil, until: now + options.limits.silentWait)
    case .primary403?, .primary429?:
      limits.exhaust(resource, authorized: authorized, until: now + wait)
      judge.told(toLeave: resource, until: limits.reset(resource))
    default:
      if request.path == "/rate_limit" { return }
      if limits.isExhausted(resource, authorized: authorized) && answer.status != 200 && answer.status != 304 {
        judge.told(toLeave: resource, until: limits.reset(resource))
      } else if resource != .graphql && !(authorized && answer.status == 304) {
        limits.use(resource, points: 1)
      }
    }
  }

  private func finishHead(_ answer: inout WebAnswer, _ resource: Resource, authorized: Bool) {
    answer.headers += limits.headers(resource, authorized: authorized)
    if !answer.headers.contains(where: { $0.name == "Content-Type" }) {
      answer.headers.append(("Content-Type", "application/json; charset=utf-8"))
    }
    answer.headers += [("Server", "github.com"), ("Date", clock.httpDate), ("Cache-Control", "private, max-age=60")]
  }

  private func matches(_ tags: String?, _ etag: String) -> Bool {
    func strong(_ tag: some StringProtocol) -> String { tag.split(separator: "W/").joined().filter { $0 != " " } }
    return tags?.split(separator: ",").contains { $0.contains("*") || strong($0) == strong(etag) } ?? false
  }

  private mutating func record(
    _ request: WebRequest, _ answer: WebAnswer, _ fault: Fault?, at now: Double, authorized: Bool
  ) {
    books.requests += 1
    if request.resource == .search { books.searches += 1 }
    if request.resource == .graphql { books.queries += 1 }
    if answer.status == 304 { books.notModified += 1 }
    if let fault { books.faults[fault.rawValue, default: 0] += 1 }
    guard books.records.count < 100_000 else { return }
    books.records.append(
      ServerReport.Record(
        time: now, method: request.method, target: request.target, status: answer.status, fault: fault,
        isAuthorized: authorized))
  }

  private func testAnswer(_ request: WebRequest) -> WebAnswer {
    switch request.path {
    case "/_test/report": WebAnswer(status: 200, json: report.json)
    default: .notFound
    }
  }
}
