internal import Extraction
internal import Learners
internal import NIOCore
internal import NIOHTTP1
internal import Repositories

/// `POST /api/rank`: repositories, or instances, in the order of their predicted stars.
struct RankRoutes {
  let context: ServerContext

  /// Of one request: each may take a second of GitHub's.
  static let mostRepositories = 20

  var routes: [Route] {
    [Route(.POST, "/api/rank", .slow { [self] request throws(Problem) in try answer(request) })]
  }

  private func answer(_ request: WebRequest) throws(Problem) -> WebAnswer {
    try requireJSON(request)
    let model = try context.model(for: request)
    let bytes = request.body.readableBytesUInt8Span
    guard let names = try RankRequest(reading: bytes).repositories else {
      return .json(try ranking(of: model.reader.read(bytes, limit: context.limits.instances), model))
    }
    guard let ranker = Ranker(model) else {
      throw Problem(422, "not-rankable", "the model \(model.name) does not predict the stars of repositories")
    }
    guard let lookup = context.lookup else {
      throw Problem(503, "no-github", "this server does not ask GitHub: give instances")
    }
    return .json(try ranking(of: names, ranker, lookup, model))
  }

  private func ranking(
    of names: [RepositoryName], _ ranker: Ranker, _ lookup: RepositoryLookup, _ model: ServedModel
  ) throws(Problem) -> RankAnswer {
    var failures: [RankAnswer.Failure] = []
    var found: [(record: RepositoryRecord, since: Timestamp?)] = []
    for (name, finding) in zip(names, lookup.find(names, detailed: ranker.needsDetails)) {
      switch finding {
      case .found(let record, let since): found.append((record, since))
      case .failed(let failure): failures.append(.init(name.description, failure))
      }
    }
    let (stars, quantiles, missing) = try ranker.predict(found.map(\.record), now: lookup.now)
    context.metrics?.add(.predictions, stars.count)
    let entries = descending(stars).enumerated().map { place, row in
      RankAnswer.Entry(
        rank: place + 1, repository: found[row].record.fullName, predictedStars: finite(stars[row]),
        quantiles: quantiles?.named(row: row), stars: found[row].record.stars,
        knownSince: found[row].since?.description)
    }
    return RankAnswer(
      ranking: entries, failures: failures, missingFeatures: missing, github: .init(lookup.allowance),
      model: .init(model))
  }

  private func ranking(of instances: Instances, _ model: ServedModel) throws(Problem) -> RankAnswer {
    let (predictions, quantiles) = try model.predict(instances)
    context.metrics?.add(.predictions, predictions.count)
    let entries = descending(predictions).enumerated().map { place, row in
      RankAnswer.Entry(
        rank: place + 1, instance: row, predictedStars: finite(predictions[row]), quantiles: quantiles?.named(row: row))
    }
    let missing = zip(model.features, instances.missingCounts).filter { $1 > 0 }.map(\.0.name)
    return RankAnswer(ranking: entries, failures: [], missingFeatures: missing, github: nil, model: .init(model))
  }
}

private func finite(_ number: Double) -> Double? { number.isFinite ? number : nil }

/// Places of numbers, the largest first, the first of equals first.
func descending(_ numbers: [Double]) -> [Int] { numbers.indices.sorted { (-numbers[$0], $0) < (-numbers[$1], $1) } }

/// `{"repositories": ["owner/name", …]}`; with `instances` in its place, `repositories` is nil and nothing else is read.
private struct RankRequest {
  var repositories: [RepositoryName]?

  init(reading bytes: Span<UInt8>) throws(Problem) {
    try checkEncoding(bytes)
    var cursor = JSONCursor(bytes)
    var texts: [String]?
    var hasInstances = false
    do throws(JSONFlaw) {
      cursor.skipSpace(bytes)
      guard cursor.position < cursor.end else { throw cursor.unexpected(bytes, wanted: "an object") }
      try cursor.object(bytes) { key, cursor throws(JSONFlaw) in
        switch key {
        case "repositories":
          var list: [String] = []
          try cursor.array(bytes) { cursor throws(JSONFlaw) in
            list.append(try cursor.requireText(bytes, "owner/name"))
          }
          texts = list
        case "instances":
          hasInstances = true
          try cursor.skipValue(bytes)
        default:
          throw JSONFlaw(kind: .value, what: "“\(key.prefix(100))” is neither repositories nor instances", offset: 0)
        }
      }
      try cursor.expectEnd(bytes)
    } catch {
      throw error.problem(at: "repositories")
    }
    if hasInstances && texts == nil { return }
    repositories = try Self.names(texts, hasInstances: hasInstances)
  }

  private static func names(_ texts: [String]?, hasInstances: Bool) throws(Problem) -> [RepositoryName] {
    guard let texts, !hasInstances else {
      throw Problem(422, "invalid-value", at: "repositories", "give repositories or instances, one of them")
    }
    guard !texts.isEmpty else { throw Problem(422, "invalid-value", at: "repositories", "there is none") }
    guard texts.count <= RankRoutes.mostRepositories else {
      throw Problem(422, "invalid-value", at: "repositories", "at most \(RankRoutes.mostRepositories) at a time")
    }
    var names: [RepositoryName] = []
    for (index, text) in texts.enumerated() {
      guard let name = RepositoryName(text) else {
        throw Problem(422, "invalid-value", at: "repositories[\(index)]", "is not owner/name")
      }
      if !names.contains(where: { $0.key == name.key }) { names.append(name) }
    }
    return names
  }
}
