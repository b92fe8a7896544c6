/// What the routes share.
package struct ServerContext: Sendable {
  package let shelf: Shelf
  package var limits = Limits()
  /// Nil in tests of routes alone.
  package var metrics: Metrics?
  /// Loads and unloads models; nil in tests of routes alone.
  package var steward: Steward?
  /// What asks for models to be loaded or unloaded has to know it; nil: nobody may.
  package var adminToken: AdminToken?
  package var programVersion = "0"
  package var ranking = RankSettings()

  package init(shelf: Shelf, limits: Limits = Limits()) {
    self.shelf = shelf
    self.limits = limits
  }

  /// The model that a request of the API names in its query; the first where it names none.
  /// - Throws: `Problem` 400 for anything else in the query: a name that is not known is a wish that would be ignored.
  func model(for request: WebRequest) throws(Problem) -> ServedModel {
    guard !request.query.isEmpty else { return try shelf.model(for: nil) }
    var name: String?
    for parameter in request.parameters {
      let shown = String(parameter.name.prefix(100))
      guard parameter.name == "model" else {
        throw Problem(400, "unknown-parameter", at: shown, "is no parameter of the query: only “model” is")
      }
      guard name == nil else { throw Problem(400, "unknown-parameter", at: shown, "is given twice in the query") }
      name = parameter.value
    }
    return try shelf.model(for: name)
  }

  var lookup: RepositoryLookup? { ranking.lookup }
}
