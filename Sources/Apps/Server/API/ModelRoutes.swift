internal import Learners
internal import NIOCore
internal import NIOHTTP1

/// `GET /api/model`, `/healthz`: what is served, and that it is.
struct ModelRoutes {
  let context: ServerContext

  var routes: [Route] {
    [
      Route(.GET, "/healthz", .quick { [self] _ throws(Problem) in health }),
      Route(
        .GET, "/api/model",
        .quick { [self] request throws(Problem) in
          .json(ModelDescription(try context.model(for: request)))
        }),
      Route(
        .GET, "/api/features",
        .quick { [self] request throws(Problem) in
          .json(["features": FeatureDescription.all(of: try context.model(for: request).model)]
          )
        }),
      Route(.GET, "/api/leaderboard", .slow { [self] request throws(Problem) in try leaderboard(request) }),
      Route(
        .GET, "/metrics",
        .quick { [self] _ throws(Problem) in
          var answer = WebAnswer.text(context.metrics?.text(context.shelf.models.map(\.metricsLabel)) ?? "")
          answer.contentType = "text/plain; version=0.0.4; charset=utf-8"
          return answer
        }),
    ]
  }

  /// The leaderboard that `fit` wrote beside the model.
  private func leaderboard(_ request: WebRequest) throws(Problem) -> WebAnswer {
    let model = try context.model(for: request)
    guard let stored = StoredLeaderboard(reading: ModelFolder(of: model.path).leaderboard) else {
      throw .noLeaderboard
    }
    guard let bytes = stored.json else {
      throw .brokenLeaderboard
    }
    return .json(ByteBuffer(bytes: bytes))
  }

  /// Alive, and whether there is a model: a server without one still has a page that says how to make it.
  private var health: WebAnswer {
    struct Health: Encodable {
      let status: String
      let models: [String: String]
    }
    let models = context.shelf.models
    let versions = Dictionary(uniqueKeysWithValues: models.map { ($0.name, $0.version) })
    return .json(Health(status: models.isEmpty ? "no model" : "ok", models: versions))
  }
}
