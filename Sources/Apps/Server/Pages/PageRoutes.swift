internal import NIOCore
internal import NIOHTTP1
internal import Page
internal import Repositories

/// The page for people: `/`, what its forms ask for, and its style, script and icon.
struct PageRoutes {
  let context: ServerContext
  private let cards = ModelCards()

  init(context: ServerContext) { self.context = context }

  var routes: [Route] {
    [
      page(.GET, "/") { routes, request, content throws(Problem) in },
      page(.GET, "/rank") { routes, request, content throws(Problem) in try routes.rank(request, &content) },
      page(.GET, "/predict") { routes, request, content throws(Problem) in
        try routes.predict(request.parameters, &content)
      },
      page(.POST, "/predict") { routes, request, content throws(Problem) in
        try routes.predictForm(request, &content)
      },
      page(.POST, "/table") { routes, request, content throws(Problem) in try routes.table(request, &content) },
      asset("/page.css", "text/css; charset=utf-8", Page.style),
      asset("/page.js", "text/javascript; charset=utf-8", Page.script),
      asset("/icon.svg", "image/svg+xml", Page.icon),
    ]
  }

  private typealias Filling = @Sendable (PageRoutes, WebRequest, inout PageContent) throws(Problem) -> Void

  private func page(_ method: HTTPMethod, _ path: String, _ fill: @escaping Filling) -> Route {
    Route(
      method, path,
      .slow { [self] request throws(Problem) in
        var content = try content(for: request)
        if content.card != nil { try fill(self, request, &content) }
        var answer = WebAnswer.html(Page.document(content), status: content.card == nil ? 503 : 200)
        answer.headers.append(("cache-control", "no-store"))
        return answer
      })
  }

  /// Its address changes with its content, so that a browser never asks twice.
  private func asset(_ path: String, _ type: String, _ text: String) -> Route {
    let body = ByteBuffer(string: text)
    return Route(
      .GET, path,
      .quick { _ throws(Problem) in
        WebAnswer(
          contentType: type, body: body, rules: .page,
          headers: [("cache-control", "public, max-age=31536000, immutable")])
      })
  }

  /// What every page shows.
  private func content(for request: WebRequest) throws(Problem) -> PageContent {
    let name = request.parameter("model").flatMap { $0.isEmpty ? nil : $0 }
    let source = name == nil ? context.shelf.sources.first : context.shelf.sources.first { $0.name == name }
    if name != nil && source == nil { throw .unknownModel(name ?? "") }
    guard let served = source.flatMap({ context.shelf.model(named: $0.name) }) else {
      var content = PageContent(
        card: nil, modelPath: source?.path ?? "models/best.safetensors", version: context.programVersion)
      content.modelFault = source.flatMap { context.shelf.refusal(of: $0.name)?.reason }
      return content
    }
    let card = cards.card(for: served, allNames: context.shelf.models.map(\.name))
    var content = PageContent(card: card, version: context.programVersion)
    if let lookup = context.lookup { content.github = GitHubAccess(lookup.allowance) }
    return content
  }

  // MARK: Repositories

  private func rank(_ request: WebRequest, _ content: inout PageContent) throws(Problem) {
    content.part = .rank
    let text = String((request.parameter("repositories") ?? "").prefix(1_000))
    guard let lookup = context.lookup, let served = try served(request), let ranker = Ranker(served) else { return }
    var ranking = Ranking(asked: text.replacing("\r\n", with: "\n"))
    // What a link on another site asks for is typed in, but only the visitor may spend the limit on it.
    guard request.headers.first(name: "sec-fetch-site") != "cross-site" else {
      content.ranking = ranking
      return
    }
    let names = names(in: text, &ranking)
    let findings = try RankedFindings(names, ranker, lookup)
    ranking.failures += findings.failures.map { RankFailure($0.name.description, .init($0.why)) }
    context.metrics?.add(.predictions, findings.entries.count)
    ranking.repositories = findings.entries.map { found in
      var entry = RankedRepository(
        name: found.record.fullName ?? "", predicted: found.predicted, stars: found.record.stars)
      entry.missing = findings.missingFeatures
      entry.interval = findings.predictions.interval(row: found.row)
      entry.rememberedSince = found.since?.description
      return entry
    }
    content.ranking = ranking
    content.github = GitHubAccess(lookup.allowance)
  }

  /// The repositories that are named in a text, each once; what is no name, or one too many, becomes a failure.
  private func names(in text: String, _ ranking: inout Ranking) -> [RepositoryName] {
    var names: [RepositoryName] = []
    for line in text.split(whereSeparator: { $0.isNewline || $0 == "," || $0 == ";" }) {
      let word = line.trimmed
      guard !word.isEmpty else { continue }
      guard let name = RepositoryName(pasted: word) else {
        ranking.failures.append(RankFailure(String(word), .notAName))
        continue
      }
      guard !names.contains(where: { $0.key == name.key }) else { continue }
      if names.count < 5 { names.append(name) } else { ranking.failures.append(RankFailure(String(word), .tooMany)) }
    }
    return names
  }

  // MARK: By hand, and tables

  private func predict(
    _ parameters: [(name: String, value: String)], _ content: inout PageContent
  ) throws(Problem) {
    content.part = .hand
    let name = parameters.first { $0.name == "model" && !$0.value.isEmpty }?.value
    content.hand = try HandForm(parameters).prediction(by: try context.shelf.model(for: name))
    context.metrics?.add(.predictions, content.hand?.predicted == nil ? 0 : 1)
  }

  /// More features than an address has room for.
  private func predictForm(_ request: WebRequest, _ content: inout PageContent) throws(Problem) {
    guard request.headers.first(name: "sec-fetch-site") != "cross-site" else { return }
    guard request.contentType?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true,
      let text = String(validating: request.body.readableBytesView, as: UTF8.self)
    else { throw Problem(415, "media-type", "the body must be application/x-www-form-urlencoded") }
    let parameters = WebRequest.parameters(of: text)
    let name = parameters.first { $0.name == "model" && !$0.value.isEmpty }?.value
    content.card = cards.card(
      for: try context.shelf.model(for: name), allNames: context.shelf.models.map(\.name))
    try predict(parameters, &content)
  }

  private func table(_ request: WebRequest, _ content: inout PageContent) throws(Problem) {
    content.part = .table
    // Another site must not make a browser send what its user did not choose to.
    guard request.headers.first(name: "sec-fetch-site") != "cross-site" else { return }
    let form = try MultipartForm(request)
    guard let file = form.parts.first(where: { $0.name == "file" }) else {
      throw Problem(422, "invalid-value", at: "file", "there is none")
    }
    let served = try context.shelf.model(for: form.text("model") ?? request.parameter("model"))
    content.card = cards.card(for: served, allNames: context.shelf.models.map(\.name))
    content.table = UploadedTable(name: file.fileName ?? "table", content: file.content).prediction(
      by: served, limit: context.limits.instances)
    context.metrics?.add(.predictions, content.table?.predicted.count ?? 0)
  }

  private func served(_ request: WebRequest) throws(Problem) -> ServedModel? {
    try context.shelf.model(for: request.parameter("model").flatMap { $0.isEmpty ? nil : $0 })
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    let start = drop { $0.isWhitespace }
    return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? ""
  }
}

extension GitHubAccess {
  init(_ allowance: GitHubAllowance) {
    self.init()
    hasToken = allowance.hasToken
    remaining = allowance.remaining
    limit = allowance.limit
    reset = allowance.reset?.description
  }
}

extension RankFailure.Reason {
  init(_ failure: LookupFailure) {
    switch failure {
    case .unknown: self = .unknown
    case .blocked: self = .blocked
    case .limited(let until): self = .limited(until: until?.description)
    case .offline, .unreachable: self = .offline
    case .tokenRefused: self = .tokenRefused
    case .refused(let says): self = .refused(says)
    case .busy: self = .busy
    }
  }
}
