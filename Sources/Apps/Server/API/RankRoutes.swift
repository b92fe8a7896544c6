internal import Extraction
internal import Learners
internal import NIOCore
internal import NIOHTTP1
internal import Repositories

/// `POST /api/rank`: repositories, or instances, in the order of their predicted stars.
struct RankRoutes {
  let context: ServerContext

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
    let findings = try RankedFindings(names, ranker, lookup)
    context.metrics?.add(.predictions, findings.entries.count)
    let entries = findings.entries.enumerated().map { place, entry in
      RankAnswer.Entry(
        rank: place + 1, repository: entry.record.fullName, predictedStars: finite(entry.predicted),
        quantiles: findings.predictions.quantiles?.named(row: entry.row), stars: entry.record.stars,
        knownSince: entry.since?.description)
    }
    return RankAnswer(
      ranking: entries, failures: findings.failures.map { .init($0.name.description, $0.why) },
      missingFeatures: findings.missingFeatures, warnings: findings.warnings.isEmpty ? nil : findings.warnings,
      github: .init(lookup.allowance), model: .init(model))
  }

  private func ranking(of instances: Instances, _ model: ServedModel) throws(Problem) -> RankAnswer {
    let predictions = try model.predict(instances)
    context.metrics?.add(.predictions, predictions.values.count)
    let stars = [RepositoryFeature.target, RepositoryFeature.exportedTarget]
    let areStars = Ranker(model) != nil || stars.contains(model.model.target)
    let entries = descending(predictions.values).enumerated().map { place, row in
      let predicted = finite(predictions.values[row])
      return RankAnswer.Entry(
        rank: place + 1, instance: row, predictedStars: areStars ? predicted : nil,
        predicted: areStars ? nil : predicted, quantiles: predictions.quantiles?.named(row: row))
    }
    let warnings = model.warnings(of: instances)
    return RankAnswer(
      ranking: entries, failures: [],
      missingFeatures: warnings.filter { $0.code == .missingFeature }.map(\.feature),
      warnings: warnings.isEmpty ? nil : warnings, github: nil, model: .init(model))
  }
}

private func finite(_ number: Double) -> Double? { number.isFinite ? number : nil }
