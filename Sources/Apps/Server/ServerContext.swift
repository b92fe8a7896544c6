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
  let cards = ModelCards()

  package init(shelf: Shelf, limits: Limits = Limits()) {
    self.shelf = shelf
    self.limits = limits
  }

  var lookup: RepositoryLookup? { ranking.lookup }

  /// All that the server answers.
  package var routes: [Route] {
    PredictRoutes(context: self).routes + ModelRoutes(context: self).routes + InferenceRoutes(context: self).routes
      + RepositoryRoutes(context: self).routes + OpenAPI(context: self).routes + RankRoutes(context: self).routes
      + PageRoutes(context: self).routes
  }
}
