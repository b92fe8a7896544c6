extension ServerContext {
  /// All that the server answers.
  package var routes: [Route] {
    PredictRoutes(context: self).routes + ModelRoutes(context: self).routes + InferenceRoutes(context: self).routes
      + RepositoryRoutes(context: self).routes + OpenAPI(context: self).routes + RankRoutes(context: self).routes
      + PageRoutes(context: self).routes
  }
}
