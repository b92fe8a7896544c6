internal import NIOCore
internal import NIOHTTP1

/// Triton's extension “model repository”: which models there are, and loading and unloading them while others are served.
struct RepositoryRoutes {
  let context: ServerContext

  var routes: [Route] {
    [
      Route(.POST, "/v2/repository/index", errors: .inference, .quick { [self] _ throws(Problem) in index }),
      Route(
        .POST, "/v2/repository/models/{model}/load", errors: .inference,
        .slow { [self] request throws(Problem) in try load(request) }),
      Route(
        .POST, "/v2/repository/models/{model}/unload", errors: .inference,
        .slow { [self] request throws(Problem) in try unload(request) }),
    ]
  }

  private var index: WebAnswer {
    struct Entry: Encodable {
      let name: String
      let version: String?
      let state: String
      let reason: String
    }
    return .json(
      context.shelf.sources.map { source in
        let model = context.shelf.model(named: source.name)
        return Entry(
          name: source.name, version: model?.version, state: model == nil ? "UNAVAILABLE" : "READY",
          reason: context.shelf.refusal(of: source.name)?.reason ?? "")
      })
  }

  private func name(in request: WebRequest) throws(Problem) -> String {
    try AdminToken.check(request, against: context.adminToken)
    guard let parts = WebRequest.segments(of: request.path), parts.count > 3,
      context.shelf.sources.contains(where: { $0.name == parts[3] })
    else { throw .unknownModel(WebRequest.segments(of: request.path)?.dropFirst(3).first ?? "") }
    return parts[3]
  }

  private func load(_ request: WebRequest) throws(Problem) -> WebAnswer {
    let name = try name(in: request)
    do throws(ModelRefusal) { try context.steward?.load(name) } catch {
      throw Problem(400, "refused", "failed to load \(name): \(error.reason)")
    }
    return .json(["name": name, "version": context.shelf.model(named: name)?.version ?? ""])
  }

  private func unload(_ request: WebRequest) throws(Problem) -> WebAnswer {
    let name = try name(in: request)
    context.steward?.unload(name)
    return .json(["name": name])
  }
}
