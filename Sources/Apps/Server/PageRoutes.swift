extension ServerContext {
  /// The page and what belongs to it.
  var pageRoutes: [Route] { [] }
}
